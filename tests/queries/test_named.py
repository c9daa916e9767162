"""Named queries: their headers, the binding of parameters, and that no value can become part of a query."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal

from sdograph.errors import UsageError
from sdograph.namespaces import XSD
from sdograph.queries import NAMED, NamedQuery, parse
from sdograph.queries.lexer import inspect, tokens
from sdograph.store.snapshot import EmbeddedSnapshot

EMPTY = EmbeddedSnapshot(ox.Store(), 1)
EXAMPLES = {"string": "3GPP-SA3", "date": "2023-09-18", "integer": "7"}
ECHO = parse(
    "echo", "# title: Echo\n# description: the value\n# param x (string): anything\nSELECT ($x AS ?v) {}"
)


def echoed(query: NamedQuery, value: str) -> object:
    [row] = EMPTY.rows(query.bind({"x": value}))
    return row["v"]


def typed(kind: str) -> NamedQuery:
    return parse(
        "t", f"# title: T\n# description: d\n# param x ({kind}, required): v\nSELECT ($x AS ?v) {{}}"
    )


@pytest.mark.parametrize("query", NAMED.values(), ids=NAMED.keys())
class TestEachQuery:
    def test_its_header_declares_the_parameters_it_uses(self, query: NamedQuery) -> None:
        names = [query.text[t.start : t.end] for t in tokens(query.text) if t.kind == "var"]
        declared = {p.name for p in query.parameters}
        assert {name[1:] for name in names if name[0] == "$"} == declared
        assert not {name[1:] for name in names if name[0] == "?"} & declared, "?x and $x are one variable"

    def test_it_says_what_it_means(self, query: NamedQuery) -> None:
        assert query.title
        assert len(query.description) > 40
        assert "\n" not in query.description
        assert all(p.description for p in query.parameters)

    def test_it_runs_with_any_of_its_optional_parameters(self, query: NamedQuery) -> None:
        required = [p for p in query.parameters if p.required]
        optional = [p for p in query.parameters if not p.required]
        for n in range(len(optional) + 1):
            for some in combinations(optional, n):
                values = {p.name: EXAMPLES[p.type] for p in [*required, *some]}
                text = query.bind(values)
                assert inspect(text).form == "select"
                assert EMPTY.rows(text) == []

    def test_people_read_ids_and_labels_before_addresses(self, query: NamedQuery) -> None:
        result = EMPTY.query(query.bind({p.name: EXAMPLES[p.type] for p in query.parameters}))
        assert isinstance(result, ox.QuerySolutions)
        columns = [v.value for v in result.variables]
        assert columns == sorted(columns, key=lambda name: name.endswith("_iri"))
        assert columns[-1].endswith("_iri")
        assert not columns[0].endswith("_iri")

    def test_its_rows_come_in_a_stated_order(self, query: NamedQuery) -> None:
        assert "\nORDER BY " in query.text


def test_the_promised_queries_are_there() -> None:
    assert set(NAMED) >= {
        "who-liaises-with-whom",
        "liaison-statements-of-group",
        "work-items-of-liaison-statement",
        "work-items-of-body-by-release",
        "successors-of-group",
    }


class TestBinding:
    def test_an_unknown_parameter_is_refused_with_the_known_ones(self) -> None:
        with pytest.raises(UsageError) as caught:
            NAMED["next-meetings"].bind({"groop": "3GPP-SA3"})
        assert "groop" in caught.value.message
        assert caught.value.hint == "it takes group, as_of"

    def test_a_required_parameter_must_be_given(self) -> None:
        with pytest.raises(UsageError, match="needs the parameter 'group'") as caught:
            NAMED["successors-of-group"].bind({"as_of": "2024-01-01"})
        assert caught.value.hint == "it takes group (required), as_of"

    def test_a_query_without_parameters_says_so(self) -> None:
        query = parse("q", "# title: Q\n# description: d\nASK {}")
        with pytest.raises(UsageError) as caught:
            query.bind({"x": "1"})
        assert caught.value.hint == "it takes none"

    def test_today_is_the_default_of_a_date(self) -> None:
        query = NAMED["next-meetings"]
        assert '"2024-02-29"^^' in query.bind({}, today=date(2024, 2, 29))
        assert '"2020-01-01"^^' in query.bind({"as_of": "2020-01-01"}, today=date(2024, 2, 29))
        assert '"2024-02-29"^^' in query.bind({"as_of": "today"}, today=date(2024, 2, 29))

    def test_an_optional_parameter_that_is_not_given_stays_a_variable(self) -> None:
        assert "$group" in NAMED["who-liaises-with-whom"].bind({"body": "ETSI"})
        assert "$body" not in NAMED["who-liaises-with-whom"].bind({"body": "ETSI"})

    @pytest.mark.parametrize(
        "value",
        [
            "2023-02-30",
            "2023-9-18",
            "18.09.2023",
            "20230918",
            "2023-W38-1",
            "２０２３-09-18",
            "",
            "2023-09-18 ",
        ],
    )
    def test_what_is_no_date_is_refused(self, value: str) -> None:
        with pytest.raises(UsageError, match="is not a date"):
            typed("date").bind({"x": value})

    @pytest.mark.parametrize("value", ["1.0", "", "one", "1e3", "٣", "9" * 30])
    def test_what_is_no_integer_is_refused(self, value: str) -> None:
        with pytest.raises(UsageError, match="is not a integer"):
            typed("integer").bind({"x": value})

    def test_values_have_their_types(self) -> None:
        assert echoed(typed("date"), "2023-09-18") == Literal("2023-09-18", datatype=XSD.date)
        assert echoed(typed("integer"), "-042") == Literal(-42)
        assert echoed(typed("string"), "2023-09-18") == Literal("2023-09-18")

    def test_half_a_character_is_refused(self) -> None:
        with pytest.raises(UsageError, match="is not a string"):
            ECHO.bind({"x": "caf\udce9"})


class TestNoValueBecomesPartOfTheQuery:
    @pytest.mark.parametrize(
        "value",
        [
            '"',
            "'",
            '"""',
            "\\",
            '\\"',
            "a\nb\r\tc",
            '" } #',
            "} SERVICE <http://example.org/> {",
            "\\u0022 . ?s ?p ?o",
            "\\\\u0022",
            "$x",
            "?v",
            "<http://example.org/>",
            "\x00\x07\x7f",
            "Größe – 标准 🛰",
        ],
    )
    def test_known_tricks(self, value: str) -> None:
        assert echoed(ECHO, value) == Literal(value)
        assert inspect(ECHO.bind({"x": value})).form == "select"

    @settings(deadline=None)
    @given(st.text(st.characters(exclude_categories=["Cs"])))
    def test_any_text(self, value: str) -> None:
        assert echoed(ECHO, value) == Literal(value)

    @settings(deadline=None)
    @given(st.text("\"'\\$?{}<>#u0n2\n ", max_size=12))
    def test_any_text_of_the_marks_of_sparql(self, value: str) -> None:
        assert echoed(ECHO, value) == Literal(value)

    @settings(deadline=None)
    @given(st.text("\"'\\$?{}<>#u0n2\n ", min_size=1, max_size=12))
    def test_no_value_makes_a_query_of_ours_find_what_it_should_not(self, value: str) -> None:
        for query in NAMED.values():
            values = {p.name: value if p.type == "string" else EXAMPLES[p.type] for p in query.parameters}
            assert ONE_OF_EACH.rows(query.bind(values)) == []

    def test_a_dollar_name_in_a_string_or_comment_is_left_alone(self) -> None:
        query = parse(
            "q", '# title: Q\n# description: d\n# param x (string): $x\nSELECT ("$x" AS ?v) {} # $x'
        )
        assert query.bind({"x": "other"}) == query.text


class TestHeader:
    def test_lines_are_continued_by_three_spaces(self) -> None:
        query = parse(
            "q", "# title: Q\n# description: one\n#   two\n# param x (string) = a: b\n#   c\n\n# no\nASK {}"
        )
        assert query.description == "one two"
        assert [(p.name, p.default, p.description) for p in query.parameters] == [("x", "a", "b c")]

    @pytest.mark.parametrize("line", ["# param x (float): y", "# param x: y", "# author: me", "# title"])
    def test_what_it_cannot_read_is_an_error(self, line: str) -> None:
        with pytest.raises(ValueError, match="cannot read"):
            parse("q", f"# title: Q\n# description: d\n{line}\nASK {{}}")


def _one_of_each() -> EmbeddedSnapshot:
    """Something for every query to find, if only it looked."""
    store = ox.Store()
    store.update(
        """
        PREFIX : <https://w3id.org/sdograph/ontology#>
        PREFIX id: <https://w3id.org/sdograph/id/>
        PREFIX dct: <http://purl.org/dc/terms/>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX org: <http://www.w3.org/ns/org#>
        PREFIX schema: <https://schema.org/>
        INSERT DATA {
          id:b a :Body ; dct:identifier "b" ; rdfs:label "b" .
          id:g a :Group ; dct:identifier "g" ; rdfs:label "g" ; org:unitOf id:b .
          id:c org:originalOrganization id:g ; org:resultingOrganization id:b .
          id:s a :LiaisonStatement ; dct:identifier "s" ; dct:title "s" ; schema:sender id:g ;
               schema:toRecipient id:b ; :forAction id:b ; :requestsAction id:a ; :mentions id:w .
          id:a :requestedOf id:b .
          id:w a :WorkItem ; dct:identifier "w" ; :standardsBody id:b .
          id:m a :Meeting ; rdfs:label "m" ; schema:organizer id:g ; schema:startDate "2099-01-01" .
          id:e a :UnresolvedReference ; :field "to" ; :writtenAs "x" ; :about id:s .
        }
        """
    )
    return EmbeddedSnapshot(store, 1)


ONE_OF_EACH = _one_of_each()
