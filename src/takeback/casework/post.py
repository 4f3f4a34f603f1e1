"""How do letters go out? A letter, what sends one, and the mails of a case, as protocols."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from takeback.core.case import Case, Language

if TYPE_CHECKING:
    from takeback.casework.outcome import Result


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to be sent. `id` is the idempotency key and becomes the Message-ID's left part.

    `answers` is the Message-ID of the mail that it answers, with its angle brackets. Then nobody answers it in turn:
    its envelope names no sender. `case` is empty for a letter that belongs to none; `account` is then the account
    that it is about, if any.
    """

    id: str
    case: str
    template: str
    to: str
    subject: str
    text: str
    html: str
    answers: str | None = None
    account: str = ""


class Mailer(Protocol):
    """Sends mail. Raises `OutsideError`."""

    def send(self, letter: Letter) -> None:
        """Hand the letter to the mail server; a second call with the same id sends the same Message-ID."""


class Notices(Protocol):
    """The mails of a case, one method each.

    `letter` is the letter's id, `page` the address of the case page. Raises `OutsideError`.
    """

    def send_account_frozen(self, case: Case, to: str, *, letter: str, page: str, services: Mapping[str, bool]) -> None:
        """Say that the account is stopped. `services`: source to whether it was read back as stopped."""

    def send_code(self, case: Case, to: str, *, letter: str, page: str, code: str, purpose: str) -> None:
        """Bring a one-time code."""

    def send_disowned(self, case: Case, to: str, *, letter: str) -> None:
        """Say that this address was said to be the owner's no more, and that nothing further goes there."""

    def send_result(self, case: Case, to: str, *, letter: str, page: str, result: "Result") -> None:
        """Say what was taken back, what stays, and what cannot be undone."""

    def send_hold_ended(self, case: Case, to: str, *, letter: str, page: str) -> None:
        """Say that a new password may be set."""

    def send_was_this_you(
        self, to: str, *, letter: str, account: str, language: Language, door: str, seen: Sequence[str], at: datetime
    ) -> None:
        """Ask whether it was her. `seen`: reason keys; `at`: when the visit ended; `door`: where she can say so."""

    def send_welcome_back(self, case: Case, to: str, *, letter: str, page: str) -> None:
        """Say that the account is the owner's again."""
