"""What has her telephone got? The console's sender, its lines read; and what may go wrong with it."""

import io
import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from takeback.core.case import Language
from takeback.core.errors import OutsideError
from takeback.phones.console import ConsolePhones
from tests.casework.conftest import Town

NUMBER = "+819012345678"


@dataclass
class Pocket:
    """Meets `casework.phones.Phones`. `broken` is raised instead of sending; `lost` counts answers that get lost."""

    out: io.StringIO = field(default_factory=io.StringIO)
    to: list[str] = field(default_factory=list)
    since: list[datetime | None] = field(default_factory=list)
    broken: OutsideError | None = None
    lost: int = 0

    def __post_init__(self) -> None:
        self._console = ConsolePhones(self.out)

    def text(self, to: str, body: str, *, id: str, since: datetime | None = None) -> None:  # noqa: A002 - the port's word
        self._before(to, since)
        self._console.text(to, body, id=id, since=since)
        self._after()

    def say(self, to: str, words: str, language: Language, *, id: str, since: datetime | None = None) -> None:  # noqa: A002 - as above
        self._before(to, since)
        self._console.say(to, words, language, id=id, since=since)
        self._after()

    def close(self) -> None:
        """Nothing is open."""

    @property
    def texts(self) -> list[str]:
        """The text messages, oldest first."""
        return re.findall(r"^SMS \S+: (.*)$", self.out.getvalue(), re.M)

    @property
    def calls(self) -> list[str]:
        """What was spoken, oldest first."""
        return re.findall(r"^call \S+ \(\w+\): (.*)$", self.out.getvalue(), re.M)

    def code(self) -> str:
        """The code of the last text message."""
        return "".join(re.findall(r"\b([0-9]{4}) ([0-9]{4})\b", self.texts[-1])[0])

    def _before(self, to: str, since: datetime | None) -> None:
        if self.broken is not None:
            raise self.broken
        self.to.append(to)
        self.since.append(since)

    def _after(self) -> None:
        if self.lost > 0:
            self.lost -= 1
            raise OutsideError("the answer was lost", permanent=False)


def give_phone(town: Town) -> Pocket:
    """Let the town's house send text messages and calls to a pocket."""
    pocket = Pocket()
    town.house = replace(town.house, phones=pocket)
    return pocket
