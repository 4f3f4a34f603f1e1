"""What does a test stand on? Real files in a folder of its own, and no network but this machine's own."""

import os
import shutil
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from django.conf import settings
from django.db import connections
from hypothesis import settings as drawing
from pytest_django.plugin import DjangoDbBlocker
from pytest_socket import socket_allow_hosts

from takeback.bootstrap import House, build_event_log, build_house, make_tables, move_into
from takeback.casework.ports import EventLog
from takeback.configuration import Configuration, Secret, ServiceAddress
from takeback.core.events import Event, parse_event
from takeback.databases import database_of
from takeback.store.start import migrate
from tests.postgres import a_database, a_server, name_of

SHOP_SECRET = "whsec_" + b64encode(b"the shop's secret, for the tests").decode()
VIDEO_SECRET = "whsec_" + b64encode(b"the video's secret, for the tests").decode()

INSTALLATION = "the installation's secret, for the tests"
ON_BOTH = ("casework", "checklist", "store", "stories")  # folders whose tests run on both stores

MakeEvent = Callable[..., tuple[Event, bytes]]

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder in it that is its user's alone
ROOM = 2 * 2**30  # bytes; a whole run writes a tenth of it

# Dozens of processes are started here: each would compile anew all that it imports, three times as slow to start.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Real files all the same, and every commit is still synced; but tens of thousands of times no disk is waited for.
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


# How long one example takes says more of the machine than of the code: what has to be quick has a test that says so.
drawing.register_profile("here", deadline=None)
drawing.load_profile("here")

# These take the longest, so they begin first: a whole file runs in one process, and none should still run alone at the
# end. The first two mostly wait.
LONGEST = (
    "browser/test_customers_night.py",
    "browser/test_desk_night.py",
    "casework/test_crash.py",
    "client/test_sending.py",
    "terminal/test_importing.py",
    "web/desk/test_door_browser.py",
    "web/desk/test_audit_browser.py",
    "web/desk/test_rules_browser.py",
    "web/desk/test_matrix.py",
    "demo/test_demo.py",
    "core/test_undo_laws.py",
    "terminal/test_every_account.py",
    "stories/intruder/test_flooding.py",
    "stories/intruder/test_guessing.py",
    "checklist/test_oscar.py",
    "shops/test_door.py",
    "shops/test_contract_shapes.py",
    "oscar/test_outbox.py",
    "web/test_portal_pages.py",
    "casework/test_proof.py",
    "casework/test_looking.py",
    "mail/inbound/test_processes.py",
    "casework/test_new_password.py",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: some of them always wait for a server or a clock."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the rest stays in its order."""
    here = Path(__file__).parent
    first = {here / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: first.get(item.path, len(first)))


def pytest_configure() -> None:
    """Give Django a secret: the real one is made in the data directory, where no test has any business."""
    settings.SECRET_KEY = "a secret for the tests, which guards nothing at all"


def pytest_runtest_setup() -> None:
    """Refuse every connection that leaves this machine."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


def event_text(**changes: object) -> bytes:
    """An event of the contract as JSON, with `changes`; a change to `...` leaves the attribute out."""
    event: dict[str, object] = {
        "specversion": "1.0",
        "id": "ev1",
        "source": "/shops/oscar",
        "type": "account.viewed",
        "subject": "42",
        "time": "2026-11-01T10:00:00+09:00",
        "data": {"what": "orders"},
    }
    event |= changes
    return msgspec.json.encode({name: value for name, value in event.items() if value is not ...})


@pytest.fixture
def make_event() -> MakeEvent:
    """Makes an event and its text; every attribute of the envelope can be given."""

    def make(**changes: object) -> tuple[Event, bytes]:
        text = event_text(**changes)
        return parse_event(text), text

    return make


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--store` says on which stores the tests run that touch one."""
    parser.addoption(
        "--store",
        choices=("sqlite", "postgres", "both", "auto"),
        default="auto",
        help="auto: both for the tests of the stores and of casework, SQLite for the rest",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what touches a store on each store that was asked for; `on_store` names the only one that a test is for."""
    if "which_store" not in metafunc.fixturenames:
        return
    asked = metafunc.config.getoption("--store")
    if asked == "auto":
        folder = metafunc.definition.path.relative_to(Path(__file__).parent).parts[0]
        asked = "both" if folder in ON_BOTH else "sqlite"
    stores = ["sqlite", "postgres"] if asked == "both" else [asked]
    only = metafunc.definition.get_closest_marker("on_store")
    chosen = [one for one in stores if only is None or one in only.args]
    metafunc.parametrize("which_store", chosen, indirect=True, scope="function")


@pytest.fixture
def which_store(request: pytest.FixtureRequest) -> str:
    """The store that this test runs on: sqlite or postgres."""
    return str(request.param)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of this process's own. Its files are not among pytest's: another run that
    begins shuts those against a server that is not of the same user.
    """
    where = MEMORY if os.access(MEMORY, os.W_OK) else None
    with TemporaryDirectory(prefix="takeback-pg-", dir=where) as folder, a_server(Path(folder)) as address:
        yield address


@pytest.fixture(scope="session")
def empty_postgres(
    postgres: str, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """The name of a database with all tables and nothing in them, to be copied."""
    folder = tmp_path_factory.mktemp("empty-pg")
    with a_database(postgres) as address:
        empty = Configuration(data_dir=folder, database_url=Secret(address), secret_key=Secret(INSTALLATION))
        with django_db_blocker.unblock():
            use_database(empty)
            make_tables(empty)
            connections.close_all()
        yield name_of(address)


@pytest.fixture
def event_log(configuration: Configuration) -> Iterator[EventLog]:
    """An empty event log of its own."""
    log = build_event_log(configuration)
    yield log
    log.close()


@pytest.fixture(scope="session")
def empty_cases(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Path:
    """A database of cases with its tables and nothing in them, to be copied."""
    empty = Configuration(data_dir=tmp_path_factory.mktemp("empty"), secret_key=Secret(INSTALLATION))
    with django_db_blocker.unblock():
        use_database(empty)
        migrate()
        connections["default"].execute_wrappers.clear()
        with connections["default"].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections.close_all()
    return empty.cases_path


def use_database(configuration: Configuration) -> None:
    """Let Django in this process use the database of these settings."""
    connections.close_all()
    connections.settings = connections.configure_settings({"default": database_of(configuration)})
    if hasattr(connections._connections, "default"):
        del connections["default"]


@pytest.fixture
def database(which_store: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str | None]:
    """The `database_url` of this test's own database, which threads and other processes can open too; None: SQLite."""
    if which_store == "sqlite":
        shutil.copyfile(request.getfixturevalue("empty_cases"), tmp_path / "cases.db")
        yield None
        return
    like, server = request.getfixturevalue("empty_postgres"), request.getfixturevalue("postgres")
    with a_database(server, like) as address:
        yield address


@pytest.fixture
def cases_path(tmp_path: Path, configuration: Configuration, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """Django's database opened to this test. The path is that of SQLite's file; on PostgreSQL there is none there."""
    with django_db_blocker.unblock():
        use_database(configuration)
        yield tmp_path / "cases.db"
        connections.close_all()


@pytest.fixture
def configuration(tmp_path: Path, database: str | None) -> Configuration:
    """The settings of an installation with two services, in this test's folder."""
    return Configuration(
        data_dir=tmp_path,
        database_url=None if database is None else Secret(database),
        secret_key=Secret(INSTALLATION),
        services=(
            ServiceAddress(source="/shops/oscar", base_url="http://127.0.0.1:9/takeback", secret=Secret(SHOP_SECRET)),
            ServiceAddress(source="/services/video", base_url="http://127.0.0.1:9/tb", secret=Secret(VIDEO_SECRET)),
        ),
    )


@pytest.fixture
def house(configuration: Configuration, cases_path: Path) -> Iterator[House]:
    """A whole house in this test's folder, which the views of this process live in."""
    assert cases_path == configuration.cases_path
    built = build_house(configuration)
    move_into(built)
    yield built
    move_into(None)
    built.close()
