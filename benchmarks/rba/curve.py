"""How much is asked of owners for how many takeovers seen? TPR against median re-authentication, as Wiefling et al.
report it.

True positive rate (TPR): the share of takeovers that score at or above a threshold. At that threshold a user's
re-authentication number after n sign-ins is how many of the user's first n sign-ins score as high, and the
re-authentication rate is that number by n. The median is over the users with n sign-ins or more.
The very first sign-in counts among them, although neither model has anything yet to compare it with.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import ceil
from statistics import median

from benchmarks.rba.scoring import Scores

SIGN_INS = (5, 12, 39)
RATES = (0.5, 0.8, 0.9, 0.95, 0.98, 1.0)


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the curve. `number` and `rate` are medians over `users` users; None where there are none."""

    model: str
    tpr: float
    threshold: float
    sign_ins: int
    number: float | None
    rate: float | None
    users: int

    def as_dict(self) -> dict[str, object]:
        """The point as data."""
        return asdict(self)


def points(model: str, scores: Scores) -> Iterator[Point]:
    """The curve; empty where there was no takeover, for then no threshold has a TPR."""
    falling = sorted(scores.attacks, reverse=True)
    if not falling:
        return
    for wanted in RATES:
        limit = falling[ceil(wanted * len(falling)) - 1]
        tpr = sum(score >= limit for score in falling) / len(falling)
        for many in SIGN_INS:
            numbers = [sum(s >= limit for s in own[:many]) for own in scores.owners.values() if len(own) >= many]
            number = float(median(numbers)) if numbers else None
            yield Point(model, tpr, limit, many, number, None if number is None else number / many, len(numbers))
