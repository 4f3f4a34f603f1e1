"""How does a client fit the owner's habits? What that weighs is told for a strand when somebody reads it.

Hundreds of an owner's visits come from where she always comes from, and nobody asks why each of them is hers.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec import Struct

from takeback.core.investigate.findings import Reason
from takeback.core.investigate.reasons import Because

SURELY_HERS = -0.8  # a line of less weight is

Weighed = tuple[Because, float]


class Fit(Struct, frozen=True, eq=False, gc=False):
    """What a client's values weigh against the owner's habits as they were then, the weightiest first."""

    version: int
    until: datetime  # it holds before then,
    fewer_than: float  # and while so many of the owner's strands are not yet known
    weighed: tuple[Weighed, ...]
    ordinary: bool  # where she always comes from
    on_her_device: bool
    home: float  # the weight of a line of hers, below 0; 0 where it is none
    far: float | None  # that of a network and a country which are new to her; None where they are not
    teaches: bool  # nothing in it is new, or something vouches for it
    probability: float
    client: object  # what tells it from others over many visits; None where nothing does

    @property
    def hers(self) -> bool:
        """On a device or a line of hers?"""
        return self.on_her_device or self.home < 0

    @property
    def at_home(self) -> bool:
        """On a line that is surely hers?"""
        return self.home < SURELY_HERS

    def reasons(self, event: str) -> "FitReasons":
        """The same as reasons; `event` is the strand's first, by id."""
        return FitReasons(self.weighed, event)


class FitReasons(Struct, frozen=True, gc=False):
    """A fit's reasons for one strand, made when they are read. A `findings.Reasons`."""

    weighed: tuple[Weighed, ...]
    event: str

    def __len__(self) -> int:
        """How many there are."""
        return len(self.weighed)

    def __iter__(self) -> Iterator[Reason]:
        """Each, the weightiest first."""
        first = (self.event,)
        return iter([Reason(key, weight, first) for key, weight in self.weighed])


# Of a strand that has not been judged yet.
UNJUDGED = Fit(
    version=-1,
    until=datetime.min.replace(tzinfo=UTC),
    fewer_than=0.0,
    weighed=(),
    ordinary=False,
    on_her_device=False,
    home=0.0,
    far=None,
    teaches=False,
    probability=0.0,
    client=None,
)
