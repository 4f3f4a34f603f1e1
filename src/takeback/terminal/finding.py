"""What did `takeback check` find? One thing that was looked at, and how serious it is."""

from enum import StrEnum

from msgspec import Struct


class State(StrEnum):
    """How serious a finding is."""

    GOOD = "good"
    MIND = "mind"  # it works, but somebody should know
    WRONG = "wrong"


class Finding(Struct, frozen=True):
    """One thing that was looked at, and a sentence on it."""

    what: str
    state: State
    says: str
