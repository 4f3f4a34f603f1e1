"""Stages 2 and 3: a report, and what stops."""

from datetime import timedelta

import pytest

from takeback.casework import notice
from takeback.casework.engine import run_phase
from takeback.casework.phases import PHASES
from takeback.casework.progress import Purpose
from takeback.casework.proof import enter
from takeback.casework.report import Report, receive
from takeback.core.case import Language, Stage
from takeback.core.errors import OutsideError
from takeback.shops.pretend import PretendShop
from tests.casework.conftest import Town, code_in
from tests.casework.life import ACCOUNT, HIS, MINE, ordinary_days


def test_a_report_on_an_account_with_signs_freezes_every_service_at_once(town: Town) -> None:
    case = town.report()
    assert town.shop.account(ACCOUNT).frozen
    assert town.video.account(ACCOUNT).frozen
    assert town.shop.account(ACCOUNT).sessions == 0
    assert case.frozen_at == town.clock.now()


def test_a_report_finds_the_account_by_an_address_that_it_had_before(town: Town) -> None:
    assert town.report(MINE).account == ACCOUNT


def test_a_report_on_an_unknown_account_opens_nothing(town: Town) -> None:
    assert town.report("nobody@example.jp") is None
    assert town.postbox.letters == []


def test_a_report_alone_undoes_nothing(town: Town) -> None:
    case = town.report()
    assert case.stage is Stage.UNDO
    assert town.shop.account(ACCOUNT).fields["email"] == HIS
    assert town.house.cases.actions(case.id, "undo") == []


def test_a_second_report_is_the_same_case_and_sends_no_second_mail(town: Town) -> None:
    first = town.report()
    town.clock.turn(timedelta(minutes=1))
    second = town.report()
    assert second.id == first.id
    assert len(town.postbox.named("account_frozen")) == 1


def test_a_report_on_a_clean_account_takes_a_code_before_anything_stops(clean: Town) -> None:
    case = clean.report()
    assert case.stage is Stage.REPORT
    assert not clean.shop.account(ACCOUNT).frozen
    assert [letter.to for letter in clean.postbox.named("code")] == [MINE]
    assert enter(clean.house, case.id, code_in(clean.postbox.named("code")[0]))
    clean.run()
    assert clean.shop.account(ACCOUNT).frozen
    assert clean.case.proven_at is None  # that she reads a contact point is enough to freeze, and for nothing else


def test_staff_may_freeze_a_clean_account(clean: Town) -> None:
    receive(clean.house, Report("r1", ACCOUNT, "by telephone", Language.JA), by_staff="sato")
    clean.run()
    assert clean.shop.account(ACCOUNT).frozen


def test_a_flood_of_reports_on_a_clean_account_sends_few_mails(clean: Town) -> None:
    for _ in range(20):
        clean.report()
        clean.clock.turn(timedelta(seconds=11))
    assert 1 <= len(clean.postbox.named("code")) <= 5


def test_a_sign_that_comes_after_the_report_freezes(clean: Town) -> None:
    from tests.casework.life import bad_night

    clean.report()
    bad_night(clean.shop)
    clean.tell()
    assert notice.look_at(clean.house, ACCOUNT)
    clean.run()
    assert clean.shop.account(ACCOUNT).frozen


def test_a_service_that_is_down_holds_up_no_other_and_is_frozen_when_it_is_back(town: Town) -> None:
    town.video.trouble.down = True
    case = town.report()
    assert town.shop.account(ACCOUNT).frozen
    assert case.frozen_at is None
    letter = town.postbox.named("account_frozen")[0]
    assert "video：停止を続けて試しています" in letter.text
    town.video.trouble.down = False
    town.run(until=town.clock.now() + timedelta(minutes=10))
    assert town.video.account(ACCOUNT).frozen
    assert town.case.frozen_at is not None


def test_failures_that_pass_are_tried_again_within_the_run(town: Town) -> None:
    town.shop.trouble.fail = 2
    town.shop.trouble.lose_answer = 1
    case = town.report()
    assert case.frozen_at is not None
    assert set(town.shop.effects.values()) == {1}


def test_what_a_service_does_later_is_asked_after(town: Town) -> None:
    town.shop.trouble.later = 2
    town.report()
    town.run(until=town.clock.now() + timedelta(minutes=5))
    assert town.case.frozen_at is not None


def test_what_a_service_cannot_do_becomes_a_task_for_staff_and_is_said(town: Town) -> None:
    town.shop.trouble.impossible["lock_cards"] = "action.unsupported"
    case = town.report()
    assert [(task.what, task.source, task.reason) for task in town.house.cases.tasks(case.id)] == [
        ("lock_cards", "/shops/oscar", "action.unsupported")
    ]
    assert "action.not_held" in [entry.what for entry in town.house.cases.log(case.id)]


def test_done_is_not_believed_before_it_is_read_back(town: Town) -> None:
    class Liar(PretendShop):
        """Says that it is done, and does nothing."""

        def _carry_out(self, request):  # type: ignore[no-untyped-def]
            from takeback.core.service import Outcome

            return (Outcome.DONE, None) if request.action == "freeze" else super()._carry_out(request)

    liar = Liar("/services/video", clock=town.clock.now)
    ordinary_days(liar)
    town.house = _with_services(town, (town.shop, liar))
    case = town.report()
    assert case.frozen_at is None
    assert "read_back.differs" in [task.reason for task in town.house.cases.tasks(case.id)]


def test_a_service_whose_account_cannot_be_read_is_a_task_until_it_can(town: Town) -> None:
    class Garbled(PretendShop):
        """Answers something that is no account."""

        garbled = True

        def account(self, account):  # type: ignore[no-untyped-def]
            if self.garbled:
                raise OutsideError("gave an answer that is not of the contract's form", permanent=True)
            return super().account(account)

    shop = Garbled("/services/video", clock=town.clock.now)
    ordinary_days(shop)
    town.house = _with_services(town, (town.shop, shop))
    case = town.report()
    assert case.frozen_at is None
    assert [(task.what, task.source) for task in town.house.cases.tasks(case.id)] == [
        ("service.read_back", "/services/video")
    ]
    shop.garbled = False
    town.run(until=town.clock.now() + timedelta(minutes=10))
    assert town.case.frozen_at is not None
    assert all(task.closed_at is not None for task in town.house.cases.tasks(case.id))


def test_a_service_without_the_account_has_nothing_to_freeze(town: Town) -> None:
    town.house = _with_services(town, (town.shop, PretendShop("/services/books", clock=town.clock.now)))
    case = town.report()
    assert case.frozen_at is not None
    assert town.house.cases.tasks(case.id) == []


def test_a_phase_that_fails_is_run_again_and_says_so(town: Town) -> None:
    case = town.report()

    def broken(*_: object) -> None:
        raise RuntimeError("a fault with a secret in it")

    run_phase(town.house, "undo", broken, (case.id,), f"{case.id}/undo/why")  # type: ignore[arg-type]
    entry = town.house.cases.log(case.id)[-1]
    assert (entry.what, entry.why) == ("phase.failed", "RuntimeError")
    assert "secret" not in str(entry)
    assert [row for _, _, row, *_ in town.queue.waiting] == [f"{case.id}/undo/why~1"]


@pytest.mark.parametrize("phase", [name for name in PHASES if name not in ("report", "code", "letter")])
def test_every_phase_may_be_run_twice(town: Town, phase: str) -> None:
    case = town.report()
    town.prove(case, Purpose.PROOF)
    effects, letters = dict(town.shop.effects), len(town.postbox.letters)
    run_phase(town.house, phase, PHASES[phase], (case.id,), f"{case.id}/{phase}/again")
    town.run()
    assert dict(town.shop.effects) == effects
    assert len(town.postbox.letters) == letters


def _with_services(town: Town, services: tuple[PretendShop, ...]):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    return replace(town.house, services=services)
