"""Who meets each need of casework? The only place that knows every adapter."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from takeback.casework.auditbook import AuditBook
from takeback.casework.claims import Claims
from takeback.casework.doubt import Judge
from takeback.casework.leaks import Leaks
from takeback.casework.notice import Watch
from takeback.casework.people import People
from takeback.casework.phones import Phones
from takeback.casework.ports import CaseStore, Clock, EventLog, Mailer, Notices, Service
from takeback.casework.retention_store import Eraser
from takeback.casework.rulebook import RuleBook
from takeback.casework.sent import RecordedMailer
from takeback.casework.starter import Starter
from takeback.casework.talks import OldLinks, Talks
from takeback.casework.verifying import Verifier
from takeback.configuration import Configuration, LeakSettings, PhoneProvider, PhoneSettings, load_configuration
from takeback.core.errors import SettingsError
from takeback.leaks.known import KnownWorst
from takeback.mail.notices import MailNotices
from takeback.mail.smtp import SmtpMailer
from takeback.places.log import PlacedEventLog
from takeback.places.lookup import Places
from takeback.shops.http import HttpService
from takeback.store.eventfile import open_for_writing
from takeback.store.eventlog import SqliteEventLog
from takeback.store.start import migrate, released_connections, start_django

if TYPE_CHECKING:
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
        return FileVerifier(said.cases_path, said.anchor_path, build_keys(said), anchoring, self.clock.now)

    @property
    def eraser(self) -> Eraser:
        """What erases what is kept no longer."""
        from takeback.store.retention import DjangoEraser  # as above

        return DjangoEraser(self.audit, self.configuration.events_path, self.configuration.key("erasure"))

    @property
    def people(self) -> People:
        """Who works at the desk."""
        from takeback.store.people import DjangoPeople  # as above

        return DjangoPeople()

    @property
    def rules(self) -> RuleBook:
        """The rules that hold: the settings' defaults, and over them what was set at the desk."""
        from takeback.store.rules import DjangoRules  # as above

        return RuleBook(self.configuration, DjangoRules(lambda: self.audit))

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
            if isinstance(service, HttpService):
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
    event_log = SqliteEventLog(
        configuration.events_path,
        contact_key=configuration.key("contact index"),
        phone_country=configuration.phone_country,
    )
    mailer = RecordedMailer(smtp, event_log.sent, cases, clock)
    return House(
        configuration=configuration,
        clock=clock,
        event_log=event_log if places is None else PlacedEventLog(event_log, places),
        cases=cases,
        services=tuple(
            HttpService(service.source, service.base_url, service.secret) for service in configuration.services
        ),
        mailer=mailer,
        notices=MailNotices(mailer, time_zone=configuration.time_zone),
        starter=Starter(configuration.engine_path),
        phones=build_phones(configuration.phones),
        leaks=build_leaks(configuration.leaks),
        anchoring=anchoring,
    )


def build_keys(configuration: Configuration) -> "Keys":
    """What the digests of the audit are keyed with."""
    from takeback.store.chainwalk import Keys  # its tables are known only once Django has been started

    return Keys(configuration.key("case log"), configuration.key("audit"), configuration.key("audit anchor"))


def build_anchoring(configuration: Configuration, clock: Clock) -> "Anchoring":
    """What adds lines to the anchor in this process."""
    from takeback.store.anchoring import Anchoring  # as above
    from takeback.store.book import DjangoBook

    return Anchoring(
        configuration.cases_path,
        configuration.anchor_path,
        keys=build_keys(configuration),
        now=clock.now,
        note=DjangoBook(configuration.key("audit")).note,
    )


def _touch(anchoring: "Anchoring | None") -> Callable[[], None]:
    return anchoring.touch if anchoring is not None else lambda: None


def build_phones(said: PhoneSettings) -> Phones | None:
    """What sends text messages and calls; None where nothing is set up."""
    if said.provider is PhoneProvider.CONSOLE:
        from takeback.phones.console import ConsolePhones

        return ConsolePhones()
    if said.provider is PhoneProvider.TWILIO:
        from takeback.phones.twilio import TwilioPhones

        return TwilioPhones(
            account=str(said.account),
            key=str(said.key),
            secret=str(said.secret),
            sender=str(said.sender),
            address=said.address,
        )
    return None


def build_leaks(said: LeakSettings) -> tuple[Leaks, ...]:
    """What knows leaked passwords, the nearest first. `SettingsError` for a file or folder that cannot be read."""
    from takeback.leaks.listfile import open_list
    from takeback.leaks.ranges import RangeFolder
    from takeback.leaks.service import RangeService

    return (
        KnownWorst(),
        *(open_list(path) for path in said.lists),
        *(RangeFolder(path) for path in said.ranges),
        *((RangeService(said.service),) if said.service is not None else ()),
    )


def make_tables(configuration: Configuration) -> None:
    """Make the tables of events, cases and the engine, or bring them up to date: `takeback migrate`."""
    from takeback.casework.engine import migrate as make_engine_tables  # a web process never needs the engine itself

    configuration.make_data_dir()
    migrate()
    open_for_writing(configuration.events_path).close()
    configuration.engine_path.touch(mode=0o600)  # by itself SQLite would make one that others can read
    make_engine_tables(configuration.engine_path)


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
            _watch = Watch(here)
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
