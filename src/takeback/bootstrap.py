"""Who meets each need of casework? The only place that knows every adapter."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from takeback.casework.notice import Watch
from takeback.casework.ports import CaseStore, Clock, EventLog, Mailer, Notices, Service
from takeback.casework.starter import Starter
from takeback.configuration import Configuration, load_configuration
from takeback.mail.notices import MailNotices
from takeback.mail.smtp import SmtpMailer
from takeback.places.log import PlacedEventLog
from takeback.places.lookup import Places
from takeback.shops.http import HttpService
from takeback.store.eventfile import open_for_writing
from takeback.store.eventlog import SqliteEventLog
from takeback.store.start import migrate, released_connections, start_django


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The time, aware, UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class House:
    """All that a process of Takeback works with."""

    configuration: Configuration
    clock: Clock
    event_log: EventLog
    cases: CaseStore
    services: tuple[Service, ...]
    mailer: Mailer
    notices: Notices
    starter: Starter

    def released(self) -> AbstractContextManager[None]:
        """Around the work of a thread that is no web request: its database connections are let go when it is done."""
        return released_connections()

    def close(self) -> None:
        """Write what was handed in, and let go of files and lines."""
        self.starter.close()
        self.event_log.close()
        for service in self.services:
            if isinstance(service, HttpService):
                service.close()

    def service(self, source: str) -> Service | None:
        """The service whose events carry this `source`."""
        return next((service for service in self.services if service.source == source), None)


def build_house(configuration: Configuration) -> House:
    """A house for these settings. The tables must be there: `takeback migrate` makes them."""
    configuration.make_data_dir()
    places = Places.open(configuration.places) if configuration.places else None
    start_django()
    from takeback.store.cases import DjangoCaseStore  # its tables are known only once Django has been started

    mailer = SmtpMailer(
        host=configuration.smtp.host,
        port=configuration.smtp.port,
        username=configuration.smtp.username,
        password=configuration.smtp.password,
        tls=configuration.smtp.tls,
        from_address=configuration.smtp.from_address,
    )
    event_log = SqliteEventLog(
        configuration.events_path,
        contact_key=configuration.key("contact index"),
        phone_country=configuration.phone_country,
    )
    return House(
        configuration=configuration,
        clock=SystemClock(),
        event_log=event_log if places is None else PlacedEventLog(event_log, places),
        cases=DjangoCaseStore(chain_key=configuration.key("case log")),
        services=tuple(
            HttpService(service.source, service.base_url, service.secret) for service in configuration.services
        ),
        mailer=mailer,
        notices=MailNotices(mailer, time_zone=configuration.time_zone),
        starter=Starter(configuration.engine_path),
    )


def make_tables(configuration: Configuration) -> None:
    """Make the tables of events, cases and the engine, or bring them up to date: `takeback migrate`."""
    from takeback.casework.engine import migrate as make_engine_tables  # a web process never needs the engine itself

    configuration.make_data_dir()
    migrate()
    open_for_writing(configuration.events_path).close()
    configuration.engine_path.touch(mode=0o600)  # by itself SQLite would make one that others can read
    make_engine_tables(configuration.engine_path)


_lock = Lock()
_house: House | None = None
_watch: Watch | None = None


def house() -> House:
    """The house of this process, built from its settings when first asked for."""
    global _house
    with _lock:
        if _house is None:
            _house = build_house(load_configuration())
        return _house


def watch() -> Watch:
    """What scores accounts in this process, in a thread of its own that starts with the first account."""
    global _watch
    here = house()
    with _lock:
        if _watch is None:
            _watch = Watch(here)
        return _watch


def move_into(new: House | None) -> None:
    """Make `new` this process's house, for a command or a test that built its own; None: build it anew when asked.

    Who watched the house before has then finished.
    """
    global _house, _watch
    with _lock:
        before, _house, _watch = _watch, new, None
    if before is not None:
        before.close()
