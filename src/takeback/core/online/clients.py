"""Where from and with what? How a client fits what is remembered of the owner, in the investigation's own log-odds.

The weights are those of `core.investigate.circumstances`, which says where they come from; they are worked out once a
visit. What ties visits to each other is left to the investigation, which looks wherever this one finds something.
"""

from collections.abc import Iterator
from math import log

from takeback.core.investigate.circumstances import (
    AT_HER_ADDRESS,
    AWAY,
    AWAY_FOR_EACH,
    AWAY_MOST,
    BROWSER_KNOWN,
    BROWSER_KNOWN_MOST,
    BROWSER_NEW_MOST,
    BROWSER_NEW_MOST_ALONE,
    COUNTRY_NEW,
    DEVICE_COPIED,
    DEVICE_KNOWN,
    DEVICE_NEW_MOST,
    DEVICE_UNRIPE_MOST,
    FAR_ON_HER_DEVICE,
    HAS_HER_BROWSER,
    HAS_HER_DEVICE,
    HOME,
    HOME_MOST,
    HOME_ON_HER_DEVICE,
    IN_HER_BLOCK,
    IN_HER_COUNTRY,
    IN_HER_NETWORK,
    NEAR,
    NEAR_LEAST,
    NEAR_MOST,
    NETWORK_HOSTING,
    NETWORK_NEW,
    NETWORK_NEW_MOST,
    TOLD_TOO_LITTLE,
)
from takeback.core.investigate.hosting import HOSTING
from takeback.core.investigate.reasons import Because
from takeback.core.investigate.traits import Traits
from takeback.core.online.profile import Profile, Visit

NEW_DEVICE, NEW_NETWORK, NEW_COUNTRY = 1, 2, 4  # bits of `Visit.new`
STAYED_LEAST, STAYED_DAYS = 3, 21  # a device that came so often, over so many days, and did nothing
STAYED_WORTH = 0.4  # of what a device weighs that was never seen
Weighed = tuple[Because, float]


def weigh_client(profile: Profile, visit: Visit) -> None:
    """Write into a visit what its client weighs, and what of it the owner never showed before."""
    shown, at = visit.shown, visit.start
    device = profile.kinds[0].standing(shown.device, at)[0]
    for key, weight in (
        *_device(profile, shown, at),
        *_browser(profile, shown, at, device),
        *_network(profile, shown, at, device),
    ):
        visit.why[key] = weight
        visit.weight += weight
    visit.new = _new(profile, shown)


def _new(profile: Profile, shown: Traits) -> int:
    """What of this is new: only where something of the kind is known of her at all."""
    device, _, _, _, _, network, country = profile.kinds
    new = 0
    if device.told and shown.device not in device.values:
        new = NEW_DEVICE
    if network.told and shown.network is not None and shown.network not in network.values:
        new |= NEW_NETWORK
    if country.told and shown.country is not None and shown.country not in country.values:
        new |= NEW_COUNTRY
    return new


def _device(profile: Profile, shown: Traits, at: int) -> Iterator[Weighed]:
    devices = profile.kinds[0]
    if shown.device is None:
        if devices.told >= 3 and any(shown):
            yield Because.CLIENT_UNTOLD, TOLD_TOO_LITTLE
        return
    ripe, use = devices.standing(shown.device, at)
    if not ripe and not devices.told:
        return
    new = log((1 - HAS_HER_DEVICE) / devices.novelty(at, profile.last))
    if not ripe:
        stayed = profile.stayed.get(shown.device)
        long = stayed is not None and stayed.count >= STAYED_LEAST and at - stayed.first >= STAYED_DAYS * 86_400
        yield Because.DEVICE_NEVER_SEEN, min(new, DEVICE_NEW_MOST) * (STAYED_WORTH if long else 1.0)
        return
    known = log(HAS_HER_DEVICE / max(use, 0.25)) * DEVICE_KNOWN
    yield Because.DEVICE_KNOWN, ripe * known + (1 - ripe) * min(new, DEVICE_UNRIPE_MOST)


def _browser(profile: Profile, shown: Traits, at: int, device: float) -> Iterator[Weighed]:
    _, browsers, systems, _, _, _, _ = profile.kinds
    if (device and shown.system in systems.values) or shown.browser is None or not browsers.told:
        return
    if device:
        yield Because.DEVICE_COPIED, DEVICE_COPIED
        return
    ripe, use = browsers.standing(shown.browser, at)
    if ripe:
        known = log(HAS_HER_BROWSER / max(use, 0.2))
        yield Because.BROWSER_KNOWN, min(0.0, max(-BROWSER_KNOWN_MOST, BROWSER_KNOWN * known)) * ripe
        return
    most = BROWSER_NEW_MOST if shown.device is not None else BROWSER_NEW_MOST_ALONE
    new = log((1 - HAS_HER_BROWSER) / browsers.novelty(at, profile.last))
    yield Because.BROWSER_NEVER_SEEN, min(most, new)


def _network(profile: Profile, shown: Traits, at: int, device: float) -> Iterator[Weighed]:
    _, _, _, addresses, blocks, networks, _ = profile.kinds
    if shown.block is None and shown.network is None:
        yield from _country(profile, shown, at)
        return
    block, use = blocks.standing(shown.block, at)
    if block:
        known = log(IN_HER_BLOCK / max(use, 0.03))
        if (exact := addresses.standing(shown.address, at)[1]) > 0.05:
            known = min(known, log(AT_HER_ADDRESS / exact))
        worth = HOME_ON_HER_DEVICE if device > 0.5 else HOME
        yield Because.NETWORK_KNOWN, max(-HOME_MOST, known * block * worth)
        return
    network, use = networks.standing(shown.network, at)
    if network:
        near = log(IN_HER_NETWORK / max(use * blocks.novelty(at, profile.last), 0.01))
        yield Because.NETWORK_NEAR, max(NEAR_LEAST, min(NEAR_MOST, NEAR * near)) * network
        return
    kind = networks if shown.network is not None and networks.told else blocks
    if kind.told:
        worth = 1.0 - (1.0 - FAR_ON_HER_DEVICE) * device
        new = NETWORK_NEW * log(0.9 / kind.novelty(at, profile.last))
        yield Because.NETWORK_NEVER_SEEN, worth * min(NETWORK_NEW_MOST, new)
        if shown.network in HOSTING:
            yield Because.NETWORK_HOSTING, worth * NETWORK_HOSTING
        yield from _country(profile, shown, at)


def _country(profile: Profile, shown: Traits, at: int) -> Iterator[Weighed]:
    countries = profile.kinds[6]
    if shown.country is None or not countries.told:
        return
    away = min(AWAY_MOST, AWAY + AWAY_FOR_EACH * (len(countries.values) - 1))
    past = profile.visits / (profile.visits + 3.0)
    if countries.standing(shown.country, at)[0]:
        yield Because.COUNTRY_KNOWN, log(IN_HER_COUNTRY / (1 - away)) * past
    else:
        yield Because.COUNTRY_NEVER_SEEN, COUNTRY_NEW * log((1 - IN_HER_COUNTRY) / away) * past
