"""Does each rule meet what it is for and nothing else, and is nonsense refused in a sentence?"""

import re
import tomllib
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from takeback.core.events import Event
from takeback.core.online.acts import Act
from takeback.core.online.matching import MOST_VALUES, Matcher
from takeback.core.online.profile import Profile
from takeback.core.online.rules import MOST_RULES, By, Does, New, Step, StreamRule, problems
from takeback.core.online.scoring import notice
from takeback.core.online.typical import TYPICAL
from tests.core.online.living import HERS, HIS, NIGHT, event, lived, sign_in, weeks

DEVICE = HERS | {"device": "d-new", "session": "s"}
ABROAD = HIS | {"session": "s"}
MINUTE = timedelta(minutes=1)


def met(events: Iterable[Event], matcher: Matcher | None = None, profile: Profile | None = None) -> list[str]:
    """The names of the rules that these events complete in an account with a past."""
    rules = matcher or Matcher(TYPICAL)
    known = profile if profile is not None else lived(weeks())
    return [fired.rule.name for one in events for fired in rules.completed(one.account, known, notice(known, one))]


def changed(field: str, minutes: float, client: dict[str, object] = DEVICE) -> Event:
    values = {} if field == "password" else {"before": "a", "after": "b"}
    return event("account.field_changed", NIGHT + minutes * MINUTE, client, field=field, **values)


def ordered(minutes: float, client: dict[str, object] = DEVICE, **order: object) -> Event:
    return event("order.placed", NIGHT + minutes * MINUTE, client, order={"id": f"o{minutes}", **order})


def test_a_new_device_a_contact_point_and_an_order_within_an_hour() -> None:
    assert met([sign_in(NIGHT, DEVICE), changed("phone", 5), ordered(50)]) == ["new-device-contact-order"]
    assert met([sign_in(NIGHT, DEVICE), changed("phone", 5), ordered(61)]) == []
    assert met([sign_in(NIGHT, DEVICE), ordered(5), changed("phone", 6)]) == []
    hers = HERS | {"session": "s"}
    assert met([sign_in(NIGHT, hers), changed("phone", 5, hers), ordered(6, hers)]) == []


def test_the_latest_beginning_counts_so_that_no_chain_is_missed() -> None:
    again = DEVICE | {"session": "s2"}
    events = [
        sign_in(NIGHT, DEVICE),
        sign_in(NIGHT + 30 * MINUTE, again),
        changed("phone", 40, again),
        ordered(85, again),
    ]
    assert met(events) == ["new-device-contact-order"]


def test_password_and_mail_in_either_order_and_not_one_of_them_twice() -> None:
    hers = HERS | {"session": "s"}
    for first, second in (("password", "email"), ("email", "password")):
        assert met([changed(first, 0, hers), changed(second, 9, hers)]) == ["password-and-mail-changed"]
    assert met([changed("password", 0, hers), changed("email", 11, hers)]) == []
    assert met([changed("email", 0, hers), changed("email", 1, hers)]) == []


def test_a_large_order_to_a_new_address_with_a_new_card() -> None:
    def bought(yen: str, address: str, card: str, currency: str = "JPY") -> list[str]:
        total = {"amount": yen, "currency": currency}
        return met([ordered(0, HERS | {"session": "s"}, total=total, address=address, card=card)])

    assert bought("50001", "どこか", "new") == ["large-order-new-address-new-card"]
    assert bought("50000", "どこか", "new") == []
    assert bought("50001", "銀座1-1", "new") == []
    assert bought("50001", "どこか", "new", "USD") == []


def test_an_export_after_a_new_device() -> None:
    export = event("account.viewed", NIGHT + MINUTE, DEVICE, what="export")
    assert met([sign_in(NIGHT, DEVICE), export]) == ["new-device-export"]


def test_failures_and_then_a_sign_in_from_a_new_country() -> None:
    def guessed(failures: int, client: dict[str, object]) -> list[str]:
        failed = [event("account.sign_in_failed", NIGHT + n * MINUTE, client) for n in range(failures)]
        return met([*failed, sign_in(NIGHT + 10 * MINUTE, client)])

    assert guessed(5, ABROAD) == ["guessed-from-abroad"]
    assert guessed(4, ABROAD) == []
    assert guessed(5, HERS | {"session": "s"}) == []


def test_many_accounts_from_one_device_are_all_named_once() -> None:
    matcher, named = Matcher(TYPICAL), []
    for number in range(8):
        account = f"a{number}"
        profile = lived(weeks(2, account=account))
        client = HERS | {"device": "d-farm", "session": f"s{number}"}
        one = sign_in(NIGHT + number * MINUTE, client, account=account)
        named += [fired.accounts for fired in matcher.completed(account, profile, notice(profile, one))]
    assert named == [("a0", "a1", "a2", "a3", "a4"), ("a5",), ("a6",), ("a7",)]


def test_accounts_that_share_a_device_over_days_are_a_household() -> None:
    matcher, profile = Matcher(TYPICAL), lived(weeks(2))
    for day in range(8):
        one = sign_in(NIGHT + timedelta(days=day), HERS | {"device": "d-tablet"}, account=f"a{day}")
        assert matcher.completed(one.account, profile, notice(profile, one)) == ()


def test_what_is_counted_across_accounts_is_bounded() -> None:
    matcher, profile = Matcher(TYPICAL), lived(weeks(2))
    for number in range(MOST_VALUES + 50):
        one = sign_in(NIGHT, HERS | {"device": f"d{number}"})
        matcher.completed(f"a{number}", profile, notice(profile, one))
    assert max(len(one.crowds) for one in matcher._watched) == MOST_VALUES  # the bound itself is what is asked about


def test_an_event_that_comes_in_late_completes_nothing() -> None:
    profile = lived(weeks())
    notice(profile, sign_in(NIGHT + timedelta(hours=5), HERS))
    late = [sign_in(NIGHT, DEVICE), changed("phone", 5), ordered(10)]
    assert met(late, profile=profile) == []


def test_how_far_a_rule_is_survives_the_way_through_the_store_and_a_rule_written_anew() -> None:
    profile = lived(weeks())
    assert met([sign_in(NIGHT, DEVICE), changed("phone", 5)], profile=profile) == []
    assert met([ordered(10)], profile=profile) == ["new-device-contact-order"]
    shorter = replace(TYPICAL[0], steps=TYPICAL[0].steps[:2])
    assert met([changed("phone", 11)], Matcher([shorter]), profile) == []


GOOD = StreamRule("good", Does.LOOK, 60, (Step(Act.EXPORT_VIEWED, new=(New.DEVICE,)),))


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ((GOOD, GOOD), "Two rules are called good."),
        ([replace(GOOD, name=f"r{n}") for n in range(MOST_RULES + 1)], "at most 32"),
        ([replace(GOOD, accounts=5)], "accounts and by together"),
        ([replace(GOOD, steps=(Step(Act.ORDERED),))], "would meet every ordered"),
        ([replace(GOOD, steps=(Step(Act.SIGN_IN_FAILED, times=3),))], "ends in sign_in_failed"),
        ([replace(GOOD, any_order=True)], "two or more steps"),
        ([replace(GOOD, steps=(Step(Act.SIGNED_IN, over=5),))], "what only an order has"),
        ([replace(GOOD, steps=(Step(Act.SIGNED_IN, new=(New.CARD,)),))], "what only an order has"),
        ([replace(GOOD, steps=(Step(Act.SIGN_IN_FAILED, new=(New.DEVICE,)), Step(Act.ORDERED)))], "nobody's visit"),
        ([replace(GOOD, steps=(Step(Act.ORDERED, times=15),) * 2)], "more than 20 steps"),
        ([replace(GOOD, accounts=5, by=By.DEVICE, steps=GOOD.steps * 2)], "one step, once"),
        ([replace(GOOD, accounts=5, by=By.NETWORK)], "all of a carrier's customers"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_in_a_sentence(rules: Iterable[StreamRule], why: str) -> None:
    told = list(problems(rules))
    assert len(told) == 1
    assert why in told[0]
    assert told[0].endswith(".")


def test_the_typical_rules_are_sound_and_off() -> None:
    assert list(problems(TYPICAL)) == []
    assert len(TYPICAL) == 6
    assert not any(rule.on for rule in TYPICAL)


def test_the_reference_has_the_typical_rules_as_they_are_and_names_every_act() -> None:
    text = (Path(__file__).parents[3] / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
    (toml,) = re.findall(r"```toml\n(.*?)```", text, re.S)
    assert msgspec.convert(tomllib.loads(toml)["notice"]["rules"], tuple[StreamRule, ...]) == TYPICAL
    assert [act.value for act in Act if f"`{act.value}`" not in text] == []
