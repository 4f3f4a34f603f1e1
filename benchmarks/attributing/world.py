"""Which lives is it measured on? The simulated world of `benchmarks.world`, or another that is named on the call.

Another world is a module with `lives(accounts, seed=)`, an iterator of lives of this form: so a model can be tried on a
world that nobody had in mind when it was made.
"""

from argparse import ArgumentTypeError
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from takeback.core.investigate.attribution import Word

OURS = "benchmarks.world"
TRAINING_SEED, TEST_SEED = 11, 29  # of another world: never the same accounts in both
ORDINARY = "ordinary"


class Life(Protocol):
    """One account from its first day to `now`, and the truth about it.

    `lines` are its events, JSON; `truth` says `owner` or `intruder` of each event that a customer's client caused;
    `kind` is "ordinary", a hard negative's kind or an intruder's; `episode` are the events that make the kind;
    `said` is one word of the customer's, `{"order" | "session" | "event": id, "mine": false}`, or None.
    """

    @property
    def account(self) -> str: ...
    @property
    def lines(self) -> tuple[bytes, ...]: ...
    @property
    def truth(self) -> Mapping[str, str]: ...
    @property
    def kind(self) -> str: ...
    @property
    def attacked(self) -> bool: ...
    @property
    def episode(self) -> tuple[str, ...]: ...
    @property
    def said(self) -> Mapping[str, object] | None: ...
    @property
    def now(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Trial:
    """A life in a form that can be handed to another process, whatever the world's own classes are."""

    account: str
    lines: tuple[bytes, ...]
    intruders: frozenset[str]  # event ids
    owners: frozenset[str]
    kind: str
    attacked: bool
    episode: frozenset[str]
    said: Word | None
    now: datetime

    @property
    def hard_negative(self) -> bool:
        """Not attacked, and something in it looks as if it were."""
        return not self.attacked and self.kind != ORDINARY


def trial(life: Life) -> Trial:
    """The life as a trial; `ValueError` where its truth says anything but owner and intruder."""
    by = {who: frozenset(name for name, said in life.truth.items() if said == who) for who in ("owner", "intruder")}
    if len(by["owner"]) + len(by["intruder"]) < len(life.truth):
        raise ValueError(f"account {life.account}: the truth may say owner and intruder, nothing else")
    return Trial(
        account=life.account,
        lines=life.lines,
        intruders=by["intruder"],
        owners=by["owner"],
        kind=life.kind,
        attacked=life.attacked,
        episode=frozenset(life.episode),
        said=word(life.said),
        now=life.now,
    )


def word(said: Mapping[str, object] | None) -> Word | None:
    """The customer's word as an investigation takes it."""
    if said is None:
        return None
    kind = next(key for key in ("order", "session", "event") if key in said)
    return Word(kind, str(said[kind]), bool(said.get("mine", False)))


def named(module: str) -> str:
    """The module's name, if there is one of that name: for the command line, which then says so in one sentence."""
    try:
        there = module == OURS or find_spec(module) is not None
    except (ImportError, ValueError):
        there = False
    if not there:
        raise ArgumentTypeError(f"there is no module {module!r} to take lives from")
    return module


def training(accounts: int, module: str = OURS) -> Iterator[Trial]:
    """The lives that the baseline learns from."""
    world = import_module(module)
    found = world.training(accounts) if module == OURS else world.lives(accounts, seed=TRAINING_SEED)
    return map(trial, found)


def measured_on(accounts: int, module: str = OURS) -> Iterator[Trial]:
    """The lives that both are measured on."""
    world = import_module(module)
    found = world.test(accounts) if module == OURS else world.lives(accounts, seed=TEST_SEED)
    return map(trial, found)
