"""What is the unit of the measurement? A strand as the truth has it: what one actor did in one session.

A session that owner and intruder shared is two strands. Events without a session are gathered by client (device,
address and browser) as long as no more than half an hour lies between two. What the model itself takes for a strand
plays no part in this.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.attributing.world import Trial
from benchmarks.freeman import SignIn, sign_in
from takeback.core.events import Client, Event, EventType

GAP = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Strand:
    """`events` are ids, in order of time; `first` is what the baseline scores; `entered` says that a sign-in succeeded
    or a session was used, so that there is something to learn from.
    """

    name: str
    intruders: bool
    events: tuple[str, ...]
    first: SignIn
    entered: bool
    of_episode: bool


def strands(trial: Trial, events: Iterable[Event]) -> list[Strand]:
    """The trial's strands by the start of each; events on which the truth is silent (the shop's own) are in none.

    `ValueError` where the truth speaks of an event that the life does not hold: the world is wrong.
    """
    gathered: list[list[Event]] = []
    named: dict[tuple[str, bool], list[Event]] = {}
    loose: dict[tuple[str | None, str | None, str | None, bool], list[Event]] = {}
    for event in sorted(events, key=lambda event: (event.time, event.source, event.id)):
        intruders = event.id in trial.intruders
        if not intruders and event.id not in trial.owners:
            continue
        client = event.data.client
        if client.session is not None:
            group = named.get((client.session, intruders))
            if group is None:
                gathered.append(group := [])
                named[(client.session, intruders)] = group
        else:
            place = (client.device, client.ip, client.user_agent, intruders)
            group = loose.get(place)
            if group is None or event.time - group[-1].time > GAP:
                gathered.append(group := [])
                loose[place] = group
        group.append(event)
    if sum(map(len, gathered)) < len(trial.intruders) + len(trial.owners):
        raise ValueError(f"account {trial.account}: the truth names events that are not among its lines")
    return [_strand(trial, group) for group in gathered]


def _strand(trial: Trial, group: list[Event]) -> Strand:
    first = group[0]
    client: Client = first.data.client
    return Strand(
        name=client.session or f"~{first.id}",
        intruders=first.id in trial.intruders,
        events=tuple(event.id for event in group),
        first=sign_in(trial.account, client.ip, client.asn, client.country, client.user_agent),
        entered=any(event.type is not EventType.SIGN_IN_FAILED for event in group),
        of_episode=any(event.id in trial.episode for event in group),
    )
