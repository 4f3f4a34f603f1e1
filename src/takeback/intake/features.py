"""Of which features is a text made? Those that the model has weights for, each a number below `SIZE` with a value.

Letters: the n-grams of its words and of its runs of Japanese, and its words and pairs of words. Signs, and pairs of
signs: what tells "my order is late" from "not my order" is which of them come together.
"""

from collections.abc import Iterator
from itertools import combinations
from math import sqrt
from zlib import crc32

from takeback.intake.plain import plain, runs
from takeback.intake.signs import signs

SIZE = 1 << 15
LATIN, JAPANESE = (3, 5), (1, 4)  # lengths of n-grams, from and to
OF_LETTERS, OF_SIGN, OF_PAIR = 0.5, 0.5, 0.25

Features = list[tuple[int, float]]


def features(told: str) -> Features:
    """The features of a plain text, in a fixed order. All letters together weigh as much whatever the length."""
    letters = sorted({_number(gram) for gram in grams(told)})
    value = OF_LETTERS / sqrt(len(letters)) if letters else 0.0
    found = signs(told)
    told_of = [(_number(f"~{name}"), OF_SIGN) for name in found]
    together = [(_number(f"~{one}~{other}"), OF_PAIR) for one, other in combinations(found, 2)]
    many = (_number(f"~{min(len(found), 5)}"), OF_SIGN)
    return [*((number, value) for number in letters), *told_of, *together, many]


def grams(told: str) -> Iterator[str]:
    """n-grams of letters within words and runs; words, and pairs of words that follow each other."""
    before = "^"
    for run in runs(told):
        latin = run.isascii()
        least, most = LATIN if latin else JAPANESE
        marked = f" {run} " if latin else run
        for length in range(least, most + 1):
            for start in range(len(marked) - length + 1):
                yield marked[start : start + length]
        if latin:
            yield f"={run}"
            yield f"{before}_{run}"
            before = run


def of_text(text: str) -> Features:
    """The features of a text as it was written."""
    return features(plain(text))


def _number(name: str) -> int:
    return crc32(name.encode()) % SIZE
