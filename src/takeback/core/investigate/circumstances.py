"""Where from, with what and when? How a strand's circumstances fit this owner, against how they would fit an intruder.

The form is that of Freeman, Jain, Dürmuth, Biggio and Giacinto, "Who Are You? A Statistical Approach to Measuring User
Authenticity" (NDSS 2016): for each feature the logarithm of p(x | attack) / p(x | u, legitimate), smoothed so that what
was never seen has a probability too, and backing off from the address to its block, network and country. Two things
differ. Features are taken one given the other (network given device, country given network), because a journey changes
all three at once and must not count thrice. And p(x | attack) leaves room for an intruder who comes through the
owner's own carrier, copies her browser or holds her device's cookie.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from math import log

from msgspec import Struct

from takeback.core.investigate.findings import Reason
from takeback.core.investigate.fit import Fit, Weighed
from takeback.core.investigate.habits import Habits
from takeback.core.investigate.hosting import HOSTING
from takeback.core.investigate.judging import NEWCOMER, probability, vouches
from takeback.core.investigate.reasons import Because
from takeback.core.investigate.strands import Strand
from takeback.core.investigate.traits import Traits

# p(x | attack): how often an intruder shows what is the owner's.
HAS_HER_DEVICE = 0.03
HAS_HER_BROWSER = 0.35  # the commonest browsers are everybody's, and some copy hers
AT_HER_ADDRESS = 0.004
IN_HER_BLOCK = 0.015
IN_HER_NETWORK = 0.12
IN_HER_COUNTRY = 0.5
# How much each logarithm is worth beside the others, and the most that it may weigh: features are not independent.
DEVICE_KNOWN, DEVICE_NEW_MOST, DEVICE_UNRIPE_MOST = 0.7, 3.6, 0.5
DEVICE_COPIED = 3.0  # a cookie stays in its browser, and that on its system
BROWSER_KNOWN, BROWSER_KNOWN_MOST = 0.4, 0.3
BROWSER_NEW_MOST, BROWSER_NEW_MOST_ALONE = 1.3, 2.2  # beside a new device, which has told most of it; and without one
HOME, HOME_ON_HER_DEVICE, HOME_MOST = 1.9, 1.2, 5.0  # her own line; her device has told it in part
NEAR, NEAR_LEAST, NEAR_MOST = 0.3, -0.6, 0.3
NETWORK_NEW, NETWORK_NEW_MOST, NETWORK_HOSTING = 0.9, 2.2, 1.8
FAR_ON_HER_DEVICE = 0.7  # people travel with their telephones; what is far says less on one of hers
COUNTRY_NEW = 1.1
AWAY, AWAY_FOR_EACH, AWAY_MOST = 0.08, 0.1, 0.8  # how often a network new to her is abroad; more for who has travelled
HOUR_USUAL, HOUR_UNUSUAL, HOUR, HOUR_USUAL_MOST, HOUR_UNUSUAL_MOST = 0.3, -0.7, 0.7, 0.7, 1.2
ORDINARY = -4.0  # circumstances that no usual act can outweigh
# How long a weight that was worked out holds, whatever else stays the same; that of where she always comes from longer.
HOLDS, ORDINARY_HOLDS = timedelta(days=10), timedelta(days=30)
GROWN, ORDINARY_GROWN = 1.1, 1.5  # and so does it while her past has not grown by as much
TOLD_TOO_LITTLE = 1.0  # what a client adds that shows no device where hers always do


# Of nearly every strand: in Python 3.11 it takes 100 ns to read a member off its class.
_HER_DEVICE, _HER_LINE = Because.DEVICE_KNOWN, Because.NETWORK_KNOWN
FAR = frozenset({Because.NETWORK_NEVER_SEEN, Because.NETWORK_HOSTING, Because.COUNTRY_NEVER_SEEN})


class Circumstances(Struct, eq=False):
    """Weighs strands against one owner's habits; what was worked out for a client holds until those change."""

    habits: Habits
    worked_out: dict[Traits, Fit] = {}

    def fit(self, strand: Strand) -> Fit:
        """How a strand's client fits the owner's habits before it."""
        shown, at, habits = strand.traits, strand.start, self.habits
        known = self.worked_out.get(shown)
        if known is None or known.version != habits.version or at >= known.until or habits.strands >= known.fewer_than:
            habits.catch_up()
            known = self.worked_out[shown] = _fit(shown, habits, at)
        return known

    def hour(self, strand: Strand) -> list[Reason]:
        """What the hour of day says, where it says something."""
        hour = self.habits.hour(strand.start)
        if hour > HOUR_USUAL:
            return [Reason(Because.HOUR_USUAL, -min(HOUR_USUAL_MOST, hour * HOUR), (strand.first.id,))]
        if hour < HOUR_UNUSUAL:
            return [Reason(Because.HOUR_UNUSUAL, min(HOUR_UNUSUAL_MOST, -hour * HOUR), (strand.first.id,))]
        return []


def _fit(shown: Traits, habits: Habits, at: datetime) -> Fit:
    device, use = habits.standing("device", shown.device, at)
    weighed = [*_device(shown, habits, at, device, use), *_browser(shown, habits, at, device)]
    weighed += _network(shown, habits, at, device)
    if len(weighed) > 1:
        weighed.sort(key=_strength, reverse=True)
    together, home, new = 0.0, 0.0, False
    on_hers, far = False, None
    for key, weight in weighed:
        together += weight
        if key is _HER_DEVICE:
            on_hers = True
        elif key is _HER_LINE:
            home = weight
        elif key in FAR:
            far = weight if far is None else far + weight
        elif key in NEWCOMER:
            new = True
    ordinary = together <= ORDINARY
    return Fit(
        habits.version,
        at + (ORDINARY_HOLDS if ordinary else HOLDS),
        habits.strands * (ORDINARY_GROWN if ordinary else GROWN),
        tuple(weighed),
        ordinary,
        on_hers,
        home,
        far,
        not new or any(vouches(key, weight) for key, weight in weighed),
        probability(together),
        client_of(shown, known_but_far=on_hers and far is not None),
    )


def client_of(shown: Traits, *, known_but_far: bool) -> object:
    """What tells a client from others over many visits: its device, or a browser in a network; None where nothing does.

    A device of the owner's in a network that is new to her is a client of its own: a new habit of hers, or a stolen
    cookie.
    """
    device = shown.device
    if device is not None and not known_but_far:
        return device
    what, where = device or shown.browser, shown.network or shown.block
    return (what, where) if device is not None or (what and where) else None


def _strength(one: Weighed) -> float:
    return abs(one[1])


def _device(shown: Traits, habits: Habits, at: datetime, ripe: float, use: float) -> Iterable[Weighed]:
    if shown.device is None:
        untold = habits.told("device") >= 3 and any(shown)
        return [(Because.CLIENT_UNTOLD, TOLD_TOO_LITTLE)] if untold else ()
    if not ripe and not habits.told("device"):
        return ()
    new = log((1 - HAS_HER_DEVICE) / habits.novelty("device", at))
    if not ripe:
        return [(Because.DEVICE_NEVER_SEEN, min(new, DEVICE_NEW_MOST))]
    known = log(HAS_HER_DEVICE / max(use, 0.25)) * DEVICE_KNOWN
    return [(_HER_DEVICE, ripe * known + (1 - ripe) * min(new, DEVICE_UNRIPE_MOST))]


def _browser(shown: Traits, habits: Habits, at: datetime, device: float) -> Iterable[Weighed]:
    if device and habits.has_shown("system", shown.system):
        return ()
    if shown.browser is None or not habits.told("browser"):
        return ()
    if device:
        return [(Because.DEVICE_COPIED, DEVICE_COPIED)]
    ripe, use = habits.standing("browser", shown.browser, at)
    if ripe:
        known = log(HAS_HER_BROWSER / max(use, 0.2))
        return [(Because.BROWSER_KNOWN, min(0.0, max(-BROWSER_KNOWN_MOST, BROWSER_KNOWN * known)) * ripe)]
    most = BROWSER_NEW_MOST if shown.device is not None else BROWSER_NEW_MOST_ALONE
    new = log((1 - HAS_HER_BROWSER) / habits.novelty("browser", at))
    return [(Because.BROWSER_NEVER_SEEN, min(most, new))]


def _network(shown: Traits, habits: Habits, at: datetime, device: float) -> Iterable[Weighed]:
    """Address block, then network, then country: the finest that is known speaks, and the coarser given the finer."""
    if shown.block is None and shown.network is None:
        return _country(shown, habits, at)
    block, use = habits.standing("block", shown.block, at)
    if block:
        known = log(IN_HER_BLOCK / max(use, 0.03))
        if (exact := habits.use("address", shown.address)) > 0.05:
            known = min(known, log(AT_HER_ADDRESS / exact))
        worth = HOME_ON_HER_DEVICE if device > 0.5 else HOME
        return [(_HER_LINE, max(-HOME_MOST, known * block * worth))]
    network, use = habits.standing("network", shown.network, at)
    if network:
        near = log(IN_HER_NETWORK / max(use * habits.novelty("block", at), 0.01))
        return [(Because.NETWORK_NEAR, max(NEAR_LEAST, min(NEAR_MOST, NEAR * near)) * network)]
    return _far(shown, habits, at, device)


def _far(shown: Traits, habits: Habits, at: datetime, device: float) -> Iterator[Weighed]:
    """Neither the block nor the network is known."""
    kind = "network" if shown.network is not None and habits.told("network") else "block"
    if habits.told(kind):
        worth = 1.0 - (1.0 - FAR_ON_HER_DEVICE) * device
        yield (
            Because.NETWORK_NEVER_SEEN,
            worth * min(NETWORK_NEW_MOST, NETWORK_NEW * log(0.9 / habits.novelty(kind, at))),
        )
        if shown.network in HOSTING:
            yield Because.NETWORK_HOSTING, worth * NETWORK_HOSTING
        yield from _country(shown, habits, at)


def _country(shown: Traits, habits: Habits, at: datetime) -> Iterator[Weighed]:
    """The country, given that the network is new."""
    if shown.country is None or not habits.told("country"):
        return
    away = min(AWAY_MOST, AWAY + AWAY_FOR_EACH * (len(habits.kinds["country"].values) - 1))
    past = habits.strands / (habits.strands + 3.0)
    if habits.ripeness("country", shown.country, at):
        yield Because.COUNTRY_KNOWN, log(IN_HER_COUNTRY / (1 - away)) * past
    else:
        yield Because.COUNTRY_NEVER_SEEN, COUNTRY_NEW * log((1 - IN_HER_COUNTRY) / away) * past
