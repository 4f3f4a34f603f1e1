"""Which forms do the settings of the sections have, and what is an address? Read by `configuration`, which has the
rest.
"""

import re
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from takeback.core.errors import SettingsError
from takeback.core.online.rules import StreamRule, problems

TWILIO = "https://api.twilio.com"


class Secret(str):
    """Text that shows itself to nobody by accident: a log or a traceback that prints it prints three stars."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


Name = Annotated[str, Meta(min_length=1, max_length=512)]


class Tls(StrEnum):
    """How the line to the mail server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class Smtp(Struct, frozen=True, forbid_unknown_fields=True):
    """The mail server that takes the letters to customers."""

    host: Name = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535)] = 25
    username: Name | None = None
    password: Secret | None = None
    tls: Tls = Tls.NONE
    from_address: Name = "takeback@localhost"


class Mail(Struct, frozen=True, forbid_unknown_fields=True):
    """What makes a mail the shop's, and the address to which customers forward a doubtful one.

    Domains are lower-case A-labels once the settings have been read.
    """

    shop_domains: tuple[Name, ...] = ()
    shop_names: tuple[Name, ...] = ()
    receivers: tuple[Name, ...] = ()
    arc_sealers: tuple[Name, ...] = ()
    inbound_address: Name | None = None
    inbound_host: Name = "127.0.0.1"
    inbound_port: Annotated[int, Meta(ge=0, le=65535)] = 2525
    answers_an_hour: Annotated[int, Meta(ge=1)] = 500


class ApprovalRule(Struct, frozen=True, forbid_unknown_fields=True):
    """The shop's standing rule: plans within these limits are approved at once. `max_total` counts `currency`."""

    standing_rule: bool = True
    max_orders: Annotated[int, Meta(ge=0)] = 20
    max_total: Annotated[int, Meta(ge=0)] = 200_000
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "JPY"


class PhoneProvider(StrEnum):
    """Who sends text messages and calls."""

    NONE = "none"
    CONSOLE = "console"  # prints them, for trying out
    TWILIO = "twilio"


class PhoneSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The sender of text messages and calls."""

    provider: PhoneProvider = PhoneProvider.NONE
    account: Name | None = None
    key: Name | None = None
    secret: Secret | None = None
    sender: Name | None = None
    voice: bool = True
    address: Name = TWILIO


class LeakSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What knows leaked passwords, beside the short list that is built in."""

    lists: tuple[Path, ...] = ()
    ranges: tuple[Path, ...] = ()
    service: Name | None = None


class AuditSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the anchor of the audit lies; None: in `data_dir`."""

    anchor: Path | None = None


class RetentionSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How long what is kept, in days. `event_days` None: events of accounts are kept for ever."""

    talk_days: Annotated[int, Meta(ge=1)] = 60
    case_days: Annotated[int, Meta(ge=30)] = 400
    event_days: Annotated[int, Meta(ge=400)] | None = None


class DeskSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How staff signs in at the desk. Times are in seconds."""

    idle_seconds: Annotated[int, Meta(ge=60, le=24 * 60 * 60)] = 30 * 60
    session_seconds: Annotated[int, Meta(ge=300, le=7 * 24 * 60 * 60)] = 12 * 60 * 60
    oidc_issuer: Name | None = None
    oidc_client_id: Name | None = None
    oidc_secret: Secret | None = None
    oidc_name: Name = "OpenID Connect"


class NoticeSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Rules over the events as they arrive, and how many customers may be asked in an hour whether it was them."""

    rules: tuple[StreamRule, ...] = ()
    asks_an_hour: Annotated[int, Meta(ge=1)] = 2_000


class LogForm(StrEnum):
    """How a line of the log is written."""

    LINE = "line"
    JSON = "json"


class LogLevel(StrEnum):
    """From which weight on something is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What is logged, and in which form."""

    form: LogForm = LogForm.LINE
    level: LogLevel = LogLevel.WARNING


class MetricsSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Where this process shows its measures: `port` is the web side's, `work_port` the worker's. None: nowhere."""

    host: Name = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535)] | None = None
    work_port: Annotated[int, Meta(ge=1, le=65535)] | None = None


class TraceSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Where spans go, as OTLP over HTTP has it. None: nowhere."""

    endpoint: Name | None = None


def check_database(said: Secret | None) -> None:
    """Raise `SettingsError` for what is no address of a PostgreSQL database. It may hold a password, so
    it is not shown.
    """
    if said is None:
        return
    try:
        parts = urlsplit(said)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        port_is_fine = False
    if not port_is_fine or parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise SettingsError("database_url is not of the form postgresql://user@host/database.")


def check_desk(said: DeskSettings) -> None:
    """Raise `SettingsError` where nobody could sign in through the company's own page, or not safely."""
    if said.idle_seconds > said.session_seconds:
        raise SettingsError("desk.idle_seconds is more than desk.session_seconds.")
    parts = ("oidc_issuer", "oidc_client_id", "oidc_secret")
    missing = [name for name in parts if getattr(said, name) is None]
    if said.oidc_issuer is None and len(missing) == len(parts):
        return
    if missing:
        raise SettingsError(f"desk.{missing[0]} is not set, and the other settings of desk.oidc need it.")
    check_line("desk.oidc_issuer", str(said.oidc_issuer))


def check_phones(said: PhoneSettings) -> None:
    """Raise `SettingsError` where the sender could not work."""
    if said.provider is not PhoneProvider.TWILIO:
        return
    for name in ("account", "key", "secret", "sender"):
        if getattr(said, name) is None:
            raise SettingsError(f"phones.{name} is not set, and phones.provider is twilio.")
    if not re.fullmatch(r"AC[0-9a-fA-F]{32}", str(said.account)):
        raise SettingsError("phones.account is not an account SID: AC and 32 hexadecimal digits.")
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", str(said.sender)):
        if not re.fullmatch(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}", str(said.sender)):
            raise SettingsError("phones.sender is not a number as E.164 has it, such as +815012345678.")
        if said.voice:
            raise SettingsError("phones.sender is a name, and calls come from a number: set phones.voice to false.")
    check_line("phones.address", said.address)


def check_leaks(said: LeakSettings) -> None:
    """Raise `SettingsError` where the range service could not be asked in secret."""
    if said.service is not None:
        check_line("leaks.service", said.service)


def check_notice(said: NoticeSettings) -> None:
    """Raise `SettingsError` for rules over the events that make no sense."""
    for problem in problems(said.rules):
        raise SettingsError(f"notice.rules: {problem}")


def check_traces(said: TraceSettings) -> None:
    """Raise `SettingsError` for what spans could not be sent to. They hold nothing about a person: http will do."""
    if said.endpoint is not None and not is_address(said.endpoint):
        raise SettingsError("traces.endpoint is not of the form http://host:4318/v1/traces.")


def check_line(setting: str, url: str) -> None:
    """Raise `SettingsError` for what is no address, or one over which a secret would travel in the clear."""
    if not is_address(url):
        raise SettingsError(f"{setting} is not of the form https://host/path.")
    if url.startswith("http:") and not is_here(host_of(url)):
        raise SettingsError(f"{setting} is http, and secrets travel over it: use https.")


def is_address(url: str) -> bool:
    """True for an http or https address without a query, a fragment or a name in it."""
    try:
        parts = urlsplit(url)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or parts.username)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and plain and port_is_fine


def host_of(url: str) -> str:
    """The host in an address."""
    host = urlsplit(url).hostname or ""
    return f"[{host}]" if ":" in host else host


def is_here(host: str) -> bool:
    """True for this machine's own loopback names, where nobody can listen on the line."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
