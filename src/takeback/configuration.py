"""How is this installation set up? Every setting, in one typed place: `takeback.toml`, and the environment over it.

The file is the one that `TAKEBACK_CONFIG` names, else `takeback.toml` in the working directory, else none at all. The
setting `smtp.host` is `[smtp] host = "…"` in the file and `TAKEBACK_SMTP_HOST` in the environment.
`docs/reference/settings.md` lists them all.
"""

import binascii
import os
import re
import tomllib
from base64 import b64decode
from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from hashlib import sha256
from hmac import digest
from pathlib import Path
from typing import Annotated, Any, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from takeback.core.case import Language
from takeback.core.errors import SettingsError
from takeback.installation_secret import kept_secret
from takeback.sections import ApprovalRule as ApprovalRule
from takeback.sections import AuditSettings as AuditSettings
from takeback.sections import DeskSettings as DeskSettings
from takeback.sections import LeakSettings as LeakSettings
from takeback.sections import (
    LogSettings,
    MetricsSettings,
    Name,
    NoticeSettings,
    TraceSettings,
    check_database,
    check_desk,
    check_leaks,
    check_notice,
    check_phones,
    check_traces,
    host_of,
    is_address,
    is_here,
)
from takeback.sections import Mail as Mail
from takeback.sections import PhoneProvider as PhoneProvider
from takeback.sections import PhoneSettings as PhoneSettings
from takeback.sections import RetentionSettings as RetentionSettings
from takeback.sections import Secret as Secret
from takeback.sections import Smtp as Smtp
from takeback.sections import Tls as Tls

FILE = "takeback.toml"
FILE_VARIABLE = "TAKEBACK_CONFIG"
_SHORTEST_SERVICE_SECRET = 24  # bytes; the lower bound of Standard Webhooks
_SHORTEST_SECRET_KEY = 32  # characters
_LOCAL = ("localhost", "127.0.0.1", "[::1]")
_LISTS = frozenset(
    {
        *("allowed_hosts", "places", "leaks.lists", "leaks.ranges"),
        *("mail.shop_domains", "mail.shop_names", "mail.receivers", "mail.arc_sealers"),
    }
)  # in the environment, with commas between
_ARRAYS = frozenset({"services", "notice.rules"})  # in the environment, as JSON
OUR_SOURCE = "/takeback"  # of our own letters in the ledger of what was sent


class ServiceAddress(Struct, frozen=True, forbid_unknown_fields=True):
    """A service that holds a part of the account (docs/reference/shop-api.md)."""

    source: Name
    base_url: Name
    secret: Secret
    plain_http: bool = False
    max_at_once: Annotated[int, Meta(ge=1, le=10_000)] = 64
    a_second: Annotated[float, Meta(gt=0)] | None = None


class Configuration(Struct, frozen=True, forbid_unknown_fields=True):
    """The settings, checked. Times are in seconds."""

    data_dir: Path = Path("takeback-data")
    database_url: Secret | None = None
    secret_key: Secret | None = None
    base_url: Name = "http://127.0.0.1:8000"
    allowed_hosts: tuple[Name, ...] = ()
    language: Language = Language.JA
    phone_country: Annotated[str, Meta(pattern="^[1-9][0-9]{0,2}$")] = "81"
    time_zone: Name = "Asia/Tokyo"
    hold_seconds: Annotated[int, Meta(ge=1)] = 5 * 60 * 60
    smtp: Smtp = Smtp()
    mail: Mail = Mail()
    phones: PhoneSettings = PhoneSettings()
    leaks: LeakSettings = LeakSettings()
    approval: ApprovalRule = ApprovalRule()
    desk: DeskSettings = DeskSettings()
    audit: AuditSettings = AuditSettings()
    retention: RetentionSettings = RetentionSettings()
    notice: NoticeSettings = NoticeSettings()
    logs: LogSettings = LogSettings()
    metrics: MetricsSettings = MetricsSettings()
    traces: TraceSettings = TraceSettings()
    services: tuple[ServiceAddress, ...] = ()
    places: tuple[Path, ...] = ()

    @property
    def engine_url(self) -> str:
        """Where the engine's own tables are."""
        return str(self.database_url) if self.database_url is not None else f"sqlite:///{self.engine_path}"

    @property
    def events_path(self) -> Path:
        """The event log."""
        return self.data_dir / "events.db"

    @property
    def cases_path(self) -> Path:
        """The cases."""
        return self.data_dir / "cases.db"

    @property
    def profiles_path(self) -> Path:
        """What is remembered of accounts between their events."""
        return self.data_dir / "profiles.db"

    @property
    def anchor_path(self) -> Path:
        """How everything stood, told outside of the database."""
        return self.audit.anchor or self.data_dir / "anchor.log"

    @property
    def engine_path(self) -> Path:
        """The engine's own tables."""
        return self.data_dir / "engine.db"

    @property
    def worker_lock(self) -> Path:
        """Every living worker of this machine holds a share of the lock on it."""
        return self.data_dir / "worker.lock"

    @property
    def hosts(self) -> list[str]:
        """The names under which the web side answers."""
        return list(dict.fromkeys([host_of(self.base_url), *self.allowed_hosts, *_LOCAL]))

    def make_data_dir(self) -> None:
        """Make the data directory and its files, for this user alone, unless they are there.

        An empty file is an empty database; one that SQLite makes by itself could be read by others. `SettingsError`
        when it cannot be done.
        """
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in (self.events_path, self.cases_path) if self.database_url is None else ():
                path.touch(mode=0o600)
        except OSError as error:
            raise SettingsError(f"data_dir: {error.filename} cannot be made: {error.strerror}.") from None

    def secret(self) -> str:
        """The installation's secret: the setting, else the one kept in `data_dir`, made when first asked for."""
        if self.secret_key is not None:
            return self.secret_key
        self.make_data_dir()
        return kept_secret(self.data_dir / "secret_key")

    def key(self, purpose: str) -> bytes:
        """32 bytes for one purpose, which tell nothing of the secret or of another purpose's key."""
        return digest(self.secret().encode(), f"takeback {purpose}".encode(), sha256)


def load_configuration(environment: Mapping[str, str] | None = None) -> Configuration:
    """The settings of this process. `SettingsError` says in one sentence which one is wrong and how."""
    variables = os.environ if environment is None else environment
    file = Path(variables.get(FILE_VARIABLE) or FILE)
    said = _read(file, must_exist=bool(variables.get(FILE_VARIABLE)))
    if isinstance(said.get("data_dir"), str):
        said["data_dir"] = str(file.parent / Path(said["data_dir"]).expanduser())
    _below(file.parent, said, "places")
    _below(file.parent, said.get("audit"), "anchor")
    for name in ("lists", "ranges"):
        _below(file.parent, said.get("leaks"), name)
    for path in setting_names():
        if (value := variables.get(variable_of(path))) is not None:
            _put(said, path, _from_environment(path, value))
    try:
        configuration = msgspec.convert(said, Configuration, strict=False, dec_hook=_decode)
    except msgspec.ValidationError as error:
        raise SettingsError(_told(str(error))) from None
    configuration = replace(
        configuration,
        mail=_with_plain_domains(configuration.mail),
        data_dir=configuration.data_dir.expanduser().resolve(),
        places=_resolved(configuration.places),
        audit=_resolved_anchor(configuration.audit),
        leaks=replace(
            configuration.leaks,
            lists=_resolved(configuration.leaks.lists),
            ranges=_resolved(configuration.leaks.ranges),
        ),
    )
    _check(configuration)
    return configuration


def _below(folder: Path, section: object, name: str) -> None:
    """Paths in the file begin at its own folder."""
    if isinstance(section, dict) and isinstance(section.get(name), str):
        section[name] = str(folder / Path(section[name]).expanduser())
    if isinstance(section, dict) and isinstance(section.get(name), list):
        section[name] = [
            str(folder / Path(path).expanduser()) if isinstance(path, str) else path for path in section[name]
        ]


def _resolved(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(path.expanduser().resolve() for path in paths)


def _resolved_anchor(audit: AuditSettings) -> AuditSettings:
    return audit if audit.anchor is None else replace(audit, anchor=audit.anchor.expanduser().resolve())


def setting_names(of: type[Struct] = Configuration, prefix: str = "") -> Iterator[str]:
    """Every setting that one value can be given to, e.g. `smtp.host`. `services` is one of them."""
    for name, kind in get_type_hints(of).items():
        if isinstance(kind, type) and issubclass(kind, Struct):
            yield from setting_names(kind, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def variable_of(setting: str) -> str:
    """The environment variable that says the same, e.g. `TAKEBACK_SMTP_HOST`."""
    return f"TAKEBACK_{setting.replace('.', '_').upper()}"


def _read(file: Path, *, must_exist: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if must_exist:
            raise SettingsError(f"{FILE_VARIABLE} names {file}, which does not exist.") from None
        return {}
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} is not TOML: {error}.") from None


def _from_environment(path: str, value: str) -> object:
    if path in _LISTS:
        return [part.strip() for part in value.split(",") if part.strip()]
    if path in _ARRAYS:
        try:
            return msgspec.json.decode(value)
        except msgspec.DecodeError:
            raise SettingsError(f"{variable_of(path)} is not a JSON array of {path.rpartition('.')[2]}.") from None
    return value


def _put(said: dict[str, Any], path: str, value: object) -> None:
    *sections, name = path.split(".")
    for section in sections:
        said = said.setdefault(section, {})
        if not isinstance(said, dict):
            raise SettingsError(f"The setting {section} is a section, [{section}], not a value.")
    said[name] = value


def _decode(kind: type, value: object) -> object:
    if not isinstance(value, str) or not value:
        raise ValueError("expected text")  # becomes a ValidationError that says where
    return kind(value)


def _told(complaint: str) -> str:
    """A decoder's complaint as a sentence that names the setting; never the value, which may be a secret."""
    sentence, _, path = complaint.partition(" - at `$")
    path = path.strip("`.")
    sentence = sentence[0].lower() + sentence[1:]
    if "unknown field" in sentence:
        name = f"{path}.{sentence.split('`')[1]}".strip(".")
        return f"There is no setting {name}."
    variable = "" if "[" in path or not path else f" ({variable_of(path)})"
    return f"The setting {path}{variable} is wrong: {sentence}."


def _check_secret(configuration: Configuration) -> None:
    if configuration.secret_key is not None and len(configuration.secret_key) < _SHORTEST_SECRET_KEY:
        raise SettingsError(f"secret_key is shorter than {_SHORTEST_SECRET_KEY} characters.")
    check_database(configuration.database_url)
    if configuration.database_url is not None and configuration.secret_key is None:
        raise SettingsError("secret_key is not set, and every machine of a database_url needs the same one.")


def _check(configuration: Configuration) -> None:
    _check_secret(configuration)
    if not is_address(configuration.base_url) or urlsplit(configuration.base_url).path not in ("", "/"):
        raise SettingsError("base_url is not of the form https://host or https://host:port.")
    try:
        ZoneInfo(configuration.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingsError("time_zone is not the name of a time zone, such as Asia/Tokyo.") from None
    smtp = configuration.smtp
    if (smtp.username is None) != (smtp.password is None):
        raise SettingsError("smtp.username and smtp.password belong together: one of them is missing.")
    if smtp.password is not None and smtp.tls is Tls.NONE and not is_here(smtp.host):
        raise SettingsError('smtp.password would travel in the clear: set smtp.tls to "starttls" or "tls".')
    if "@" not in smtp.from_address:
        raise SettingsError("smtp.from_address is not a mail address.")
    _check_mail(configuration)
    check_phones(configuration.phones)
    check_leaks(configuration.leaks)
    check_desk(configuration.desk)
    check_notice(configuration.notice)
    check_traces(configuration.traces)
    for place, service in enumerate(configuration.services):
        _check_service(f"services[{place}] ({service.source})", service)
    for name in ("source", "secret"):
        values = [getattr(service, name) for service in configuration.services]
        if len(set(values)) < len(values):
            raise SettingsError(f"Two services have the same {name}; each needs its own.")


def _with_plain_domains(mail: Mail) -> Mail:
    return replace(
        mail,
        shop_domains=tuple(_domain("mail.shop_domains", domain) for domain in mail.shop_domains),
        receivers=tuple(name.strip().lower() for name in mail.receivers),
        arc_sealers=tuple(_domain("mail.arc_sealers", domain) for domain in mail.arc_sealers),
    )


def _domain(setting: str, said: str) -> str:
    """A domain in lower-case A-labels without the final dot."""
    plain = said.strip().lower().removesuffix(".")
    try:
        plain = plain.encode("idna").decode()
    except UnicodeError:
        plain = ""
    if not re.fullmatch(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", plain):
        raise SettingsError(f"{setting} names {said!r}, which is no domain, such as shop.example.")
    return plain


def _check_mail(configuration: Configuration) -> None:
    address = configuration.mail.inbound_address
    if address is None:
        return
    if not re.fullmatch(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,253}", address):
        raise SettingsError("mail.inbound_address is not a plain mail address, such as check@shop.example.")
    if address.lower() == parseaddr(configuration.smtp.from_address)[1].lower():
        raise SettingsError("mail.inbound_address is smtp.from_address: answers to our own letters would be answered.")


def _check_service(where: str, service: ServiceAddress) -> None:
    if service.source == OUR_SOURCE:
        raise SettingsError(f"{where}: {OUR_SOURCE} is the source of Takeback's own letters; choose another.")
    if not is_address(service.base_url):
        raise SettingsError(f"{where}: base_url is not of the form https://host/path.")
    if service.base_url.startswith("http:") and not service.plain_http and not is_here(host_of(service.base_url)):
        raise SettingsError(
            f"{where}: base_url is http, and new passwords travel over it: use https, or say plain_http = true."
        )
    try:
        secret = b64decode(service.secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise SettingsError(f"{where}: secret is not base64, with or without whsec_ before it.") from None
    if len(secret) < _SHORTEST_SERVICE_SECRET:
        raise SettingsError(f"{where}: secret is shorter than {_SHORTEST_SERVICE_SECRET} bytes.")
