"""Who works at the desk, and in what role? The values, and what keeping them needs; `staffing` changes them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from takeback.core.errors import InputError
from takeback.core.permission import Role


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works at the desk. `name` is never given to another person; who has left is not `active`."""

    name: str
    roles: frozenset[Role]
    active: bool = True
    mail: str = ""  # what a company's own sign-in knows the person by; nothing is sent there
    has_password: bool = False
    has_factor: bool = False
    last_seen: datetime | None = None  # when this person last signed in


class People(Protocol):
    """Keeps who works here. Every write commits before it returns."""

    def add(self, name: str, roles: Collection[Role], mail: str = "") -> Member | None:
        """A new member, who can do nothing before a link has been used. None where the name was ever given."""

    def of(self, name: str) -> Member | None:
        """The member of this name, who may have left."""

    def every(self) -> list[Member]:
        """All who ever worked here, by name."""

    def set_roles(self, name: str, roles: Collection[Role]) -> None:
        """Give the member these roles and no others. `StaffRefused` where nobody would be left who is an admin."""

    def disable(self, name: str) -> int:
        """Let nobody in under this name any more, and end what is open; how many sessions that was. `StaffRefused` as
        above.
        """

    def enable(self, name: str) -> None:
        """Let the member in again."""

    def invite(self, name: str, until: datetime) -> str:
        """A new secret for a link with which the member sets password and second factor; an earlier one is dead."""

    def invited(self, secret: str, now: datetime) -> Member | None:
        """Whom this secret invites, while it lives."""

    def use_invitation(self, secret: str, password: str, now: datetime) -> Member | None:
        """Set the password of whom this secret invites, once: of two at once, one is told. Second factors and sessions
        that there were before end with it.
        """


class StaffRefused(InputError):
    """A change of who works here that cannot be made; `key` says why, for those who read another language."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key
