"""Who comes first when there is not enough for all."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from sdograph_api.query.fairness import HALF_LIFE, LITTLE, PATIENCE, REMEMBERED, Usage


@dataclass
class Asked:
    client: str
    asked: float = 1000.0


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_who_has_used_much_waits_for_who_has_used_little(clock: Clock) -> None:
    usage = Usage(clock)
    usage.charge("much", 8.0)
    usage.charge("little", 2.0)
    waiting = [Asked("much"), Asked("little"), Asked("nothing"), Asked("little")]
    order = []
    while waiting:
        order.append(usage.first(waiting))
        waiting.remove(order[-1])
    assert [asked.client for asked in order] == ["nothing", "little", "little", "much"]
    with pytest.raises(ValueError):
        usage.first([])


def test_small_differences_change_nothing(clock: Clock) -> None:
    usage = Usage(clock)
    usage.charge("first", 0.9 * LITTLE)
    assert usage.first([Asked("first"), Asked("new")]).client == "first"
    usage.charge("one", 7.9 * LITTLE)
    usage.charge("other", 4.1 * LITTLE)
    assert usage.first([Asked("one"), Asked("other")]).client == "one"


def test_what_was_used_counts_half_after_a_while(clock: Clock) -> None:
    usage = Usage(clock)
    usage.charge("client", 8.0)
    clock.now += HALF_LIFE
    assert usage.of("client") == pytest.approx(4.0)
    usage.charge("client", 1.0)
    clock.now += HALF_LIFE
    assert usage.of("client") == pytest.approx(2.5)
    # However long a server runs.
    for _ in range(100):
        clock.now += 50 * HALF_LIFE
        usage.charge("client", 1.0)
    assert usage.of("client") == pytest.approx(1.0)


def test_who_has_used_much_has_its_turn_though_others_keep_asking(clock: Clock) -> None:
    usage = Usage(clock)
    usage.charge("much", 10 * LITTLE)
    much = Asked("much")
    while usage.first([much, Asked("little", clock.now)]) is not much:
        usage.turn("little")
        clock.now += 0.1
        assert clock.now < 1000 + 4 * PATIENCE
    assert clock.now > 1000 + PATIENCE


def test_who_asks_for_many_at_once_has_not_waited_more(clock: Clock) -> None:
    usage = Usage(clock)
    usage.charge("many", 10 * LITTLE)
    many = [Asked("many") for _ in range(20)]
    turns = 0
    for _ in range(int(20 * PATIENCE)):
        clock.now += 1.0
        if (first := usage.first([*many, Asked("little", clock.now)])).client == "many":
            turns += 1
            usage.charge("many", 3 * LITTLE)
            many.remove(first)
        usage.turn(first.client)
    # Of 80 seconds one in 12 to 16, and not one for each of the twenty after the first twelve.
    assert 4 <= turns <= 7


def test_however_many_clients_ask_those_who_use_much_are_remembered(clock: Clock) -> None:
    usage = Usage(clock)
    usage.charge("much", 8.0)
    for number in range(2 * REMEMBERED):
        usage.charge(f"client {number}", 0.001)
        usage.turn(f"client {number}")
    assert usage.of("much") == 8.0
    assert sum(usage.of(f"client {number}") > 0 for number in range(2 * REMEMBERED)) < REMEMBERED
