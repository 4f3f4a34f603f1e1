"""`takeback check`, of what runs: how long has work waited, who may send events for how long, is anything
paused, and may this process open enough files?
"""

import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from takeback.casework.keys import Scope
from takeback.casework.starter import Queue
from takeback.configuration import Configuration
from takeback.terminal.finding import Finding, State

FILES_FROM = 4096  # open files; each line from a sender is one, and so is each to a shop
LATE = {Queue.FREEZE: 30.0, Queue.CASEWORK: 300.0, Queue.HOLD: 60.0}  # seconds that something may have been due
ENDS_SOON = timedelta(days=14)
_NEVER = datetime.min.replace(tzinfo=UTC)
SPARE = 128  # files that a process has open besides its lines


def looked_at(configuration: Configuration) -> Iterator[Finding]:
    """The queues, the keys, the pauses and the limits. The tables are there."""
    from takeback.store.start import released_connections

    with released_connections():
        yield _queues(configuration)
        yield from _keys()
        yield from _paused()
    yield _files()


def _queues(configuration: Configuration) -> Finding:
    from takeback.store.tally import Waiting, queues  # its tables are known only once Django has been started

    waiting = queues(configuration, time.time())
    late = [
        f"{queue.value} (oldest {one.oldest:,.0f} s, {one.due:,} due)"
        for queue in Queue
        if (one := waiting.get(queue.value, Waiting())).oldest > LATE[queue]
    ]
    if late:
        says = f"Work has waited too long: {', '.join(late)}. Start a worker, or one more."
        return Finding("queues", State.WRONG if late[0].startswith(Queue.FREEZE.value) else State.MIND, says)
    due = sum(one.due for one in waiting.values())
    later = sum(one.later for one in waiting.values())
    return Finding("queues", State.GOOD, f"Phases that are due: {due:,}; that wait for their time: {later:,}.")


def _keys() -> Iterator[Finding]:
    """A source whose last key ends soon, or has ended, and nobody has made another."""
    from takeback.store.keys import DjangoKeys  # as above

    now = datetime.now(UTC)
    last: dict[str, datetime | None] = {}
    for key in DjangoKeys().every():
        if key.revoked_at is None and Scope.EVENTS in key.scopes and last.get(key.source, _NEVER) is not None:
            known = last.get(key.source) or _NEVER
            last[key.source] = None if key.expires_at is None else max(known, key.expires_at)
    for source, ends in last.items():
        if ends is None or ends > now + ENDS_SOON:
            continue
        if ends <= now:
            says = f"Every key of {source} has ended: unless it signs, its events are refused. Run `takeback keys add`."
            yield Finding("keys", State.WRONG, says)
        else:
            says = f"The last key of {source} ends on {ends:%Y-%m-%d %H:%M} UTC. Run `takeback keys rotate`."
            yield Finding("keys", State.MIND, says)
    if last and all(ends is None or ends > now + ENDS_SOON for ends in last.values()):
        yield Finding("keys", State.GOOD, f"Sources with a key that lasts: {len(last)}.")


def _paused() -> Iterator[Finding]:
    from takeback.casework.pauses import EVERY
    from takeback.store.pauses import DjangoPauses  # as above

    pauses = DjangoPauses().every()
    if any(pause.case == EVERY for pause in pauses):
        yield Finding("pauses", State.MIND, "All cases are paused. `takeback cases resume` lets them go on.")
    elif pauses:
        yield Finding("pauses", State.MIND, f"Cases that are paused: {len(pauses)}.")


def _files() -> Finding:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = float("inf") if hard == resource.RLIM_INFINITY else hard
    if most < FILES_FROM:
        says = f"A process may open {hard:,} files: more than {hard - SPARE:,} senders at once are turned away."
        return Finding("files", State.MIND, f"{says} Set LimitNOFILE or ulimit -n to {FILES_FROM:,} or more.")
    told = "any number of" if most == float("inf") else f"{hard:,}"
    return Finding("files", State.GOOD, f"A process may open {told} files (at its start {soft:,}).")
