"""The cache of answers: what it keeps, for how long, and in how much."""

from __future__ import annotations

from sdograph_api.query.cache import LARGEST_PART, OVERHEAD, AnswerCache
from sdograph_api.query.process import Query

FIRST, SECOND = Query("ASK {}", "json"), Query("ASK { ?s ?p ?o }", "json")


def test_an_answer_is_found_again_over_the_same_graph_only() -> None:
    cache = AnswerCache(1 << 20)
    assert cache.get("1", FIRST) is None
    cache.put("1", FIRST, b"yes")
    assert cache.get("1", FIRST) == b"yes"
    assert cache.get("2", FIRST) is None
    assert (len(cache), cache.bytes) == (0, 0)
    # Nor does it come back with the old version.
    assert cache.get("1", FIRST) is None
    assert (cache.hits, cache.misses) == (1, 3)


def test_form_and_dataset_are_part_of_the_question() -> None:
    cache = AnswerCache(1 << 20)
    cache.get("1", FIRST)
    cache.put("1", FIRST, b"yes")
    for other in (
        SECOND,
        Query("ASK {}", "xml"),
        Query("ASK {}", "json", ("urn:a",)),
        Query("ASK {}", "json", (), ("urn:a",)),
        Query("ASK {}", "json", graphs_must_exist=True),
    ):
        assert cache.get("1", other) is None
    assert cache.get("1", Query("ASK {}", "json")) is not None


def test_an_answer_that_comes_after_the_graph_has_moved_on_is_not_kept() -> None:
    cache = AnswerCache(1 << 20)
    cache.get("1", FIRST)
    cache.get("2", SECOND)
    cache.put("1", FIRST, b"old")
    assert len(cache) == 0
    assert cache.get("2", FIRST) is None


def test_the_bytes_stay_below_the_limit_and_the_one_not_used_longest_goes() -> None:
    limit = 100_000
    cache = AnswerCache(limit)
    queries = [Query(f"ASK {{ ?s ?p {n} }}", "json") for n in range(100)]
    cache.get("1", queries[0])
    for query in queries:
        cache.put("1", query, b"x" * 4000)
        cache.get("1", queries[0])
        assert cache.bytes <= limit
    assert len(cache) * (4000 + OVERHEAD) <= cache.bytes
    assert 10 < len(cache) < 25
    assert cache.get("1", queries[0]) is not None
    assert cache.get("1", queries[1]) is None
    assert cache.get("1", queries[-1]) is not None


def test_the_same_answer_twice_counts_once() -> None:
    cache = AnswerCache(1 << 20)
    cache.get("1", FIRST)
    cache.put("1", FIRST, b"x" * 1000)
    once = cache.bytes
    cache.put("1", FIRST, b"x" * 1000)
    assert (len(cache), cache.bytes) == (1, once)


def test_one_answer_cannot_drive_out_all_others() -> None:
    cache = AnswerCache(160_000)
    cache.get("1", FIRST)
    cache.put("1", FIRST, b"x" * (160_000 // LARGEST_PART + 1))
    assert len(cache) == 0


def test_without_room_nothing_is_kept() -> None:
    cache = AnswerCache(0)
    cache.get("1", FIRST)
    cache.put("1", FIRST, b"")
    assert cache.get("1", FIRST) is None
    assert cache.bytes == 0
