"""What sends text messages and makes calls? What casework needs of it, as a protocol."""

from datetime import datetime
from typing import Protocol, runtime_checkable

from takeback.core.case import Language


class Phones(Protocol):
    """Sends text messages and makes calls. Raises `OutsideError`; `permanent` where this number will never do.

    `to` is as E.164 has it. The same `id` twice is sent once; `since` is when it was first tried, where it may have
    gone out already.
    """

    def text(self, to: str, body: str, *, id: str, since: datetime | None = None) -> None:  # noqa: A002 - the word of every port here
        """Send a text message."""

    def say(self, to: str, words: str, language: Language, *, id: str, since: datetime | None = None) -> None:  # noqa: A002 - as above
        """Call, and speak these words."""

    def close(self) -> None:
        """Give the connections back."""


@runtime_checkable
class Connecting(Phones, Protocol):
    """One that can bring two telephones together, too."""

    def connect(self, agent: str, customer: str, *, id: str) -> None:  # noqa: A002 - as above
        """Ring `agent` first and, when it is taken, `customer`, who sees our own number. Both as E.164 has them; the
        same `id` twice rings once. Raises `OutsideError`.
        """
