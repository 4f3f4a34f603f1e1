"""What became of a mail that came in?"""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of it, and with it whether whoever handed it in must do so again."""

    ANSWERED = "answered"
    REPEATED = "repeated"  # it had its answer before
    SILENT = "silent"  # it gets none, and nobody is told why
    UNDELIVERABLE = "undeliverable"  # the mail server refuses the address for good
    LATER = "later"
    FAILED = "failed"

    @property
    def again(self) -> bool:
        """True when it must be handed in again."""
        return self in (Outcome.LATER, Outcome.FAILED)
