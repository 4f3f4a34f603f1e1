"""Does each of many who read before they write find what it read still true, and does nobody wait for ever?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import msgspec
import pytest

from takeback.casework.auditbook import Act
from takeback.casework.claims import Claim
from takeback.casework.ledgerpage import Page
from takeback.casework.ports import Entry, Said
from takeback.casework.questions import Turn
from takeback.core.case import Case, Stage
from takeback.core.permission import Role
from takeback.core.retention import Part
from takeback.core.service import Outcome
from takeback.store.cases import DjangoCaseStore
from tests.store.test_cases import NOW, a_case, a_code, an_action, an_entry, at_once

KEY = b"c" * 32


class _Erased(msgspec.Struct):
    """What of a line of the book is looked at here."""

    counts: dict[str, int]


ROUNDS = 12


@pytest.fixture
def store(cases_path: Path) -> DjangoCaseStore:
    """Two cases, each with an action and a code."""
    assert cases_path.parent.is_dir()
    opened = DjangoCaseStore(chain_key=KEY)
    for name in ("c1", "c2"):
        opened.open(a_case(name, account=name))
        opened.intend([replace(an_action(f"a of {name}"), case=name)])
        opened.put_code(replace(a_code(f"k of {name}"), case=name))
    return opened


def acts_on(store: DjangoCaseStore) -> list[Callable[[str, int], object]]:
    """Everything that reads before it writes, on a case; the number makes what is written new."""
    from takeback.store.book import DjangoBook
    from takeback.store.claims import DjangoClaims

    def entry(case: str) -> Entry:
        return replace(an_entry(), case=case, evidence={"seen": {"n": case}}, aside=("seen",))

    def settled(case: str, number: int) -> None:
        done = replace(an_action(f"a of {case}"), case=case, outcome=Outcome.DONE, attempts=number)
        store.settle(done, entry=entry(case))

    def page(case: str, number: int) -> None:
        told = Page(case)
        told.settle(replace(an_action(f"a of {case}"), case=case, attempts=number), entry(case))
        store.write(told, NOW)

    def heard(case: str, number: int) -> None:
        things = ("1", "2", "3") if number % 2 else ("3", "2", "1")
        store.hear(Said(case, "order", thing, mine=True, proven=False, at=NOW) for thing in things)

    def new_address(case: str, number: int) -> None:
        store.change(case, lambda one: replace(one, token_hash=f"{case} {number}"), entry=entry(case))

    return [
        lambda case, _: store.note(entry(case)),
        lambda case, _: store.change(case, lambda one: replace(one, frozen_at=NOW), entry=entry(case)),
        new_address,
        settled,
        page,
        heard,
        lambda case, number: store.put_code(replace(a_code(f"k of {case}"), case=case, tries=number)),
        lambda case, number: DjangoClaims().claim(Claim(case, f"staff:{number % 3}", NOW, NOW + timedelta(hours=1))),
        lambda case, _: DjangoBook(KEY).note(Act(NOW, "staff:sato", "desk:case:view", case=case)),
    ]


def test_nobody_waits_for_ever_and_every_log_is_whole(store: DjangoCaseStore) -> None:
    acts, numbers = acts_on(store), count(1)

    def work(me: int) -> None:
        for turn in range(ROUNDS):
            case = ("c1", "c2")[(me + turn) % 2]
            acts[(me * 5 + turn) % len(acts)](case, next(numbers))

    at_once(work, 6)
    logs = {case: store.log(case) for case in ("c1", "c2")}
    for case, log in logs.items():
        assert store.verify(case) is None
        assert [entry.seq for entry in log] == list(range(1, len(log) + 1))
    assert sum(map(len, logs.values())) > ROUNDS


def test_the_first_lines_of_a_book_that_come_at_once_are_all_there(cases_path: Path) -> None:
    from takeback.store.book import DjangoBook

    assert cases_path.parent.is_dir()
    at_once(lambda number: DjangoBook(KEY).note(Act(NOW, f"staff:{number}", "verb")))
    acts = DjangoBook(KEY).read(since=None, until=None, after=0, most=100)
    assert [act.seq for act in acts] == list(range(1, 9))
    assert {act.who for act in acts} == {f"staff:{number}" for number in range(8)}


@pytest.mark.usefixtures("store")
def test_of_many_who_take_a_case_one_has_it_and_all_are_told_who() -> None:
    from takeback.store.claims import DjangoClaims

    took = at_once(
        lambda number: DjangoClaims().claim(Claim("c1", f"staff:{number}", NOW, NOW + timedelta(minutes=30)))
    )
    assert len({claim.by for claim in took}) == 1


def test_a_question_that_comes_many_times_at_once_is_counted_once(cases_path: Path) -> None:
    from takeback.store.questions import DjangoQuestions

    assert cases_path.parent.is_dir()
    taken = at_once(lambda _: DjangoQuestions().begin("q1", "her", NOW, most_of_one=1, most_in_all=9))
    assert set(taken) == {Turn.ANSWER}
    others = at_once(lambda number: DjangoQuestions().begin(f"q{number + 2}", "him", NOW, most_of_one=3, most_in_all=9))
    assert sorted(turn is Turn.ANSWER for turn in others) == [False] * 5 + [True] * 3


def test_a_name_is_given_once_however_it_is_written(cases_path: Path) -> None:
    from takeback.store.people import DjangoPeople

    assert cases_path.parent.is_dir()
    names = ("sato", "Sato", "SATO", "sAto")
    given = at_once(lambda number: DjangoPeople().add(names[number], [Role.AGENT]), 4)
    assert sum(member is not None for member in given) == 1


def test_the_turns_of_a_conversation_that_are_said_at_once_have_places_of_their_own(cases_path: Path) -> None:
    from takeback.casework.talks import Talk, Voice
    from takeback.casework.talks import Turn as Said
    from takeback.core.case import Language
    from takeback.core.talk import Choice
    from takeback.core.triage import Need
    from takeback.store.talks import DjangoTalks

    assert cases_path.parent.is_dir()
    talks = DjangoTalks()
    talk = Talk("t1", "hash", Language.JA, "hanako", Choice.OTHER, Need.OTHER, harmless=False, opened_at=NOW)
    talks.open(talk, [])
    at_once(lambda number: talks.add(talk, [Said(Voice.CUSTOMER, NOW, text=f"{number}{part}") for part in "ab"]))
    said = [turn.text for turn in talks.turns("t1")]
    assert len(said) == 16
    assert [text[0] for text in said[::2]] == [text[0] for text in said[1::2]]


def test_what_is_added_to_a_case_while_it_is_erased_is_erased_or_stays_whole(store: DjangoCaseStore) -> None:
    """Nothing is erased of which the line in the book says nothing."""
    from takeback.store.book import DjangoBook
    from takeback.store.eventeraser import SqliteEventEraser
    from takeback.store.models import CodeRow
    from takeback.store.retention import DjangoEraser

    store.save(replace(a_case("c1", account="c1"), stage=Stage.CLOSED))
    eraser, book = DjangoEraser(DjangoBook(KEY), SqliteEventEraser(Path("/nowhere")), KEY), DjangoBook(KEY)
    note = Act(NOW, "system", "retention.erased")

    def work(number: int) -> int:
        if number % 2:
            store.put_code(replace(a_code(f"new {number}"), case="c1"))
            return 0
        erased = eraser.cases(Part.CASE, ["c1"], note, dry=False)
        return 0 if erased is None else erased.counts.get("codes", 0)

    counted = sum(at_once(work))
    assert counted + CodeRow.objects.filter(case_id="c1").count() == 5
    lines = [msgspec.convert(act.evidence, _Erased) for act in book.acts(what="retention.erased")]
    assert sum(line.counts.get("codes", 0) for line in lines) == counted


def test_a_case_is_changed_by_one_after_the_other(store: DjangoCaseStore) -> None:
    def later(case: Case) -> Case:
        return replace(case, hold_until=(case.hold_until or datetime(2026, 1, 1, tzinfo=UTC)) + timedelta(hours=1))

    at_once(lambda _: store.change("c1", later))
    changed = store.case("c1")
    assert changed is not None
    assert changed.hold_until == datetime(2026, 1, 1, 8, tzinfo=UTC)
