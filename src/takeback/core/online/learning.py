"""What becomes a habit? A visit that ended a day ago, was never doubted, and in which something vouches for what was
new: the same bounds as `core.investigate.judging.teaches`.

So whoever comes with a stranger's device does not become familiar by coming often, however quiet he is, and what came
in late or twice teaches nothing at all.
"""

from takeback.core.investigate.acts import RATES
from takeback.core.investigate.judging import NEWCOMER, OWNER_UP_TO, PRIOR, probability, vouches
from takeback.core.investigate.reasons import Because
from takeback.core.online.profile import MOST, Profile, Seen, Visit, remember

DAY = 86_400  # seconds
LEARNED: frozenset[str] = frozenset(RATES)  # the acts that have a rate; what a client shows is counted by its kind


def ripen(profile: Profile, at: int) -> None:
    """Take in the visits that ended a day before `at` (seconds of the epoch), and let go of them."""
    if not profile.open or profile.open[0].end >= at - DAY:
        return
    ripe = [visit for visit in profile.open if visit.end < at - DAY]
    profile.open = [visit for visit in profile.open if visit.end >= at - DAY]
    for visit in ripe:
        if probability(visit.peak - PRIOR) > OWNER_UP_TO or visit.late or not visit.events:
            continue
        if is_vouched(visit):
            learn(profile, visit)
        elif visit.shown.device is not None:
            _stay(profile, visit.shown.device, visit)


def is_vouched(visit: Visit) -> bool:
    """Is nothing in it new, or does something show that what is new is the owner's own?"""
    newcomer = not NEWCOMER.isdisjoint(visit.why)
    return not newcomer or visit.vouched or any(vouches(Because(key), weight) for key, weight in visit.why.items())


def learn(profile: Profile, visit: Visit) -> None:
    """Count one visit of the owner's."""
    at = visit.start
    profile.visits += 1
    profile.last = max(profile.last, at)
    for kind, value in zip(profile.kinds, visit.shown, strict=True):
        if value is not None:
            kind.learn(value, at)
    for key in visit.why:
        if key in LEARNED:
            profile.acts[key] = profile.acts.get(key, 0) + 1
    for kept, things in (
        (profile.parcels, visit.parcels),
        (profile.cards, visit.cards),
        (profile.credentials, visit.credentials),
    ):
        for thing in things:
            remember(kept, thing, at)
    profile.largest = max(profile.largest, visit.worth)
    profile.most_orders = max(profile.most_orders, visit.orders)
    if visit.method is not None and (visit.method in profile.methods or len(profile.methods) < MOST):
        profile.methods[visit.method] = profile.methods.get(visit.method, 0) + 1
        profile.factors += visit.proven


def _stay(profile: Profile, device: str, visit: Visit) -> None:
    """A device that nothing vouches for came once more and did nothing: it weighs less in time, and is never hers."""
    known = profile.stayed.get(device)
    if known is not None:
        known.count, known.last = known.count + 1, visit.start
        return
    if len(profile.stayed) >= MOST:
        del profile.stayed[min(profile.stayed, key=lambda one: profile.stayed[one].last)]
    profile.stayed[device] = Seen(1, visit.start, visit.start)
