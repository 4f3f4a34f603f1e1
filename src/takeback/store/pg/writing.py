"""How do events get into PostgreSQL, many at a time and each once? One transaction for all that came together."""

from collections.abc import Iterable, Sequence

from psycopg import Connection

from takeback.casework.ports import Accepted
from takeback.core.events import Event
from takeback.store.contactindex import ContactIndex
from takeback.store.pg.connecting import Row
from takeback.store.pg.digest import digest_of
from takeback.store.pg.months import WRITING, Months, month_of
from takeback.store.pg.packing import bytes_of, copied, digests, numbers, texts
from takeback.store.pg.sent import keep_sent
from takeback.store.sentrows import microseconds

Batch = Sequence[tuple[Event, bytes]]

COPY_FROM = 200  # events: below it, a statement with arrays costs as much or less (measured)
_ONCE = """
WITH fresh AS (
    INSERT INTO takeback.once (digest) SELECT * FROM unnest(%s) ON CONFLICT DO NOTHING RETURNING digest
) SELECT count(*), CASE WHEN count(*) < %s THEN coalesce(array_agg(digest), '{}') END FROM fresh
"""
_EVENTS = "INSERT INTO takeback.event (ts, account, body) SELECT * FROM unnest(%s, %s, %s)"
_COPY = "COPY takeback.event (ts, account, body) FROM STDIN (FORMAT BINARY)"
# Almost all of them are there already: to look first costs less than to try.
_MONTHS = """
INSERT INTO takeback.account_month (account, month) SELECT new.account, new.month
FROM unnest(%s, %s) AS new (account, month)
WHERE NOT EXISTS (SELECT FROM takeback.account_month AS old WHERE old.account = new.account AND old.month = new.month)
ON CONFLICT DO NOTHING
"""
_CONTACTS = "INSERT INTO takeback.contact (hash, account) SELECT * FROM unnest(%s, %s) ON CONFLICT DO NOTHING"


def write(
    connection: Connection[Row], batches: Sequence[Batch], contacts: ContactIndex, months: Months
) -> list[Accepted]:
    """Write all batches in a transaction that is begun here and left open; what was new and what not, of each."""
    keys = [[digest_of(event.source, event.id) for event, _ in batch] for batch in batches]
    held = {month_of(event.time) for batch in batches for event, _ in batch}
    months.see_to(connection, held)
    fresh = _claim(connection, sorted({key for some in keys for key in some}))
    answers: list[Accepted] = []
    events: list[tuple[Event, bytes]] = []
    for some, batch in zip(keys, batches, strict=True):
        places = _first_places(some, fresh)
        repeated = len(batch) - len(places)
        answers.append(Accepted(len(places), repeated, frozenset(places) if repeated else None))
        events += [batch[place] for place in places] if repeated else batch
    _keep(connection, [(microseconds(event.time), event.account, text) for event, text in events])
    _index(connection, [event for event, _ in events], contacts)
    return answers


def _first_places(keys: Sequence[bytes], fresh: set[bytes]) -> list[int]:
    """Where in a batch those stand that are new, each taken out of `fresh`: its next is a repeat."""
    places = []
    for place, key in enumerate(keys):
        if key in fresh:
            fresh.remove(key)
            places.append(place)
    return places


def _claim(connection: Connection[Row], keys: Sequence[bytes]) -> set[bytes]:
    """Begin, and find out which of these sorted digests are new; nobody else can store one of those any more."""
    with connection.pipeline():
        connection.execute("BEGIN")
        connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", (WRITING,))
        ((_, new),) = connection.execute(_ONCE, (digests(keys), len(keys))).fetchall()
    return set(keys) if new is None else {one.bytes for one in new}


def _keep(connection: Connection[Row], rows: Sequence[tuple[int, str, bytes]]) -> None:
    if len(rows) >= COPY_FROM:
        with connection.cursor().copy(_COPY) as copy:
            copy.write(copied(rows))
    elif rows:
        moments, accounts, bodies = zip(*rows, strict=True)
        connection.execute(_EVENTS, (numbers(moments), texts(accounts), bytes_of(bodies)))


def _index(connection: Connection[Row], events: Iterable[Event], contacts: ContactIndex) -> None:
    """What events are found by, each kind in order of its key."""
    events = list(events)
    months = sorted({(event.account, month_of(event.time)) for event in events})
    found = sorted({pair for event in events for pair in contacts.of(event)})
    with connection.pipeline():
        if months:
            accounts, numbered = zip(*months, strict=True)
            connection.execute(_MONTHS, (texts(accounts), numbers(numbered)))
        if found:
            hashes, owners = zip(*found, strict=True)
            connection.execute(_CONTACTS, (bytes_of(hashes), texts(owners)))
        keep_sent(connection, events)
