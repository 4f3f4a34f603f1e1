"""What became of events that were handed to the log?"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Accepted:
    """How many events an append stored and how many were repeats.

    `fresh` tells which they were: the places in the batch, from 0, whose event was stored. None: all of them.
    """

    stored: int
    repeated: int
    fresh: frozenset[int] | None = field(default=None, compare=False)  # a detail of the two counts
