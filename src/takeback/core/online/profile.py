"""What is remembered of an account from one event to the next? A few counters of what its owner shows, and the visits
of the last day: never more than `MOST` values of a kind, however long the account lives.

Only a visit that is a day old and was not doubted is counted into the past (`learning`). Times are whole seconds of the
epoch, so that a profile is small and quick to read; its packed form is MessagePack, rows without names.
"""

from hashlib import blake2b

import msgspec
from msgspec import Struct

from takeback.core.investigate.habits import FORGOTTEN, RIPE, SPREAD, START
from takeback.core.investigate.traits import Traits

MOST = 32  # values of a kind
MOST_OPEN = 16  # visits that wait to be a day old
MOST_FAILURES = 16
MOST_THINGS = 8  # addresses, cards and credentials that one visit is known by
_FORGOTTEN, _RIPE = FORGOTTEN.total_seconds(), RIPE.total_seconds()


class Seen(Struct, array_like=True, gc=False):
    """How many of the owner's visits showed a value, and when the first and the last of them began."""

    count: int
    first: int
    last: int


class Kind(Struct, array_like=True):
    """What the owner showed of one kind of value. `told`: how many of her visits showed one at all."""

    spread: float
    told: int = 0
    values: dict[str, Seen] = {}

    def novelty(self, at: int, last: int) -> float:
        """The probability that she shows a value of this kind for the first time: `habits.Habits.novelty`."""
        told = self.told
        if not told:
            return 1.0
        away = (at - last) / _FORGOTTEN
        share = 0.5**away if away > 0 else 1.0
        return (START + self.spread * len(self.values) * share) / (told * share + START)

    def standing(self, value: str | None, at: int) -> tuple[float, float]:
        """How far a value is hers, 0 to 1, and the share of her visits that showed it: `habits.Habits.standing`."""
        known = self.values.get(value) if value is not None else None
        if known is None:
            return 0.0, 0.0
        stood, ripe = at - known.first, 1 - 0.5**known.count
        if stood < _RIPE:
            ripe *= 0.25 + 0.75 * max(0.0, stood / _RIPE)
        return ripe, known.count / (self.told + START)

    def learn(self, value: str, at: int) -> None:
        """Count one of her visits. Where there is no room, what came up least, and longest ago, gives way."""
        self.told += 1
        known = self.values.get(value)
        if known is not None:
            known.count += 1
            known.first, known.last = min(known.first, at), max(known.last, at)
            return
        if len(self.values) >= MOST:
            del self.values[min(self.values, key=self._worth)]
        self.values[value] = Seen(1, at, at)

    def _worth(self, value: str) -> tuple[int, int]:
        seen = self.values[value]
        return seen.count, seen.last


class Visit(Struct, array_like=True):
    """What one client did in one session, lately. `weight` is the sum of `why`, weights in log-odds by reason key;
    `noted`, `new` and `steps` are bits: reasons that acts gave, what of the client is new to her, and acts of rules.
    """

    session: str | None
    ip: str | None  # with device and agent: the client as it showed itself last
    device: str | None
    agent: str | None
    shown: Traits
    start: int
    end: int
    new: int = 0
    noted: int = 0
    events: int = 0
    weight: float = 0.0
    peak: float = 0.0  # the highest score so far
    orders: int = 0
    worth: float = 0.0  # of the largest order
    vouched: bool = False  # something showed that what is new in it is the owner's own
    late: bool = False  # it came in long after later events: it is weighed, and teaches nothing
    reset: bool = False
    method: str | None = None
    proven: bool = False  # a second factor was shown
    why: dict[str, float] = {}
    parcels: list[str] = []
    cards: list[str] = []
    credentials: list[str] = []


class Failure(Struct, array_like=True, gc=False):
    """A sign-in that failed, and from where."""

    at: int
    ip: str | None
    device: str | None


def _kinds() -> tuple[Kind, Kind, Kind, Kind, Kind, Kind, Kind]:
    device, browser, system, address, block, network, country = (Kind(SPREAD[name]) for name in Traits._fields)
    return device, browser, system, address, block, network, country


class Profile(Struct, array_like=True):
    """One account's past and its last day. `kinds` are in the order of `Traits`."""

    visits: int = 0  # of the owner's, that were learned
    last: int = 0  # when the newest of them began
    newest: int = 0  # the newest event that was weighed
    since: int = 0  # the oldest
    kinds: tuple[Kind, Kind, Kind, Kind, Kind, Kind, Kind] = msgspec.field(default_factory=_kinds)
    acts: dict[str, int] = {}  # in how many of her visits she did what a reason key says
    methods: dict[str, int] = {}
    factors: int = 0
    largest: float = 0.0
    most_orders: int = 0
    parcels: dict[str, int] = {}  # digests of addresses that she had something sent to, and when last
    cards: dict[str, int] = {}
    credentials: dict[str, int] = {}
    stayed: dict[str, Seen] = {}  # devices that came again and again undoubted, though nothing vouches for them
    open: list[Visit] = []  # oldest first
    failures: list[Failure] = []
    chains: dict[str, list[int]] = {}  # how far each rule of several steps is, by its name

    @property
    def past(self) -> float:
        """How much there is to break with, 0 to 1: a new account has no habits."""
        return self.visits / (self.visits + 2.0)

    def rate(self, act: str, base: float) -> float:
        """How often she does this, per visit; `base` is how often owners do."""
        return (self.acts.get(act, 0) + 2.0 * base) / (self.visits + 2.0)

    def pack(self) -> bytes:
        """The profile as bytes."""
        return _encoder.encode(self)


def unpack(packed: bytes) -> Profile | None:
    """A profile from its bytes; None for what another version of the software has written."""
    try:
        return _decoder.decode(packed)
    except msgspec.DecodeError:
        return None


def digest_of(thing: str) -> str:
    """A name for an address or a card that says nothing of it by itself, and takes little room."""
    return blake2b(thing.encode(errors="surrogatepass"), digest_size=8).hexdigest()


def remember(things: dict[str, int], thing: str, at: int) -> None:
    """Keep the newest `MOST` of these."""
    if thing not in things and len(things) >= MOST:
        del things[min(things, key=things.__getitem__)]
    things[thing] = at


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Profile)
