"""How does a client fit the owner's habits? What that weighs is told for a strand when somebody reads it.

Hundreds of an owner's visits come from where she always comes from, and nobody asks why each of them is hers.
"""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from takeback.core.investigate.findings import Reason
from takeback.core.investigate.reasons import Because

Weighed = tuple[Because, float]


class Fit(Struct, eq=False, gc=False):
    """What a client's values weigh against the owner's habits as they were then, the weightiest first."""

    version: int
    until: datetime  # it holds before then,
    fewer_than: float  # and while so many of the owner's strands are not yet known
    weighed: tuple[Weighed, ...]
    ordinary: bool  # where she always comes from
    hers: bool  # on a device or a line of hers
    teaches: bool  # nothing in it is new, or something vouches for it
    probability: float

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
