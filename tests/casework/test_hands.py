"""Threads that talk to services are kept for the next errand, and keep no process from ending."""

from contextvars import ContextVar
from threading import Event
from threading import enumerate as enumerate_threads

import pytest

from takeback.casework.guard import still_running
from takeback.casework.hands import NAMED, is_idle, lend

SOON = 5.0
named: ContextVar[str] = ContextVar("named", default="")


def test_what_is_done_is_given_back() -> None:
    assert lend(lambda: 6 * 7).result(SOON) == 42
    with pytest.raises(ZeroDivisionError):
        lend(lambda: 1 / 0).result(SOON)


def test_what_is_logged_there_is_of_whoever_asked() -> None:
    named.set("freeze of case 1")
    assert lend(named.get).result(SOON) == "freeze of case 1"


def test_a_thread_that_is_idle_keeps_no_worker_from_ending_and_one_at_work_does() -> None:
    begun, go = Event(), Event()

    def work() -> None:
        begun.set()
        go.wait(SOON)

    before = still_running()
    asked = lend(work)
    assert begun.wait(SOON)
    hands = [one for one in enumerate_threads() if one.name.startswith(f"{NAMED}_")]
    assert [is_idle(one) for one in hands].count(False) == 1
    assert still_running()
    go.set()
    asked.result(SOON)
    assert all(map(is_idle, hands))
    assert still_running() == before
