"""Who talks to services? Threads that are made as they are needed and then kept: to begin one for each errand costs as
much as two answers do.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from threading import Thread, get_ident
from typing import TypeVar

T = TypeVar("T")
NAMED, MOST = "hand", 1000

_hands = ThreadPoolExecutor(MOST, thread_name_prefix=NAMED)
_busy: set[int] = set()


def lend(do: Callable[[], T]) -> "Future[T]":
    """Do this in another thread. What is logged and traced there is of whoever asked."""
    return _hands.submit(copy_context().run, _work, do)


def is_idle(thread: Thread) -> bool:
    """True for a thread of these that does nothing: it ends with the process."""
    return thread.name.startswith(f"{NAMED}_") and thread.ident not in _busy


def _work(do: Callable[[], T]) -> T:
    me = get_ident()
    _busy.add(me)
    try:
        return do()
    finally:
        _busy.discard(me)
