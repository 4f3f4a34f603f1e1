"""How likely is each kind? A linear model: weights of features, summed, and turned into shares of 1.

Weights are kept as whole steps from -127 to 127 of one size, in a file that `takeback.intake.training` makes from the
sentences: a first line of JSON with the size of a step, the starting values and the English words that were learned
from, then a byte for each feature and kind.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import Self

import msgspec
from msgspec import Struct

from takeback.intake.features import SIZE, Features
from takeback.intake.sentences import KINDS, Kind

MANY = len(KINDS)
WEIGHTS = "weights.bin"


class Head(Struct, frozen=True, forbid_unknown_fields=True):
    """The first line of the file. `step` and `start` are in log-odds."""

    step: float
    start: tuple[float, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """The weights, as steps, and the words that they were learned from."""

    step: float
    start: tuple[float, ...]
    steps: "array[int]"  # quoted: array takes no parameters before Python 3.12
    words: frozenset[str]

    @classmethod
    def parse(cls, packed: bytes) -> Self:
        """The model that a file holds."""
        first, _, rest = packed.partition(b"\n")
        head = msgspec.json.decode(first, type=Head)
        steps = array("b", rest)
        if len(steps) != SIZE * MANY or len(head.start) != MANY:
            raise ValueError(f"{WEIGHTS} does not fit the features: run python -m takeback.intake.training")
        return cls(head.step, head.start, steps, frozenset(head.words))

    def packed(self) -> bytes:
        """The bytes of its file."""
        head = Head(self.step, self.start, tuple(sorted(self.words)))
        return msgspec.json.encode(head) + b"\n" + self.steps.tobytes()

    def shares(self, features: Features) -> dict[Kind, float]:
        """How likely each kind is, 0..1, together 1."""
        alike: dict[float, list[Sequence[int]]] = {}
        for number, value in features:
            alike.setdefault(value, []).append(self.steps[number * MANY : (number + 1) * MANY])
        scores = [*self.start]
        for value, rows in alike.items():  # nearly all have one value, and whole numbers are summed without a loop here
            for kind, total in enumerate(map(sum, zip(*rows, strict=True))):
                scores[kind] += total * value * self.step
        return dict(zip(KINDS, shares(scores), strict=True))


def shares(scores: Sequence[float]) -> list[float]:
    """Scores in log-odds as shares of 1."""
    most = max(scores)
    raised = [exp(score - most) for score in scores]
    whole = sum(raised)
    return [one / whole for one in raised]


@cache
def model() -> Model:
    """The model that is shipped."""
    return Model.parse(files("takeback.intake").joinpath(WEIGHTS).read_bytes())
