"""What knows leaked passwords? What casework needs of it, as a protocol."""

from typing import Protocol


class Leaks(Protocol):
    """Knows passwords that have leaked. Keeps, logs and sends none of those that it is asked about."""

    @property
    def name(self) -> str:
        """What a log calls it: a key such as `leaks.service`."""

    def is_leaked(self, password: str) -> bool:
        """True for a password that it knows. Raises `OutsideError` where it cannot say."""

    def close(self) -> None:
        """Give back what is open."""
