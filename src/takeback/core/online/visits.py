"""Which visit does an event belong to? The same session from the same client, or without a session the client that was
here within the last half hour; as `core.investigate.strands` cuts them, one event at a time.
"""

from takeback.core.events import Client
from takeback.core.investigate.attribution import SHARED
from takeback.core.investigate.reasons import Because
from takeback.core.investigate.strands import GAP, is_same
from takeback.core.investigate.traits import Traits, traits
from takeback.core.online.clients import weigh_client
from takeback.core.online.learning import ripen
from takeback.core.online.profile import MOST_OPEN, Profile, Visit

LATE = 3_600  # seconds behind the account's newest event; what comes in later teaches nothing
_GAP = int(GAP.total_seconds())


def visit_of(profile: Profile, client: Client, at: int) -> Visit:
    """The visit of this client at this time (seconds of the epoch), begun where there is none."""
    session, ip, device, agent = client.session, client.ip, client.device, client.user_agent
    for visit in reversed(profile.open):
        if (
            visit.session == session
            and visit.ip == ip
            and visit.device == device
            and visit.agent == agent
            and (session is not None or at - visit.end <= _GAP)
        ):
            visit.end = max(visit.end, at)
            return visit
    shown = traits(client)
    shared = [visit for visit in profile.open if visit.session == session] if session is not None else []
    for visit in reversed(shared):
        if is_same(visit.shown, shown):  # her telephone has changed its address on the way
            visit.ip, visit.device, visit.agent, visit.end = ip, device, agent, max(visit.end, at)
            return visit
    return _begin(profile, client, shown, at, shared)


def _begin(profile: Profile, client: Client, shown: Traits, at: int, shared: list[Visit]) -> Visit:
    ripen(profile, at)
    visit = Visit(client.session, client.ip, client.device, client.user_agent, shown, at, at)
    visit.late = at < profile.newest - LATE
    weigh_client(profile, visit)
    if shared and _elsewhere(shared[0].shown, shown):
        visit.why[Because.SESSION_SHARED] = SHARED
        visit.weight += SHARED
    if len(profile.open) >= MOST_OPEN:
        del profile.open[0]
    profile.open.append(visit)
    return visit


def _elsewhere(began: Traits, shown: Traits) -> bool:
    """A session's cookie does not move to another device or system."""
    return any(
        one is not None and other is not None and one != other
        for one, other in ((began.device, shown.device), (began.system, shown.system))
    )
