"""What is a rule's bound, what is refused, and what takes a second person?"""

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import fields
from msgspec.structs import replace as with_

from takeback.core.approval import Needed
from takeback.core.rules import (
    BY_NAME,
    DAY,
    HOUR,
    RULES,
    Rule,
    Rules,
    Wrong,
    changes,
    is_address,
    less_careful,
    problems,
    value_of,
)

DEFAULTS = Rules()


def wrongs(wished: Rules, now: Rules = DEFAULTS, defaults: Rules = DEFAULTS) -> set[tuple[str, Wrong]]:
    return {(problem.name, problem.wrong) for problem in problems(wished, now, defaults)}


def test_every_rule_but_the_currency_can_be_shown_and_changed() -> None:
    assert [field.name for field in fields(Rules) if field.name != "currency"] == [rule.name for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_default_is_within_its_bounds(rule: Rule) -> None:
    value = value_of(DEFAULTS, rule.name)
    lowest, highest = rule.bounds(DEFAULTS)
    assert lowest <= (len(value) if isinstance(value, tuple) else value) <= highest


def test_a_change_within_the_bounds_is_taken() -> None:
    assert problems(with_(DEFAULTS, rule_value=Decimal(100_000), hold_seconds=6 * HOUR), DEFAULTS, DEFAULTS) == ()


def test_what_changes_nothing_is_no_change() -> None:
    assert wrongs(DEFAULTS) == {("", Wrong.NOTHING)}


def test_a_hold_under_an_hour_is_refused() -> None:
    assert wrongs(with_(DEFAULTS, hold_seconds=HOUR - 1)) == {("hold_seconds", Wrong.BELOW)}


def test_a_hold_of_over_four_weeks_is_refused() -> None:
    assert wrongs(with_(DEFAULTS, hold_seconds=28 * DAY + 1)) == {("hold_seconds", Wrong.ABOVE)}


@pytest.mark.parametrize("name", ["rule_orders", "rule_value", "two_orders", "two_value"])
def test_no_limit_can_be_raised_so_far_that_no_second_person_is_ever_needed(name: str) -> None:
    far = with_(DEFAULTS, **{name: value_of(DEFAULTS, name) * 10 + 1})
    assert (name, Wrong.ABOVE) in wrongs(far)


def test_the_standing_rule_cannot_go_further_than_one_person_may() -> None:
    assert wrongs(with_(DEFAULTS, rule_orders=51)) == {("rule_orders", Wrong.PAST_OTHER)}
    assert wrongs(with_(DEFAULTS, two_value=Decimal(199_999))) == {("rule_value", Wrong.PAST_OTHER)}


def test_the_shortest_hold_of_an_agent_is_not_longer_than_the_longest() -> None:
    crossed = with_(DEFAULTS, agent_hold_longest_seconds=HOUR)
    assert wrongs(crossed) == {("agent_hold_shortest_seconds", Wrong.PAST_OTHER)}


def test_a_default_out_of_bounds_is_the_settings_business_and_keeps_no_other_change_back() -> None:
    quick = with_(DEFAULTS, hold_seconds=5, agent_hold_shortest_seconds=5)
    assert wrongs(with_(quick, claim_minutes=10), quick, quick) == set()


@pytest.mark.parametrize(
    "value", ["", "desk", "desk@shop", "a b@shop.example", "a@b.example\nBcc: x@y.example", "あ@b.example"]
)
def test_what_is_no_plain_mail_address_is_refused(value: str) -> None:
    assert not is_address(value)
    assert wrongs(with_(DEFAULTS, tell_call_waiting=(value,))) == {("tell_call_waiting", Wrong.NO_ADDRESS)}


def test_a_plain_mail_address_is_taken_and_twenty_are_the_most() -> None:
    many = tuple(f"desk-{place}@shop.example" for place in range(21))
    assert wrongs(with_(DEFAULTS, tell_call_waiting=many[:20])) == set()
    assert wrongs(with_(DEFAULTS, tell_call_waiting=many)) == {("tell_call_waiting", Wrong.TOO_MANY)}


@pytest.mark.parametrize(
    "change",
    [
        {"standing_rule": True},
        {"rule_orders": 21},
        {"rule_value": Decimal(200_001)},
        {"two_orders": 51},
        {"two_value": Decimal(500_001)},
        {"hold_seconds": 5 * HOUR - 1},
        {"agent_hold_shortest_seconds": 5 * HOUR - 1},
        {"notice_opens": False},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_less_careful_than_its_default_takes_a_second_person(change: dict[str, object]) -> None:
    defaults = with_(DEFAULTS, standing_rule="standing_rule" not in change)
    assert less_careful(with_(defaults, **change), defaults, defaults) == tuple(change)


def test_what_is_more_careful_takes_nobody_else() -> None:
    careful = with_(
        DEFAULTS,
        standing_rule=False,
        rule_orders=1,
        rule_value=Decimal(1),
        two_orders=2,
        two_value=Decimal(2),
        hold_seconds=9 * HOUR,
        agent_hold_shortest_seconds=6 * HOUR,
    )
    assert less_careful(careful, DEFAULTS, DEFAULTS) == ()


def test_the_way_back_to_a_default_takes_nobody_else() -> None:
    careful = with_(DEFAULTS, standing_rule=False, rule_orders=1, hold_seconds=9 * HOUR)
    assert less_careful(DEFAULTS, careful, DEFAULTS) == ()


def test_what_was_less_careful_before_is_not_asked_for_again() -> None:
    now = with_(DEFAULTS, two_orders=100)
    assert less_careful(with_(now, claim_minutes=10), now, DEFAULTS) == ()
    assert less_careful(with_(now, two_orders=101), now, DEFAULTS) == ("two_orders",)


def test_changes_are_told_in_the_order_in_which_rules_are_shown() -> None:
    found = changes(DEFAULTS, with_(DEFAULTS, claim_minutes=10, standing_rule=False))
    assert [(one.name, one.before, one.after) for one in found] == [
        ("standing_rule", True, False),
        ("claim_minutes", 30, 10),
    ]


def test_without_a_standing_rule_a_person_is_wanted() -> None:
    assert DEFAULTS.wanted(Needed.RULE) is Needed.RULE
    strict = with_(DEFAULTS, standing_rule=False)
    assert [strict.wanted(need) for need in Needed] == [Needed.ONE, Needed.ONE, Needed.TWO]


def test_an_agent_holds_within_the_bounds_for_agents() -> None:
    told = [DEFAULTS.agent_may_hold(timedelta(hours=hours)) for hours in (4, 5, 7 * 24, 7 * 24 + 1)]
    assert told == [False, True, True, False]


def test_a_limit_whose_default_is_nothing_is_raised_in_the_settings_alone() -> None:
    nothing = with_(DEFAULTS, rule_value=Decimal(0), two_value=Decimal(0))
    assert BY_NAME["rule_value"].bounds(nothing) == (0, 0)
    assert ("rule_value", Wrong.ABOVE) in wrongs(
        with_(nothing, rule_value=Decimal(1), two_value=Decimal(1)), nothing, nothing
    )


def test_nobody_alone_leaves_out_who_is_told_of_a_fault_in_the_audit() -> None:
    now = with_(DEFAULTS, tell_audit_fault=("a@b.example", "c@d.example"), tell_call_waiting=("a@b.example",))
    more = with_(now, tell_audit_fault=("c@d.example", "e@f.example", "a@b.example"), tell_call_waiting=())
    assert less_careful(more, now, DEFAULTS) == ()
    other = with_(now, tell_audit_fault=("c@d.example", "e@f.example"))
    assert less_careful(other, now, DEFAULTS) == ("tell_audit_fault",)
