"""`python -m takeback.intake.training`: which weights do the sentences teach? Writes them where the model reads them.

Logistic regression by stochastic gradients whose steps shrink as a feature is met (AdaGrad: Duchi, Hazan and Singer,
2011). The order is drawn from a fixed hash, so that the same sentences give the same weights everywhere. One third of
the situations is held out and never learned from: it measures what is shipped.
"""

import sys
from array import array
from collections.abc import Iterable, Sequence
from hashlib import sha256
from math import sqrt
from pathlib import Path

from takeback.intake.features import SIZE, Features, of_text
from takeback.intake.model import MANY, WEIGHTS, Model, shares
from takeback.intake.plain import plain, runs
from takeback.intake.sentences import HELD_OUT, KINDS, Sentence, sentences

ROUNDS = 6
PACE, SHRINK, START_PACE = 0.1, 1e-5, 0.02
LARGEST = 127


def learned(taught: Sequence[Sentence]) -> Model:
    """The model that these sentences teach."""
    rows = [(of_text(one.text), KINDS.index(one.kind)) for one in taught]
    weights, start = _descend(rows)
    most = max(map(abs, weights)) or 1.0
    step = most / LARGEST
    words = {run for one in taught if one.language == "en" for run in runs(plain(one.text)) if run.isascii()}
    steps = array("b", [round(weight / step) for weight in weights])
    return Model(step, tuple(start), steps, frozenset(words))


def _descend(rows: Sequence[tuple[Features, int]]) -> tuple[list[float], list[float]]:
    weights, met = [0.0] * (SIZE * MANY), [1e-6] * (SIZE * MANY)
    start = [0.0] * MANY
    for turn in range(ROUNDS):
        for place in _order(len(rows), turn):
            features, kind = rows[place]
            sums = start[:]
            for number, value in features:
                for one in range(MANY):
                    sums[one] += weights[number * MANY + one] * value
            wrong = shares(sums)
            wrong[kind] -= 1.0
            for number, value in features:
                for one in range(MANY):
                    at = number * MANY + one
                    slope = wrong[one] * value + SHRINK * weights[at]
                    met[at] += slope * slope
                    weights[at] -= PACE * slope / sqrt(met[at])
            for one in range(MANY):
                start[one] -= START_PACE * wrong[one]
    return weights, start


def _order(many: int, turn: int) -> Iterable[int]:
    return sorted(range(many), key=lambda place: sha256(f"{turn}/{place}".encode()).digest())


def taught(held_out: int = HELD_OUT) -> list[Sentence]:
    """The sentences that are learned from."""
    return [one for one in sentences() if one.third != held_out]


def main() -> int:
    """Write the weights."""
    path = Path(__file__).with_name(WEIGHTS)
    packed = learned(taught()).packed()
    path.write_bytes(packed)
    sys.stdout.write(f"{path.name}: {len(packed):,} bytes from {len(taught()):,} sentences\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
