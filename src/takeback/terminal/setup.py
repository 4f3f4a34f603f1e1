"""`takeback migrate` and `takeback check`: is this installation ready, and if not, what is wrong with it?"""

import fcntl
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from smtplib import SMTP, SMTPException

import msgspec

from takeback.casework.ports import Service
from takeback.configuration import Configuration, load_configuration
from takeback.core.errors import OutsideError, SettingsError
from takeback.core.freeze import missing
from takeback.core.undo.plan import ActionKind
from takeback.terminal import setup_people, setup_postgres, setup_running
from takeback.terminal.finding import Finding, State
from takeback.terminal.restore import BEGUN

SQLITE_FROM = (3, 42, 0)  # the engine's times need it on Python 3.12 and later
DISK_FROM = 1 << 30  # bytes
STALE_AFTER = 90  # days: by then a file of places is wrong about many a network that was sold or moved
NEVER_MISSING = frozenset(
    {ActionKind.FREEZE, ActionKind.UNFREEZE, ActionKind.END_SESSIONS, ActionKind.DISABLE_PASSWORD}
)
BAD_NEWS = 1


def migrate() -> int:
    """Make or bring up to date the tables of cases, events and engine."""
    from takeback.bootstrap import make_tables

    configuration = load_configuration()
    make_tables(configuration)
    sys.stdout.write(f"The tables in {_place(configuration)} are up to date.\n")
    return 0


def check(*, as_json: bool) -> int:
    """Look at everything that can be looked at without changing it. 1 when something is wrong."""
    configuration = load_configuration()
    findings = [*_looked_at(configuration)]
    if as_json:
        sys.stdout.write(msgspec.json.encode(findings).decode() + "\n")
    else:
        _print(findings)
    return BAD_NEWS if any(finding.state is State.WRONG for finding in findings) else 0


def _looked_at(configuration: Configuration) -> Iterator[Finding]:
    yield from _python()
    yield from _data_dir(configuration)
    yield from _address(configuration)
    yield from _mail(configuration)
    yield from _places(configuration)
    if not configuration.services:
        yield Finding("services", State.WRONG, "No service is connected: nothing can be frozen. Add [[services]].")
        return
    from takeback.shops.http import HttpService

    services = [HttpService(each.source, each.base_url, each.secret) for each in configuration.services]
    with ThreadPoolExecutor(8) as pool:
        yield from pool.map(_service, services)


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sqlite3.sqlite_version_info))
    if sys.version_info >= (3, 12) and sqlite3.sqlite_version_info < SQLITE_FROM:
        yield Finding("sqlite", State.WRONG, f"SQLite is {version}; on Python 3.12 and later the engine needs 3.42.")
    else:
        yield Finding("sqlite", State.GOOD, f"SQLite is {version}.")


def _data_dir(configuration: Configuration) -> Iterator[Finding]:
    folder = configuration.data_dir
    if not folder.is_dir():
        yield Finding("data_dir", State.WRONG, f"{folder} does not exist. Run `takeback migrate`.")
        return
    if folder.stat().st_mode & 0o077:
        yield Finding("data_dir", State.WRONG, f"{folder} can be opened by other users. Run `chmod 700 {folder}`.")
    if (folder / BEGUN).exists():
        yield Finding(
            "data_dir", State.WRONG, f"A restoration into {folder} did not end. Call `takeback restore` again."
        )
    if shutil.disk_usage(folder).free < DISK_FROM:
        yield Finding("disk", State.WRONG, f"Less than 1 GiB is free on the disk of {folder}.")
    if configuration.database_url is not None:
        found = list(setup_postgres.looked_at(configuration))
        yield from found
        if any(one.what == setup_postgres.WHAT and one.state is State.WRONG for one in found):
            return  # nothing else of it can be asked
    yield from _tables(configuration)
    if configuration.database_url is not None:
        yield setup_postgres.workers(configuration)
    else:
        yield _worker(configuration.worker_lock)


def _tables(configuration: Configuration) -> Iterator[Finding]:
    from takeback.store.start import waiting_migrations

    waiting = waiting_migrations()
    if waiting or not _has_engine_tables(configuration):
        yield Finding("tables", State.WRONG, "The tables are not up to date. Run `takeback migrate`.")
    else:
        yield Finding("tables", State.GOOD, f"The tables in {_place(configuration)} are up to date.")
        yield from setup_running.looked_at(configuration)
        yield from setup_people.looked_at(configuration)


def _has_engine_tables(configuration: Configuration) -> bool:
    from takeback.store.tally import queues  # its tables are known only once Django has been started

    if configuration.database_url is None:
        return _has_tables(configuration.engine_path)
    try:
        queues(configuration, 0.0)
    except Exception as error:
        from takeback.store.start import is_of_the_database

        if not is_of_the_database(error):
            raise
        return False
    return True


def _place(configuration: Configuration) -> str:
    return str(configuration.data_dir) if configuration.database_url is None else "PostgreSQL"


def _has_tables(path: Path) -> bool:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        count: int = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'workflow_status'").fetchone()[
            0
        ]
    return count > 0


def _worker(lock: Path) -> Finding:
    if lock.exists():
        with lock.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return Finding("worker", State.GOOD, "A worker is at work.")
    return Finding("worker", State.MIND, "No worker is at work: reports wait. Start `takeback work`.")


def _address(configuration: Configuration) -> Iterator[Finding]:
    base = configuration.base_url
    if base.startswith("https:") or any(f"://{host}" in base for host in ("127.0.0.1", "localhost", "[::1]")):
        yield Finding("base_url", State.GOOD, f"Customers reach Takeback at {base}.")
    else:
        yield Finding("base_url", State.WRONG, f"{base} is not https: case pages and codes could be read on the way.")


def _mail(configuration: Configuration) -> Iterator[Finding]:
    smtp = configuration.smtp
    try:
        with SMTP(smtp.host, smtp.port, timeout=5) as server:
            server.noop()
    except (OSError, SMTPException) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        yield Finding("smtp", State.WRONG, f"The mail server {smtp.host}:{smtp.port} does not answer: {why}.")
    else:
        yield Finding("smtp", State.GOOD, f"The mail server {smtp.host}:{smtp.port} answers.")


def _places(configuration: Configuration) -> Iterator[Finding]:
    if not configuration.places:
        return
    from takeback.places.lookup import Places

    for path in configuration.places:
        try:
            opened = Places.open([path])
        except SettingsError as error:
            yield Finding("places", State.WRONG, str(error))
            continue
        (file,) = opened.files
        opened.close()
        days = (datetime.now(UTC) - file.made_at).days
        told = f"{path} ({file.kind}) was made on {file.made_at:%Y-%m-%d}, {days} days ago."
        if days > STALE_AFTER:
            yield Finding("places", State.MIND, f"{told} Networks move: get a newer one.")
        else:
            yield Finding("places", State.GOOD, told)


def _service(service: Service) -> Finding:
    try:
        offered = service.capabilities()
    except OutsideError as error:
        return Finding(service.source, State.WRONG, f"{error}.".replace("..", "."))
    if vital := sorted(NEVER_MISSING - offered.actions):
        return Finding(service.source, State.WRONG, f"It cannot {', '.join(vital)}; without these nothing is safe.")
    if lacking := missing(offered):
        told = ", ".join(lacking)
        return Finding(service.source, State.MIND, f"It answers. It cannot {told}: these become tasks for staff.")
    return Finding(service.source, State.GOOD, "It answers, and can do all of the containment.")


def _print(findings: list[Finding]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    signs = {State.GOOD: "[green]✓[/]", State.MIND: "[yellow]![/]", State.WRONG: "[red]✗[/]"}
    table = Table(box=None, show_header=False, pad_edge=False)
    for finding in findings:
        table.add_row(signs[finding.state], escape(finding.what), escape(finding.says))  # [[services]] is no markup
    Console(highlight=False).print(table)
