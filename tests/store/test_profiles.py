"""Do profiles come back as they were written, and does nobody undo another's writing?"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from takeback.bootstrap import House
from takeback.casework.online_ports import Kept, MayAsk, Profiles, Written

AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def profiles(house: House) -> Iterator[Profiles]:
    kept = house.profiles
    yield kept
    kept.close()


def test_what_was_written_is_loaded_and_what_is_known_is_not_sent_again(profiles: Profiles) -> None:
    accounts = [*(f"a{number}" for number in range(1_200)), "\0 and \ud800"]
    assert (
        profiles.save([Written(one, 0, place + 1, 5, bytes([place % 256])) for place, one in enumerate(accounts)])
        == set()
    )
    known = dict.fromkeys(accounts, 0) | {"a7": 8, "nobody": 0}
    found = profiles.load(known)
    assert found.keys() == set(accounts)
    assert found["a7"] == Kept(8, None)
    assert found["a300"] == Kept(301, bytes([44]))


def test_a_profile_is_written_only_over_the_one_that_was_read(profiles: Profiles) -> None:
    assert profiles.save([Written("a", 0, 1, 5, b"first"), Written("b", 0, 2, 5, b"first")]) == set()
    assert profiles.save([Written("a", 1, 3, 5, b"second")]) == set()
    assert profiles.save([Written("a", 1, 4, 5, b"late"), Written("b", 2, 5, 5, b"second")]) == {"a"}
    assert profiles.save([Written("a", 0, 6, 5, b"made anew by another")]) == {"a"}
    assert profiles.load({"a": 0, "b": 0}) == {"a": Kept(3, b"second"), "b": Kept(5, b"second")}


def test_what_was_dropped_is_gone_and_stays_gone_for_who_still_holds_it(profiles: Profiles) -> None:
    profiles.save([Written("a", 0, 1, 5, b"x"), Written("b", 0, 2, 5, b"y")])
    profiles.drop(["a"])
    assert profiles.load({"a": 1, "b": 2}) == {"b": Kept(2, None)}


def test_only_what_remembers_nothing_older_is_kept(profiles: Profiles) -> None:
    second = int(AT.timestamp())
    profiles.save([Written("old", 0, 1, second - 1, b"x"), Written("new", 0, 2, second, b"y")])
    profiles.forget(AT)
    assert profiles.load({"old": 0, "new": 0}).keys() == {"new"}


def test_of_questions_those_begun_may_be_finished_and_no_more_than_allowed_are_begun(house: House) -> None:
    asked = house.asked

    def begin(question: str, account: str, in_all: int = 9) -> MayAsk:
        return asked.begin(question, account, AT, most_of_one=2, most_in_all=in_all)

    assert [begin("q1", "a"), begin("q1", "a"), begin("q2", "a"), begin("q3", "a")] == [*[MayAsk.YES] * 3, MayAsk.OFTEN]
    asked.finish("q1", AT)
    assert begin("q1", "a") is MayAsk.ASKED
    assert begin("q4", "b", in_all=2) is MayAsk.LATER
