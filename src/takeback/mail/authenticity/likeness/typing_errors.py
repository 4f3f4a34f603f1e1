"""How far is a name from the shop's name, counted in what a hand or an eye gets wrong?

A weighted edit distance with an upper bound. Two points are one slip: a letter left out, put in, doubled or swapped
with its neighbour, or another typed that lies beside it on a keyboard, is another vowel, or differs by one bit (the
classes that dnstwist lists). A letter that merely looks similar (b and d, u and v) costs one point, any other four.
"""

from functools import cache

SLIP = 2  # points
LIKE = 1
UNLIKE = 4

# dnstwist's table of ASCII look-alikes (dnstwist 20250130, Apache-2.0), each entry read both ways.
_GLYPHS = {
    "0": "o", "1": "l i", "3": "8", "6": "9", "b": "d lb", "c": "e", "d": "b cl dl", "g": "q", "h": "lh", "i": "1 l",
    "k": "lc", "m": "n nn rn", "n": "m r", "u": "v", "w": "vv", "5": "s", "2": "z", "7": "t", "8": "b", "9": "g",
    "4": "a",
}  # fmt: skip
_KEYBOARDS = (
    ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"),
    ("1234567890", "qwertzuiop", "asdfghjkl", "yxcvbnm"),
    ("1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn"),
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"


@cache
def _single() -> dict[str, int]:
    """Points for one letter in place of another, by the two letters; what is not listed is unlike."""
    points: dict[str, int] = {}
    for one in _LETTERS:
        for other in _LETTERS:
            if _beside(one, other) or {one, other} <= set("aeiou") or (ord(one) ^ ord(other)).bit_count() == 1:
                points[one + other] = SLIP
    for one, others in _GLYPHS.items():
        for other in others.split():
            if len(other) == 1:
                points[one + other] = points[other + one] = LIKE
    alike = [pair for pair, cost in points.items() if cost == LIKE]
    for first in alike:
        for then in alike:
            if first[1] == then[0] and first[0] != then[1]:  # m looks like n and n like r
                points.setdefault(first[0] + then[1], SLIP)
    return points


def _beside(one: str, other: str) -> bool:
    """Neighbours on a keyboard: the same row, or the rows above and below."""
    for rows in _KEYBOARDS:
        places = {key: (number, place) for number, row in enumerate(rows) for place, key in enumerate(row)}
        if one in places and other in places:
            (row, place), (other_row, other_place) = places[one], places[other]
            if abs(row - other_row) <= 1 and abs(place - other_place) <= 1:
                return True
    return False


@cache
def _double() -> dict[tuple[str, str], int]:
    """Points for two letters in place of one (rn for m), with a look-alike of either at one point more."""
    similar: dict[str, set[str]] = {}
    for one, others in _GLYPHS.items():
        for other in others.split():
            if len(other) == 1:
                similar.setdefault(one, set()).add(other)
                similar.setdefault(other, set()).add(one)
    points: dict[tuple[str, str], int] = {}
    for one, others in _GLYPHS.items():
        for pair in others.split():
            if len(pair) == 2:
                for near in similar.get(pair[0], ()):
                    points.setdefault((near + pair[1], one), SLIP)
                    if pair[0] == pair[1]:
                        points.setdefault((near + near, one), SLIP)
                for near in similar.get(pair[1], ()):
                    points.setdefault((pair[0] + near, one), SLIP)
    points.update({(pair, one): LIKE for one, others in _GLYPHS.items() for pair in others.split() if len(pair) == 2})
    return points


def allowed(length: int) -> int:
    """How many points a name of this length may differ and still be taken for the other: 0 up to four letters."""
    if length <= 4:
        return 0
    return SLIP if length < 9 else 2 * SLIP


def _too_far(seen: str, name: str, most: int) -> bool:
    """A quick look first: one point changes one letter at the most (a pair stands for one letter and brings two)."""
    if not -most <= len(seen) - len(name) <= most:
        return True
    there, wanted = set(seen), set(name)
    return len(wanted - there) > most or len(there - wanted) > most + 1


def slips(seen: str, name: str, most: int) -> int | None:
    """Points between what is seen and the name, or None where they are more than `most`. Both are `letters.shape`s."""
    if not most or _too_far(seen, name, most):
        return None
    single, double = _single(), _double()
    before: list[int] = []
    last: list[int] = []
    row = [column * SLIP for column in range(len(name) + 1)]
    for i, letter in enumerate(seen):
        before, last, row = last, row, [row[0] + SLIP]
        for j, wanted in enumerate(name):
            if letter == wanted:
                best = last[j]
            else:
                best = last[j] + (single.get(letter + wanted, UNLIKE) if letter.isascii() else LIKE)
            best = min(best, last[j + 1] + SLIP, row[j] + SLIP)
            if i and before[j] < best:
                if j and letter == name[j - 1] and seen[i - 1] == wanted:
                    best = min(best, before[j - 1] + SLIP)
                two = seen[i - 1 : i + 1]
                best = min(best, before[j] + double.get((two, wanted), UNLIKE + SLIP))
                if two == "es" and wanted == name[j] and name[j] in "sxz":  # the plural: boxes for box
                    best = min(best, before[j + 1] + SLIP)
            if j and last[j - 1] < best:
                best = min(best, last[j - 1] + double.get((name[j - 1 : j + 1], letter), UNLIKE + SLIP))
            row.append(best)
        if min(row) > most and min(last) > most:
            return None
    return row[-1] if row[-1] <= most else None
