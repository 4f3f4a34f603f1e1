"""Which tables does the event log have on PostgreSQL? All in the schema `takeback`, made by `takeback migrate`.

`event` lies in parts, a month each. A part can see to uniqueness within itself alone, so that an event is stored once
is seen to by `once`: 16 bytes for each, the digest of its source and id, half the size of the two texts. Texts are
compared byte by byte (`COLLATE "C"`): the same order on every machine, whatever its locale.
"""

from takeback.store.pg.connecting import connect
from takeback.store.pg.months import MAKING

# `event` is searched by account alone: what is found is put in order afterwards. An index on (account, ts, seq) would
# say each account's name with each event, and be several times as large.
TABLES = """
CREATE SCHEMA IF NOT EXISTS takeback;
CREATE SEQUENCE IF NOT EXISTS takeback.arrival AS bigint;
CREATE TABLE IF NOT EXISTS takeback.event (
    ts bigint NOT NULL, seq bigint NOT NULL DEFAULT nextval('takeback.arrival'),
    account text COLLATE "C" NOT NULL, body bytea NOT NULL
) PARTITION BY RANGE (ts);
CREATE INDEX IF NOT EXISTS event_of_account ON takeback.event (account);
CREATE TABLE IF NOT EXISTS takeback.once (digest uuid PRIMARY KEY);
CREATE TABLE IF NOT EXISTS takeback.account_month (
    account text COLLATE "C" NOT NULL, month integer NOT NULL, PRIMARY KEY (account, month)
);
CREATE TABLE IF NOT EXISTS takeback.contact (
    hash bytea NOT NULL, account text COLLATE "C" NOT NULL, PRIMARY KEY (hash, account)
);
CREATE TABLE IF NOT EXISTS takeback.sent (
    digest uuid PRIMARY KEY, ts bigint NOT NULL, source text NOT NULL, message_id text NOT NULL,
    order_id text NOT NULL, account text COLLATE "C" NOT NULL, channel text NOT NULL, recipient text NOT NULL,
    template text NOT NULL
);
CREATE INDEX IF NOT EXISTS sent_by_id ON takeback.sent USING hash (message_id) WHERE message_id <> '';
CREATE INDEX IF NOT EXISTS sent_of_account ON takeback.sent (account, ts)
"""


def make_tables(url: str) -> None:
    """Make the tables that are missing. Another process may be doing the same."""
    line = connect(url, write=True)
    try:
        with line.transaction():
            line.execute("SELECT pg_advisory_xact_lock(%s)", (MAKING,))
            for statement in TABLES.split(";"):
                line.execute(statement.encode())
    finally:
        line.close()
