"""How are the dice thrown so that they fall alike everywhere? From `Random.random()` alone, seeded with a text.

Python promises the stream of `random()` for a seed, but not the way `choice`, `sample` or `gauss` use it.
"""

import math
from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

Thing = TypeVar("Thing")
_LETTERS = "abcdefghjkmnpqrstvwxyz"


class Chance:
    """A stream of draws named by a path; `branch` gives an independent one, so that draws added to one part of the
    world leave the others as they were.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self.random = Random(path).random

    def branch(self, name: object) -> "Chance":
        """An independent stream."""
        return Chance(f"{self._path}/{name}")

    def odds(self, share: float) -> bool:
        """True in `share` (0 to 1) of all draws."""
        return self.random() < share

    def below(self, end: int) -> int:
        """A whole number from 0 to `end` - 1."""
        return int(self.random() * end)

    def between(self, first: int, last: int) -> int:
        """A whole number, both ends included."""
        return first + int(self.random() * (last - first + 1))

    def within(self, low: float, high: float) -> float:
        """Uniform."""
        return low + self.random() * (high - low)

    def log_within(self, low: float, high: float) -> float:
        """Uniform on the scale of logarithms."""
        return low * math.exp(self.random() * math.log(high / low))

    def pick(self, things: Sequence[Thing]) -> Thing:
        """One of them, all alike."""
        return things[int(self.random() * len(things))]

    def weighted(self, shares: Mapping[Thing, float]) -> Thing:
        """One of the keys, by its share (they need not add up to 1)."""
        point = self.random() * sum(shares.values())
        for thing, share in shares.items():
            point -= share
            if point < 0:
                return thing
        return list(shares)[-1]  # rounding at the far end

    def some(self, things: Sequence[Thing], count: int) -> list[Thing]:
        """`count` of them (or all, where there are fewer), none twice, in the order drawn."""
        rest = list(things)
        return [rest.pop(int(self.random() * len(rest))) for _ in range(min(count, len(rest)))]

    def bell(self) -> float:
        """About a standard normal draw, from -6 to 6."""
        return sum(self.random() for _ in range(12)) - 6.0

    def around(self, median: float, spread: float) -> float:
        """A log-normal draw; `spread` is the standard deviation of its logarithm."""
        return median * math.exp(spread * self.bell())

    def wait(self, mean: float) -> float:
        """An exponential draw."""
        return -mean * math.log(1.0 - self.random())

    def count(self, mean: float) -> int:
        """A Poisson draw."""
        left, number = math.exp(-mean), 0
        product = self.random()
        while product > left:
            product *= self.random()
            number += 1
        return number

    def letters(self, length: int) -> str:
        """Small letters without digits: an id that can never be taken for a card number."""
        return "".join(_LETTERS[int(self.random() * len(_LETTERS))] for _ in range(length))
