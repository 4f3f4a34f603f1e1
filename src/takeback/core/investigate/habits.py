"""What is usual for this owner? Counts of what her own strands showed and did, and how long each has stood.

How likely something new is, is learned from the owner herself: who always comes from one line seldom shows another; who
comes through a carrier's pool shows a new address each time. It is the probability of the unseen in the two-parameter
Chinese restaurant process (Pitman and Yor 1997), of which the smoothing of Freeman et al. (NDSS 2016, 4.2) is the case
`spread` = 0. Only strands that the evidence gave to the owner are learned, so that an intruder cannot teach it his own
ways.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import cos, exp, log, pi
from operator import mul

from takeback.core.investigate.traits import Traits

START = 0.8  # as many strands as stand for "she may show anything" before her first
SPREAD = {"device": 0.1, "browser": 0.15, "system": 0.1, "address": 0.7, "block": 0.6, "network": 0.25, "country": 0.1}
FORGOTTEN = timedelta(days=240)  # half of a past's weight is gone after so long an absence: people change telephones
RIPE = timedelta(days=10)  # a value that has stood for less is not yet fully hers


# Not Structs: what is counted is set again and again, and a Struct takes four times as long for that.
@dataclass(slots=True)
class Seen:
    """How often the owner showed a value, and when first."""

    count: int
    first: datetime


@dataclass(slots=True)
class Kind:
    """What the owner showed of one kind of value: her devices, say."""

    spread: float
    untold: int = 0  # strands that showed no value of this kind
    values: dict[str, Seen] = field(default_factory=dict)


@dataclass(slots=True)
class Shown:
    """A client that she showed: its values as they are counted, and how often it came again since the last count."""

    values: list[Seen] = field(default_factory=list)
    untold: list[Kind] = field(default_factory=list)
    again: int = 0


@dataclass(slots=True)
class Habits:
    """Counts of the owner's strands by value, act and hour."""

    strands: int = 0
    counted: int = 0  # those of them whose values are counted
    last: datetime | None = None
    kinds: dict[str, Kind] = field(default_factory=lambda: {kind: Kind(SPREAD[kind]) for kind in Traits._fields})
    acts: Counter[str] = field(default_factory=Counter)
    _hours: list[int] = field(default_factory=lambda: [0] * 24)  # strands by hour of day
    most_orders: int = 0
    largest: float = 0.0
    credentials: set[str] = field(default_factory=set)
    version: int = 0  # grows with each client that is new: what is unusual for her is another thing since
    _shown: dict[Traits, Shown] = field(default_factory=dict)
    _again: list[Shown] = field(default_factory=list)  # those that wait to be counted
    methods: Counter[str] = field(default_factory=Counter)
    factors: int = 0
    addresses: set[str] = field(default_factory=set)

    def learn(self, traits: Traits, at: datetime) -> None:
        """Take in one strand's circumstances."""
        self.strands += 1
        self.last = at
        self._hours[at.hour] += 1
        shown = self._shown.get(traits)
        if shown is None:
            shown = self._shown[traits] = self._first(traits, at)
            self._count(shown, 1)
            self.version += 1
            return
        if not shown.again:
            self._again.append(shown)  # counted when somebody asks: most look alike
        shown.again += 1

    def catch_up(self) -> None:
        """Count what was shown again since the last time. To be called before anything is asked."""
        for shown in self._again:
            self._count(shown, shown.again)
            shown.again = 0
        self._again.clear()

    def _first(self, traits: Traits, at: datetime) -> Shown:
        """A client that is new, where its values are counted."""
        shown = Shown()
        for kind, value in zip(self.kinds.values(), traits, strict=True):
            if value is None:
                shown.untold.append(kind)
                continue
            seen = kind.values.get(value)
            if seen is None:
                seen = kind.values[value] = Seen(0, at)
            shown.values.append(seen)
        return shown

    def _count(self, shown: Shown, many: int) -> None:
        self.counted += many
        for seen in shown.values:
            seen.count += many
        for kind in shown.untold:
            kind.untold += many

    def told(self, kind: str) -> int:
        """How many of her strands showed a value of this kind at all."""
        return self.counted - self.kinds[kind].untold

    def novelty(self, kind: str, at: datetime) -> float:
        """The probability that the owner shows a value of this kind that she never showed: 1 for a new account. After
        a long absence her past counts for less.
        """
        of = self.kinds[kind]
        told = self.counted - of.untold
        if not told or self.last is None:
            return 1.0
        away = (at - self.last) / FORGOTTEN
        share = 0.5**away if away > 0 else 1.0
        return (START + of.spread * len(of.values) * share) / (told * share + START)

    def use(self, kind: str, value: str | None) -> float:
        """The share of her strands that showed this value."""
        of = self.kinds[kind]
        known = of.values.get(value) if value is not None else None
        return known.count / (self.counted - of.untold + START) if known is not None else 0.0

    def has_shown(self, kind: str, value: str | None) -> bool:
        """Did she ever show this value?"""
        return value in self.kinds[kind].values

    def ripeness(self, kind: str, value: str | None, at: datetime) -> float:
        """How far a value is hers, 0 to 1: with the days that it has stood and the times that it came up."""
        return self.standing(kind, value, at)[0]

    def standing(self, kind: str, value: str | None, at: datetime) -> tuple[float, float]:
        """How far a value is hers, and the share of her strands that showed it."""
        of = self.kinds[kind]
        known = of.values.get(value) if value is not None else None
        if known is None:
            return 0.0, 0.0
        stood, ripe = at - known.first, 1 - 0.5**known.count
        if stood < RIPE:
            ripe *= 0.25 + 0.75 * max(0.0, stood / RIPE)
        return ripe, known.count / (self.counted - of.untold + START)

    def hour(self, at: datetime) -> float:
        """How likely this hour of day is for her against any hour, as a logarithm; 0 without a past.

        Each past hour counts as a bump over the hours beside it (von Mises kernel on the day's circle).
        """
        if self.strands < 10:
            return 0.0
        near = sum(map(mul, self._hours, _BUMPS[at.hour]))
        return log((near + 2.0) / (self.strands + 2.0))

    def rate(self, act: str, base: float, weight: float = 2.0) -> float:
        """How often she does this, per strand; `base` is how often owners do."""
        return (self.acts[act] + weight * base) / (self.strands + weight)


def _bumps() -> list[list[float]]:
    """For each hour that is asked about, how much every hour that she came tells of it."""
    bump = [exp(3.0 * cos(2 * pi * shift / 24)) for shift in range(24)]
    return [[24 * bump[abs(hour - at)] / sum(bump) for hour in range(24)] for at in range(24)]


_BUMPS = _bumps()
