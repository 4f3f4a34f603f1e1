"""Who acts, from where, and is it Takeback? What the recorder must know of the moment in which a model is saved."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.http import HttpRequest


class Actor(StrEnum):
    """`data.actor` of the contract."""

    CUSTOMER = "customer"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True)
class Mark:
    """The action of Takeback's that is being carried out."""

    id: str
    action: str


@dataclass
class Visit:
    """One request to the shop. `held` are rows of the outbox that this request has not finished, by order number."""

    request: HttpRequest
    device: str
    fresh_session: str = field(default_factory=lambda: "s_" + secrets.token_urlsafe(15))
    use_fresh_session: bool = False
    key_at_start: str | None = None
    held: dict[str, int] = field(default_factory=dict)


_visit: ContextVar[Visit | None] = ContextVar("takeback_visit", default=None)
_actor: ContextVar[Actor | None] = ContextVar("takeback_actor", default=None)
_mark: ContextVar[Mark | None] = ContextVar("takeback_mark", default=None)


@contextmanager
def visiting(visit: Visit) -> Iterator[None]:
    """For as long as a request is answered."""
    token = _visit.set(visit)
    try:
        yield
    finally:
        _visit.reset(token)


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """For a job or command that acts on behalf of somebody, e.g. the warehouse: `acting_as(Actor.STAFF)`."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


@contextmanager
def takeback_acting(mark: Mark) -> Iterator[None]:
    """While an action of Takeback's is carried out: the one actor whom a frozen account lets in."""
    token = _mark.set(mark)
    try:
        with acting_as(Actor.SYSTEM):
            yield
    finally:
        _mark.reset(token)


def current_visit() -> Visit | None:
    """The request being answered, if any."""
    return _visit.get()


def current_mark() -> Mark | None:
    """The action of Takeback's being carried out, if any."""
    return _mark.get()


def current_actor() -> Actor:
    """Customer within a request, staff when a member of staff made it, system where there is none."""
    if (named := _actor.get()) is not None:
        return named
    if (visit := _visit.get()) is None:
        return Actor.SYSTEM
    user: Any = getattr(visit.request, "user", None)
    return Actor.STAFF if user is not None and user.is_authenticated and user.is_staff else Actor.CUSTOMER
