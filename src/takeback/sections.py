"""Which forms do the settings of telephones and leaked passwords have, and what is an address? Read by
`configuration`, which has the rest.
"""

import re
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from takeback.core.errors import SettingsError

TWILIO = "https://api.twilio.com"


class Secret(str):
    """Text that shows itself to nobody by accident: a log or a traceback that prints it prints three stars."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


Name = Annotated[str, Meta(min_length=1, max_length=512)]


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
