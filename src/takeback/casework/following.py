"""What follows a phase in the same run? What a phase of a case starts for the same case, to be done at once: a row of
its own would cost the engine as much as half the phase.

Nothing is lost by it: a run that is ended in between is run again from its beginning (`guard`), finds what it had done,
and comes to what follows once more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

SAME_RUN = frozenset({"investigate", "undo", "letter"})


class Next(NamedTuple):
    """A phase that follows."""

    phase: str
    args: tuple[str, ...]
    because: str


class Following:
    """What follows the phases of one run, in order."""

    def __init__(self, case: str) -> None:
        self._case = case
        self._known: set[Next] = set()
        self._due: list[Next] = []

    def add(self, one: Next) -> bool:
        """True when it runs in this run; False for what needs a row of its own. The same is run once."""
        if one.phase not in SAME_RUN or one.args[0] != self._case:
            return False
        if one not in self._known:
            self._known.add(one)
            self._due.append(one)
        return True

    def pop(self) -> Next | None:
        """The next one, or None."""
        return self._due.pop(0) if self._due else None


_now: ContextVar[Following | None] = ContextVar("following", default=None)


@contextmanager
def gathered(case: str) -> Iterator[Following]:
    """While the block lasts, what is started in this thread for this case follows in the same run, where it can."""
    following = Following(case)
    before = _now.set(following)
    try:
        yield following
    finally:
        _now.reset(before)


def follows(phase: str, args: tuple[str, ...], because: str) -> bool:
    """True when this phase will run in the run that is under way in this thread, and needs no row."""
    following = _now.get()
    return following is not None and following.add(Next(phase, args, because))
