"""What is paused, and which phases wait for that? What keeps it is a port."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

EVERY = ""  # where a case is named: all of them


@dataclass(frozen=True, slots=True)
class Pause:
    """Somebody paused a case (`EVERY`: all), with what they said of it."""

    case: str
    at: datetime
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Held:
    """A phase that would have run. The id is new for each time that it was held."""

    id: int
    phase: str
    args: tuple[str, ...]


class Pauses(Protocol):
    """Keeps pauses and what they hold. Every write commits before it returns."""

    def begin(self, pause: Pause) -> bool:
        """Write a pause; False where the same one holds already."""

    def end(self, case: str) -> bool:
        """Take a pause back; False where there is none."""

    def of(self, case: str) -> Pause | None:
        """What this case is paused by: its own pause, or the one of all."""

    def every(self) -> list[Pause]:
        """All pauses, oldest first."""

    def hold(self, phase: str, args: Sequence[str]) -> None:
        """Remember a phase that would have run; the same one twice is one."""

    def held(self, case: str) -> list[Held]:
        """What was held of this case; `EVERY`: of all."""

    def let_go(self, held: Held) -> None:
        """Forget what has been started."""
