"""Does the most urgent case come first, with reasons, and does no case wait for ever?"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from takeback.core.case import Stage
from takeback.core.urgency import Facts, Pressing, Targets, urgency

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SINCE = NOW - timedelta(minutes=20)
facts = st.builds(
    Facts,
    stage=st.sampled_from([stage for stage in Stage if stage is not Stage.CLOSED]),
    since=st.integers(0, 10_000).map(lambda minutes: NOW - timedelta(minutes=minutes)),
    stopped=st.booleans(),
    money=st.integers(0, 10**8).map(Decimal),
    parcels=st.integers(0, 200),
    questions=st.integers(0, 50),
    approval=st.booleans(),
    call_since=st.none() | st.integers(0, 5000).map(lambda minutes: NOW - timedelta(minutes=minutes)),
    hold_until=st.none() | st.integers(-100, 5000).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    overdue=st.integers(0, 9),
    for_lead=st.booleans(),
)


def with_(found: Facts, **changes: object) -> Facts:
    values = {name: getattr(found, name) for name in Facts.__slots__} | changes
    return Facts(**values)


def keys(found: Facts, now: datetime = NOW) -> list[Pressing]:
    return [why.key for why in urgency(found, now).reasons]


@given(facts)
def test_the_score_is_the_sum_of_its_reasons_with_the_weightiest_first(found: Facts) -> None:
    place = urgency(found, NOW)
    points = [why.points for why in place.reasons]
    assert place.score == sum(points)
    assert points == sorted(points, reverse=True)
    assert len({why.key for why in place.reasons}) == len(points)


@given(facts, st.integers(1, 10**7), st.integers(1, 50))
def test_more_at_risk_never_comes_later(found: Facts, money: int, parcels: int) -> None:
    score = urgency(found, NOW).score
    assert urgency(with_(found, money=found.money + money), NOW).score > score
    assert urgency(with_(found, parcels=found.parcels + parcels), NOW).score > score


@given(facts, st.integers(1, 5000))
def test_waiting_never_lowers_a_case(found: Facts, minutes: int) -> None:
    assert urgency(found, NOW + timedelta(minutes=minutes)).score > urgency(found, NOW).score


@given(facts)
def test_an_account_that_is_not_stopped_comes_before_all_that_is_only_money(found: Facts) -> None:
    burning = Facts(stage=Stage.FREEZE, since=NOW)
    money = Facts(stage=Stage.UNDO, since=NOW, stopped=True, money=found.money, parcels=found.parcels)
    assert urgency(burning, NOW).score > urgency(money, NOW).score


def test_each_reason_speaks_of_its_own_fact() -> None:
    found = Facts(
        stage=Stage.UNDO,
        since=SINCE,
        stopped=True,
        money=Decimal(5980),
        parcels=2,
        questions=1,
        approval=True,
        call_since=SINCE,
        overdue=1,
        for_lead=True,
    )
    assert set(keys(found)) == {*Pressing} - {Pressing.NOT_STOPPED, Pressing.HOLD_ENDS, Pressing.LATE}
    told = {why.key: why for why in urgency(found, NOW).reasons}
    assert told[Pressing.PARCELS].count == 2
    assert told[Pressing.MONEY].money == Decimal(5980)
    assert told[Pressing.CALL].at == SINCE


def test_a_hold_presses_in_its_last_hour_and_more_where_something_is_open() -> None:
    held = Facts(stage=Stage.HOLD, since=SINCE, stopped=True, hold_until=NOW + timedelta(minutes=59))
    assert Pressing.HOLD_ENDS in keys(held)
    assert Pressing.HOLD_ENDS not in keys(with_(held, hold_until=NOW + timedelta(minutes=61)))
    by_itself = urgency(held, NOW).score
    assert urgency(with_(held, questions=1), NOW).score > by_itself + 200


def test_the_clock_is_the_next_level_that_is_not_met() -> None:
    found = Facts(stage=Stage.UNDO, since=SINCE, stopped=True, approval=True, call_since=NOW - timedelta(minutes=10))
    clock = urgency(found, NOW).clock
    assert clock is not None
    assert (clock.what, clock.due, clock.late) == ("called", NOW + timedelta(minutes=20), False)
    later = urgency(found, NOW + timedelta(minutes=21)).clock
    assert later is not None
    assert later.late
    assert Pressing.LATE in keys(found, NOW + timedelta(minutes=21))


def test_targets_are_settings() -> None:
    found = Facts(stage=Stage.UNDO, since=SINCE, stopped=True, approval=True)
    assert Pressing.LATE not in keys(found)
    told = urgency(found, NOW, Targets(decided=timedelta(minutes=10)))
    assert Pressing.LATE in [why.key for why in told.reasons]


def test_a_case_that_waits_for_nobody_has_no_clock() -> None:
    assert urgency(Facts(stage=Stage.HOLD, since=SINCE, stopped=True), NOW).clock is None
