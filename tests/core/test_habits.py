"""What is usual for this owner, and how surely? Counts, and what they make of something new."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.core.investigate.habits import Habits
from takeback.core.investigate.traits import traits
from tests.core.making import DAY, EVENING, PHONE, changed


def habits(*days: float, pool: int = 1) -> Habits:
    """Habits of who came on these days before the evening, from `pool` addresses in turn."""
    learned = Habits()
    for visit, before in enumerate(sorted(days, reverse=True)):
        client = changed(PHONE, ip=f"203.0.{visit % pool}.20")
        learned.learn(traits(client), EVENING - before * DAY)
    learned.catch_up()
    return learned


YEAR = tuple(float(day) for day in range(0, 360, 4))


def test_everything_is_new_to_a_new_account() -> None:
    assert Habits().novelty("device", EVENING) == pytest.approx(1.0)
    assert Habits().ripeness("device", "phone", EVENING) == 0.0


def test_something_new_is_less_likely_the_longer_she_showed_the_same() -> None:
    novelty = [habits(*YEAR[:many]).novelty("address", EVENING) for many in (1, 5, 20, 80)]
    assert novelty == sorted(novelty, reverse=True)
    assert novelty[-1] < novelty[0] / 5


def test_something_new_is_likelier_for_who_always_shows_something_new() -> None:
    assert habits(*YEAR, pool=80).novelty("address", EVENING) > 5 * habits(*YEAR).novelty("address", EVENING)


def test_a_pool_makes_no_new_device_likelier() -> None:
    assert habits(*YEAR, pool=80).novelty("device", EVENING) == habits(*YEAR).novelty("device", EVENING)


def test_after_a_long_absence_something_new_is_likelier() -> None:
    learned = habits(*YEAR)
    assert learned.novelty("device", EVENING + 600 * DAY) > learned.novelty("device", EVENING)


def test_a_value_ripens_with_days_and_with_times() -> None:
    ripe = [
        habits(*days).ripeness("device", "phone", EVENING)
        for days in ((0.0,), (0.0, 0.1), (5.0, 0.0), (30.0, 0.0), (30.0, 20.0, 10.0, 0.0))
    ]
    assert ripe == sorted(ripe)
    assert ripe[0] < 0.3
    assert ripe[-1] > 0.9


def test_many_times_on_one_day_do_not_make_a_value_ripe() -> None:
    assert habits(*(hour / 24 for hour in range(20))).ripeness("device", "phone", EVENING) < 0.5


def test_her_own_hours_are_likelier_than_others() -> None:
    learned = habits(*YEAR)
    assert learned.hour(EVENING) > 0 > learned.hour(EVENING + timedelta(hours=12))


def test_an_hour_says_nothing_while_there_is_little_past() -> None:
    assert habits(1.0, 2.0, 3.0).hour(EVENING + timedelta(hours=12)) == 0.0


def test_the_hour_before_midnight_lies_beside_the_hour_after_it() -> None:
    learned = Habits()
    for day in range(30):
        learned.learn(traits(PHONE), EVENING.replace(hour=23) - day * DAY)
    assert learned.hour(EVENING.replace(hour=0)) > 0


def test_how_often_she_does_something_starts_from_how_often_owners_do() -> None:
    assert Habits().rate("viewed.cards", 0.2) == pytest.approx(0.2)


def test_how_often_she_does_something_is_learned_from_her() -> None:
    never = habits(*YEAR)
    always = habits(*YEAR)
    always.acts["viewed.cards"] = always.strands
    assert never.rate("viewed.cards", 0.2) < 0.2 < always.rate("viewed.cards", 0.2)


@given(st.lists(st.floats(0, 700), max_size=40), st.integers(1, 40), st.floats(0, 2000))
def test_shares_and_chances_stay_between_0_and_1(days: list[float], pool: int, later: float) -> None:
    learned, at = habits(*days, pool=pool), EVENING + later * DAY
    for kind in ("device", "address", "block", "network", "country", "browser", "system"):
        assert 0 < learned.novelty(kind, at) <= 1
    assert 0 <= learned.ripeness("device", "phone", at) <= 1
    assert 0 <= learned.use("device", "phone") < 1
