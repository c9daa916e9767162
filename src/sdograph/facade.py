"""The graph for people who write Python: ``from sdograph import Graph``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, QueryBoolean, QuerySolutions, RdfFormat, serialize

from sdograph import followup, manifest, network, pipeline
from sdograph.errors import UsageError
from sdograph.namespaces import PREFIXES, XSD
from sdograph.paths import DEFAULT_DATA_DIR
from sdograph.queries import NAMED
from sdograph.queries.lexer import inspect
from sdograph.reports import DocumentReport
from sdograph.store import EmbeddedStore, Store, open_store
from sdograph.triples import Term

if TYPE_CHECKING:
    import pandas as pd

    from sdograph.network.multigraph import Network
    from sdograph.overlap import Overlap


class Answer:
    """What a query gave: rows for SELECT, ``bool(answer)`` for ASK, :meth:`turtle` for a graph."""

    def __init__(self, columns: list[str], rows: list[tuple[Any, ...]], *, truth: bool, turtle: str) -> None:
        self.columns = columns
        self.rows = rows
        self._truth = truth
        self._turtle = turtle

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        return self._truth

    def turtle(self) -> str:
        """The graph of a CONSTRUCT or DESCRIBE as Turtle; empty for other forms of query."""
        return self._turtle

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a DataFrame, one column a variable. Needs pandas: ``pip install sdograph[pandas]``."""
        try:
            import pandas as pd
        except ImportError as error:
            raise UsageError("pandas is not installed", hint="pip install 'sdograph[pandas]'") from error
        return pd.DataFrame(self.rows, columns=self.columns)


class Graph:
    """A data directory or a SPARQL server, opened. Every answer is of the newest generation at that time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def open(cls, location: Path | str = DEFAULT_DATA_DIR, *, build: bool = True) -> Graph:
        """Opens a data directory, the user's own by default, or the store on a server (``sparql+http://…``).

        Where it holds no dataset, the bundled one is built first; with ``build=False`` StoreMissing is
        raised instead.
        """
        store = open_store(location)
        if build and not store.current_number():
            pipeline.build(store, manifest.entries(), manifest.schemes())
        store.current()
        return cls(store)

    @property
    def _data_dir(self) -> Path:
        """Where things lie that are kept beside the graph."""
        return self._store.data_dir if isinstance(self._store, EmbeddedStore) else DEFAULT_DATA_DIR

    @property
    def version(self) -> str:
        """Differs for any two generations ever published."""
        return self._store.current().version

    def ingest(
        self, *paths: Path | str, format: str | None = None, dry_run: bool = False, contacts: bool = False
    ) -> list[DocumentReport]:
        """Takes documents in, each whole or not at all; the reports say what became of each, in order."""
        options = pipeline.Options(format=format, dry_run=dry_run, contacts=contacts, whole=True)
        return pipeline.ingest(self._store, [Path(p) for p in paths], options)

    def query(self, sparql: str) -> Answer:
        """Evaluates SPARQL 1.1. Raises InvalidQuery when it cannot be parsed or reaches out of the graph.

        Values: IRIs, plain literals and dates as str, integers as int, decimals and doubles as float,
        booleans as bool, unbound as None.
        """
        result = self._store.current().query(inspect(sparql).text)
        if isinstance(result, QuerySolutions):
            columns = [v.value for v in result.variables]
            rows = [tuple(_value(term) for term in solution) for solution in result]
            return Answer(columns, rows, truth=bool(rows), turtle="")
        if isinstance(result, QueryBoolean):
            return Answer([], [], truth=bool(result), turtle="")
        turtle = serialize(result, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b""
        return Answer([], [], truth=bool(turtle.strip()), turtle=turtle.decode())

    def ask(self, name: str, **params: str) -> Answer:
        """Evaluates a named query. Raises UsageError when there is none of that name."""
        if name not in NAMED:
            raise UsageError(f"no query is called {name!r}", hint=f"there are: {', '.join(NAMED)}")
        return self.query(NAMED[name].bind(params))

    def network(self, view: str = "liaisons", **filters: str) -> Network:
        """A view of the graph as a ``networkx.MultiDiGraph``, weighted and dated.

        It has ``to_igraph()`` and ``to_pandas_edgelist()`` too. Views, their filters, and what nodes and
        edges carry: :mod:`sdograph.network`. Raises UsageError for a view or filter that is not there. The
        view ``overlaps`` takes minutes the first time of all, when everything is compared.
        """
        snapshot = self._store.current()

        def compared() -> tuple[network.Pairs, str]:
            from sdograph.overlap.table import Table

            return Table.of(snapshot, self._data_dir), snapshot.version

        return network.build(snapshot, view, filters, compared)

    def overlaps(
        self, item: str, *, limit: int = 10, min_score: float = 0.0, within: bool = False
    ) -> list[Overlap]:
        """The work items and specifications of other bodies that overlap most with one, and why.

        ``item`` is its code, id or IRI; ``within`` takes in those of its own body. Pairs that somebody has
        rejected are left out. Scores are 0 to 1, contributions log-odds. The first call of all has a model
        read every title, which takes minutes. Raises UsageError when there is no such item or several bear
        the code, NothingToCompare when nothing is known of it that could be compared.
        """
        from sdograph.overlap import Overlaps
        from sdograph.overlap.answer import ranked
        from sdograph.overlap.decision import Decisions
        from sdograph.overlap.items import find

        snapshot = self._store.current()
        compared, decisions = Overlaps.of(snapshot, self._data_dir), Decisions.of(snapshot)
        asked = find(compared.items, item).id
        found = ranked(compared, decisions, asked, limit=limit, min_score=min_score, within=within)
        return [overlap for overlap, _ in found]

    def thread(self, statement: str) -> followup.Thread:
        """What a liaison statement answers, what answers it, and so on, as a tree and in time.

        ``statement`` is its number, a number that a receiver gave it, its id or IRI. Raises UsageError when
        there is none, or several bear the number.
        """
        return followup.thread(self._store.current(), statement)

    def inbox(
        self, organisation: str, *, outgoing: bool = False, as_of: str | None = None, lineage: bool = False
    ) -> followup.Box:
        """What a group, or a body with all its groups, was sent: asked what, by when, and answered or not.

        ``outgoing``: what it sent instead; ``as_of``: the day of the question as YYYY-MM-DD, today in UTC by
        default; ``lineage``: also of the groups before and after it. Deadlines are as exact as the source
        states them, ``days_left`` are whole days. Raises UsageError for an organisation that is not there.
        """
        return followup.box(
            self._store.current(), organisation, outgoing=outgoing, as_of=as_of, lineage=lineage
        )


def _value(term: Term | None) -> Any:
    if not isinstance(term, Literal):
        return None if term is None else getattr(term, "value", str(term))
    if term.datatype == XSD.integer:
        return int(term.value)
    if term.datatype == XSD.boolean:
        return term.value == "true"
    if term.datatype.value.endswith(("#decimal", "#double", "#float")):
        return float(term.value)
    return term.value
