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

KINDS = ("device", "browser", "system", "address", "block", "network", "country")  # as in `Traits`
START = 0.8  # as many strands as stand for "she may show anything" before her first
SPREAD = {"device": 0.1, "browser": 0.15, "system": 0.1, "address": 0.7, "block": 0.6, "network": 0.25, "country": 0.1}
FORGOTTEN = timedelta(days=240)  # half of a past's weight is gone after so long an absence: people change telephones
RIPE = timedelta(days=10)  # a value that has stood for less is not yet fully hers


@dataclass(slots=True)
class Seen:
    """How often the owner showed a value, and when first."""

    count: int
    first: datetime


@dataclass(slots=True)
class Habits:
    """Counts of the owner's strands by value, act and hour."""

    strands: int = 0
    last: datetime | None = None
    seen: dict[tuple[str, str | None], Seen] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)  # strands that showed a value of this kind at all
    distinct: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    _hours: list[int] = field(default_factory=lambda: [0] * 24)  # strands by hour of day
    most_orders: int = 0
    largest: float = 0.0
    credentials: set[str] = field(default_factory=set)
    version: int = 0  # grows with each client that is new: what is unusual for her is another thing since
    _shown: set[Traits] = field(default_factory=set)
    _again: dict[Traits, int] = field(default_factory=dict)
    methods: Counter[str] = field(default_factory=Counter)
    factors: int = 0
    addresses: set[str] = field(default_factory=set)

    def learn(self, shown: Traits, at: datetime) -> None:
        """Take in one strand's circumstances."""
        self.strands += 1
        self.last = at
        self._hours[at.hour] += 1
        if shown in self._shown:
            self._again[shown] = self._again.get(shown, 0) + 1  # counted when somebody asks: most look alike
        else:
            self._shown.add(shown)
            self._count(shown, 1, at)
            self.version += 1

    def catch_up(self) -> None:
        """Count what was shown again since the last time. To be called before anything is asked."""
        if self.last is not None:
            for shown, again in self._again.items():
                self._count(shown, again, self.last)
            self._again.clear()

    def _count(self, shown: Traits, many: int, at: datetime) -> None:
        told, seen = self.told, self.seen
        for one in zip(KINDS, shown, strict=True):
            kind, value = one
            if value is None:
                continue
            told[kind] += many
            known = seen.get(one)
            if known is None:
                seen[one] = Seen(many, at)
                self.distinct[kind] += 1
            else:
                known.count += many

    def novelty(self, kind: str, at: datetime) -> float:
        """The probability that the owner shows a value of this kind that she never showed: 1 for a new account. After
        a long absence her past counts for less.
        """
        told = self.told[kind]
        if not told or self.last is None:
            return 1.0
        away = (at - self.last) / FORGOTTEN
        share = 0.5**away if away > 0 else 1.0
        return (START + SPREAD[kind] * self.distinct[kind] * share) / (told * share + START)

    def use(self, kind: str, value: str) -> float:
        """The share of her strands that showed this value."""
        known = self.seen.get((kind, value))
        return known.count / (self.told[kind] + START) if known else 0.0

    def has_shown(self, kind: str, value: str | None) -> bool:
        """Did she ever show this value?"""
        return (kind, value) in self.seen

    def ripeness(self, kind: str, value: str | None, at: datetime) -> float:
        """How far a value is hers, 0 to 1: with the days that it has stood and the times that it came up."""
        known = self.seen.get((kind, value)) if value is not None else None
        if known is None:
            return 0.0
        age = (at - known.first) / RIPE
        return (1 - 0.5**known.count) * min(1.0, 0.25 + 0.75 * max(0.0, age))

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
