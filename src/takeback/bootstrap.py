"""Who meets each need of casework? The only place that knows every adapter."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from takeback.casework.alone import Locks
from takeback.casework.auditbook import AuditBook
from takeback.casework.claims import Claims
from takeback.casework.doubt import Judge
from takeback.casework.keys import Keys as ServiceKeys
from takeback.casework.leaks import Leaks
from takeback.casework.pace import Pace
from takeback.casework.pauses import Pauses
from takeback.casework.people import People
from takeback.casework.phones import Phones
from takeback.casework.ports import CaseStore, Clock, EventLog, Mailer, Notices, Service
from takeback.casework.retention_store import Eraser
from takeback.casework.rulebook import RuleBook
from takeback.casework.sent import RecordedMailer
from takeback.casework.starter import Starter
from takeback.casework.talks import OldLinks, Talks
from takeback.casework.verifying import Verifier
from takeback.casework.watch import Watch
from takeback.configuration import Configuration, load_configuration
from takeback.core.errors import SettingsError
from takeback.fittings import build_leaks, build_phones
from takeback.leaks.known import KnownWorst
from takeback.mail.notices import MailNotices
from takeback.mail.smtp import SmtpMailer
from takeback.places.log import PlacedEventLog
from takeback.places.lookup import Places
from takeback.shops.http import HttpService
from takeback.shops.paced import PacedService
from takeback.store.eventeraser import EventEraser, SqliteEventEraser
from takeback.store.eventfile import open_for_writing
from takeback.store.eventlog import SqliteEventLog
from takeback.store.filelocks import FileLocks
from takeback.store.moment import moments_of
from takeback.store.start import migrate, released_connections, start_django

if TYPE_CHECKING:
    from takeback.casework.online_ports import AskedBook, Profiles
    from takeback.mail.inbound.answering import Answering
    from takeback.store.anchoring import Anchoring
    from takeback.store.chainwalk import Keys


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
    phones: Phones | None = None
    leaks: tuple[Leaks, ...] = (KnownWorst(),)
    talks: Talks = field(default_factory=lambda: _talks())
    old_links: OldLinks = field(default_factory=lambda: _old_links())
    claims: Claims = field(default_factory=lambda: _claims())
    anchoring: "Anchoring | None" = None

    @property
    def audit(self) -> AuditBook:
        """What was looked at and done at the desk and around it."""
        from takeback.store.book import DjangoBook  # its tables are known only once Django has been started

        return DjangoBook(self.configuration.key("audit"), _touch(self.anchoring))

    @property
    def verifier(self) -> Verifier:
        """What sees whether anything that was written down was altered."""
        from takeback.store.chainverifier import FileVerifier  # as above

        said = self.configuration
        anchoring = self.anchoring or build_anchoring(said, self.clock)
        return FileVerifier(moments_of(said), said.anchor_path, build_keys(said), anchoring, self.clock.now)

    @property
    def eraser(self) -> Eraser:
        """What erases what is kept no longer."""
        from takeback.store.retention import DjangoEraser  # as above

        return DjangoEraser(self.audit, build_event_eraser(self.configuration), self.configuration.key("erasure"))

    @property
    def people(self) -> People:
        """Who works at the desk."""
        from takeback.store.people import DjangoPeople  # as above

        return DjangoPeople()

    @property
    def profiles(self) -> "Profiles":
        """What is remembered of each account between its events."""
        from takeback.store import profiles  # as above

        if self.configuration.database_url is not None:
            return profiles.PostgresProfiles()
        return profiles.SqliteProfiles(self.configuration.profiles_path)

    @property
    def asked(self) -> "AskedBook":
        """Which customers were asked whether it was them."""
        from takeback.store.asked import DjangoAsked  # as above

        return DjangoAsked()

    @property
    def keys(self) -> ServiceKeys:
        """With what services send events."""
        from takeback.store.keys import DjangoKeys  # as above

        return DjangoKeys()

    @property
    def rules(self) -> RuleBook:
        """The rules that hold: the settings' defaults, and over them what was set at the desk."""
        from takeback.store.rules import DjangoRules  # as above

        return RuleBook(self.configuration, DjangoRules(lambda: self.audit))

    @property
    def pauses(self) -> Pauses:
        """What is paused."""
        from takeback.store.pauses import DjangoPauses  # as above

        return DjangoPauses()

    @property
    def locks(self) -> Locks:
        """What all processes of the installation see that this one holds."""
        said = self.configuration
        if said.database_url is None:
            return FileLocks(said.data_dir / "locks", said.worker_lock)
        from takeback.store.pg.locks import PostgresLocks  # its driver is not loaded where nobody needs it

        return PostgresLocks(said.database_url)

    def released(self) -> AbstractContextManager[None]:
        """Around the work of a thread that is no web request: its database connections are let go when it is done."""
        return released_connections()

    def close(self) -> None:
        """Write what was handed in, and let go of files and lines."""
        self.starter.close()
        if self.anchoring is not None:
            self.anchoring.close()
        self.event_log.close()
        for service in self.services:
            if isinstance(service, PacedService):
                service.close()
        if self.phones is not None:
            self.phones.close()
        for source in self.leaks:
            source.close()

    def service(self, source: str) -> Service | None:
        """The service whose events carry this `source`."""
        return next((service for service in self.services if service.source == source), None)


def _talks() -> Talks:
    from takeback.store.talks import DjangoTalks  # its tables are known only once Django has been started

    return DjangoTalks()


def _old_links() -> OldLinks:
    from takeback.store.talks import DjangoOldLinks  # as above

    return DjangoOldLinks()


def _claims() -> Claims:
    from takeback.store.claims import DjangoClaims  # as above

    return DjangoClaims()


def build_house(configuration: Configuration) -> House:
    """A house for these settings. The tables must be there: `takeback migrate` makes them."""
    configuration.make_data_dir()
    places = Places.open(configuration.places) if configuration.places else None
    start_django()
    from takeback.store.cases import DjangoCaseStore  # its tables are known only once Django has been started

    clock = SystemClock()
    anchoring = build_anchoring(configuration, clock)
    cases = DjangoCaseStore(chain_key=configuration.key("case log"), told=anchoring.touch)
    smtp = SmtpMailer(
        host=configuration.smtp.host,
        port=configuration.smtp.port,
        username=configuration.smtp.username,
        password=configuration.smtp.password,
        tls=configuration.smtp.tls,
        from_address=configuration.smtp.from_address,
    )
    event_log = build_event_log(configuration)
    mailer = RecordedMailer(smtp, event_log.sent, cases, clock)
    return House(
        configuration=configuration,
        clock=clock,
        event_log=event_log if places is None else PlacedEventLog(event_log, places),
        cases=cases,
        services=tuple(
            PacedService(
                HttpService(service.source, service.base_url, service.secret),
                Pace(service.max_at_once, service.a_second),
            )
            for service in configuration.services
        ),
        mailer=mailer,
        notices=MailNotices(mailer, time_zone=configuration.time_zone),
        starter=Starter(configuration.engine_url),
        phones=build_phones(configuration.phones),
        leaks=build_leaks(configuration.leaks),
        anchoring=anchoring,
    )


def build_event_log(configuration: Configuration) -> EventLog:
    """The event log of these settings. The data directory must be there."""
    key, country = configuration.key("contact index"), configuration.phone_country
    if configuration.database_url is not None:
        from takeback.store.pg.eventlog import PostgresEventLog  # its driver is not loaded where nobody needs it

        return PostgresEventLog(configuration.database_url, contact_key=key, phone_country=country)
    return SqliteEventLog(configuration.events_path, contact_key=key, phone_country=country)


def build_event_eraser(configuration: Configuration) -> EventEraser:
    """What erases events."""
    if configuration.database_url is not None:
        from takeback.store.pg.erasing import PostgresEventEraser  # as above

        return PostgresEventEraser(configuration.database_url)
    return SqliteEventEraser(configuration.events_path)


def build_keys(configuration: Configuration) -> "Keys":
    """What the digests of the audit are keyed with."""
    from takeback.store.chainwalk import Keys  # its tables are known only once Django has been started

    return Keys(configuration.key("case log"), configuration.key("audit"), configuration.key("audit anchor"))


def build_anchoring(configuration: Configuration, clock: Clock) -> "Anchoring":
    """What adds lines to the anchor in this process."""
    from takeback.store.anchoring import Anchoring  # as above
    from takeback.store.book import DjangoBook

    return Anchoring(
        moments_of(configuration),
        configuration.anchor_path,
        keys=build_keys(configuration),
        now=clock.now,
        note=DjangoBook(configuration.key("audit")).note,
    )


def _touch(anchoring: "Anchoring | None") -> Callable[[], None]:
    return anchoring.touch if anchoring is not None else lambda: None


def make_tables(configuration: Configuration) -> None:
    """Make the tables of events, cases and the engine, or bring them up to date: `takeback migrate`."""
    from takeback.casework.engine import migrate as make_engine_tables  # a web process never needs the engine itself

    configuration.make_data_dir()
    migrate()
    if configuration.database_url is not None:
        from takeback.store.pg.tables import make_tables as make_event_tables

        make_event_tables(configuration.database_url)
    else:
        open_for_writing(configuration.events_path).close()
        configuration.engine_path.touch(mode=0o600)  # by itself SQLite would make one that others can read
    make_engine_tables(configuration.engine_url)


def build_judge(configuration: Configuration) -> Judge:
    """What judges mails for this installation. `SettingsError` where its shop has no domain."""
    from takeback.mail.judging import judge_for  # reading mail loads much that most processes never need

    mail = configuration.mail
    return judge_for(mail.shop_domains, mail.shop_names, mail.receivers, mail.arc_sealers)


def build_answering(here: House) -> "Answering":
    """What answers customers who forward a doubtful mail. `SettingsError` where nothing can be judged or answered."""
    from takeback.mail.inbound.answering import Answering
    from takeback.mail.inbound.letter import answer_letter
    from takeback.mail.inbound.proving import Prover
    from takeback.mail.judging import resolver, shop_of
    from takeback.store.questions import DjangoQuestions

    mail = here.configuration.mail
    if mail.inbound_address is None:
        raise SettingsError("mail.inbound_address is not set: nobody knows where to send a doubtful mail.")
    return Answering(
        house=here,
        judge=build_judge(here.configuration),
        prove=Prover(
            shop_of(mail.shop_domains, mail.shop_names, mail.receivers, mail.arc_sealers), resolver(), here.clock.now
        ),
        write=answer_letter,
        mailer=here.mailer,
        questions=DjangoQuestions(),
    )


_lock = Lock()
_house: House | None = None
_watch: Watch | None = None
_judge: Judge | None = None


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
            log = here.event_log
            _watch = Watch(here, log.as_read) if isinstance(log, PlacedEventLog) else Watch(here)
        return _watch


def judge() -> Judge:
    """What judges mails in this process. `SettingsError` where the shop has no domain."""
    global _judge
    here = house()
    with _lock:
        if _judge is None:
            _judge = build_judge(here.configuration)
        return _judge


def move_into(new: House | None, judging: Judge | None = None) -> None:
    """Make `new` this process's house, for a command or a test that built its own; None: build it anew when asked.
    `judging` judges mails in it, where that is not what the settings say.

    Who watched the house before has then finished.
    """
    global _house, _watch, _judge
    with _lock:
        before, _house, _watch, _judge = _watch, new, None, judging
    if before is not None:
        before.close()
