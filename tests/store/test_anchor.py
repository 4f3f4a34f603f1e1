"""Is the anchor written when it should be, once, durably, and by whoever has the key alone?"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from takeback.bootstrap import House, build_keys
from takeback.casework.auditbook import Act
from takeback.casework.ports import Entry
from takeback.casework.verifying import Wrong
from takeback.casework.verifying_noted import verify
from takeback.core.case import Case, Language, Stage
from takeback.store.anchor import ANY, AnchorFile, AnchorUnwritable, Mark, line_of, mark_of
from takeback.store.anchoring import Anchoring
from takeback.store.chain import Head
from takeback.store.moment import moments_of

NOW = datetime(2026, 11, 1, 2, 30, 0, 5, tzinfo=UTC)
KEY = b"a key"
MARK = Mark(NOW, Head(7, "ab" * 32), 2, 11, "cd" * 16)


def test_a_line_says_what_it_was_made_of() -> None:
    assert mark_of(KEY, line_of(KEY, MARK)) == MARK
    empty = Mark(NOW, Head(), 0, 0, "0" * 32)
    assert mark_of(KEY, line_of(KEY, empty)) == empty


def test_a_line_is_one_word_that_is_found_in_a_letter() -> None:
    line = line_of(KEY, MARK)
    assert ANY.findall(f"> here: {line}, as of now") == [line]


@pytest.mark.parametrize("place", range(0, 260, 13))
def test_a_line_with_one_letter_changed_is_nobodys(place: int) -> None:
    line = line_of(KEY, MARK)
    if place < len(line):
        changed = line[:place] + ("1" if line[place] != "1" else "2") + line[place + 1 :]
        assert mark_of(KEY, changed) is None


def test_a_line_of_another_installation_is_nobodys() -> None:
    assert mark_of(b"another key", line_of(KEY, MARK)) is None


def test_the_file_is_its_owners_alone_and_only_added_to(house: House) -> None:
    path = house.configuration.anchor_path
    first = house.verifier.anchor()
    house.audit.note(Act(NOW, "system", "more"))
    second = house.verifier.anchor()
    assert path.read_text().splitlines() == [first, second]
    assert path.stat().st_mode & 0o777 == 0o600


def test_nothing_new_adds_no_line(house: House) -> None:
    assert house.verifier.anchor() == house.verifier.anchor()
    assert len(house.configuration.anchor_path.read_text().splitlines()) == 1


def test_an_anchor_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(AnchorUnwritable, match="cannot be written"), AnchorFile(tmp_path / "no" / "anchor").alone():
        pass


def test_what_was_found_is_told_where_the_anchor_cannot_be_written(house: House) -> None:
    house.configuration.anchor_path.mkdir()
    verdict = verify(house, "cli:ops")
    assert {one.what for one in verdict.troubles} == {Wrong.ANCHOR_UNUSABLE}
    assert not verdict.good


@pytest.fixture
def anchoring(house: House) -> Callable[..., Anchoring]:
    """Makes what a process writes the anchor with."""

    def make(every: float = 0.05, now: Callable[[], datetime] = house.clock.now) -> Anchoring:
        said = house.configuration
        return Anchoring(
            moments_of(said),
            said.anchor_path,
            keys=build_keys(said),
            now=now,
            note=house.audit.note,
            every=every,
        )

    return make


def lines(house: House) -> list[str]:
    return [line for _, line in AnchorFile(house.configuration.anchor_path).lines()]


def until(done: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_what_is_written_is_anchored_before_long_without_being_asked(
    house: House, anchoring: Callable[..., Anchoring]
) -> None:
    one = anchoring()
    house.audit.note(Act(NOW, "system", "something"))
    one.touch()
    until(lambda: bool(lines(house)))
    one.close()


def test_many_writes_in_a_short_time_are_one_line(house: House, anchoring: Callable[..., Anchoring]) -> None:
    one = anchoring(every=0.3)
    for number in range(20):
        house.audit.note(Act(NOW, "system", f"act.{number}"))
        one.touch()
    until(lambda: bool(lines(house)))
    one.close()
    assert len(lines(house)) == 1


def test_the_end_of_a_process_adds_what_waited(house: House, anchoring: Callable[..., Anchoring]) -> None:
    one = anchoring(every=3600)
    house.audit.note(Act(NOW, "system", "something"))
    one.touch()
    one.close()
    assert len(lines(house)) == 1
    one.touch()
    assert threading.active_count() < 50


def test_the_ends_of_grown_logs_are_named_every_ten_minutes(house: House, anchoring: Callable[..., Anchoring]) -> None:
    at = [datetime.now(UTC)]
    one = anchoring(now=lambda: at[0])

    def pins() -> int:
        return len(house.audit.acts(what="audit.pinned"))

    def grow_and_wait() -> None:
        house.cases.note(Entry("c1", NOW, "system", "act", "rule", {}))
        before = len(lines(house))
        one.touch()
        until(lambda: len(lines(house)) > before)

    house.cases.open(Case("c1", "c1", Stage.REPORT, Language.JA, NOW, "", "c1"))
    grow_and_wait()
    assert pins() == 1
    grow_and_wait()
    assert pins() == 1
    at[0] += timedelta(minutes=11)
    grow_and_wait()
    assert pins() == 2
    one.close()


def test_a_process_that_finds_an_older_database_says_so_once(house: House, anchoring: Callable[..., Anchoring]) -> None:
    told: list[str] = []
    listener = logging.Handler()
    listener.emit = lambda record: told.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("takeback.audit").addHandler(listener)
    keys = build_keys(house.configuration)
    with AnchorFile(house.configuration.anchor_path).alone() as file:
        file.add(line_of(keys.anchor, MARK))
    one = anchoring()
    one.write()
    one.write()
    logging.getLogger("takeback.audit").removeHandler(listener)
    assert len(told) == 1
    assert "does not know what its anchor of 2026-11-01T02:30:00+00:00 knew" in told[0]
