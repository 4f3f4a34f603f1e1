"""A worker that is ended with `kill -9` at random points: every case completes, every act is done once. On PostgreSQL
another worker is at work all the while, and lines to the database are cut.
"""

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import InterfaceError, OperationalError

from takeback.bootstrap import House, build_house
from takeback.casework import engine
from takeback.casework.handback import set_password
from takeback.casework.progress import known
from takeback.casework.proof import enter
from takeback.casework.report import hand_in
from takeback.configuration import load_configuration
from takeback.core.case import Case, Language, Stage
from takeback.core.undo.plan import ActionKind
from tests.casework.crashing import (
    SERVICES,
    Killer,
    Sink,
    another_worker,
    counted,
    cut_lines,
    mail_of,
    seen_by,
    settings,
    shops,
    sink_at,
    tell,
)

KILLS = {"sqlite": 30, "postgres": 15}
ACCOUNTS = [str(number) for number in range(1, 7)]
NEW_PASSWORD = "a completely new sentence"
RESULT, WELCOME = "取り消しの結果", "アカウントをお返ししました"


@dataclass
class Customers:
    """Everybody whose account was taken: each does what it is her turn to do, and nothing twice."""

    house: House
    sink: Sink
    begun: list[str] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)

    def case(self, account: str) -> Case | None:
        """Her case."""
        return next(iter(self.house.cases.of_account(account)), None)

    def stages(self) -> list[Stage]:
        """How far the cases are that have been reported."""
        return [case.stage if (case := self.case(account)) else Stage.REPORT for account in self.begun]

    def act(self) -> None:
        """One round; a new report when the earlier cases are quiet. Whose line was cut tries again."""
        with suppress(OperationalError, InterfaceError), self.house.released():
            self._act()

    def _act(self) -> None:
        if len(self.begun) < len(ACCOUNTS) and all(stage.reached(Stage.HOLD) for stage in self.stages()):
            self.begun.append(ACCOUNTS[len(self.begun)])
        for account in self.begun:
            self.act_for(account)

    def act_for(self, account: str) -> None:
        """What this customer does now, if it is her turn."""
        case = self.case(account)
        if case is None:
            hand_in(self.house, mail_of(account), "買っていない商品が購入されている", Language.JA)
            return
        case = known(self.house, case.id)
        if case.stage is Stage.UNDO and case.proven_at is None:
            self._return_code(case, account, "proof")
        elif case.stage is Stage.HAND_BACK and case.proven_after_hold_at is None:
            self._return_code(case, account, "hand_back")
        elif case.stage is Stage.HAND_BACK and not self.house.cases.actions(case.id, "password"):
            assert set_password(self.house, case.id, NEW_PASSWORD) == ()

    def _return_code(self, case: Case, account: str, purpose: str) -> None:
        self.house.starter.start("code", case.id, purpose, because=f"asked-{purpose}")
        for code in [code for code in self.sink.codes(account) if code not in self.tried]:
            self.tried.add(code)
            if enter(self.house, case.id, code):
                return

    def rows(self) -> int:
        """How much has been written down in all cases; 0 when the line was cut just now."""
        with suppress(OperationalError, InterfaceError), self.house.released():
            return self._rows()
        return 0

    def _rows(self) -> int:
        return sum(len(self.house.cases.log(case.id)) for case in self.house.cases.cases(open_only=False))


@pytest.fixture
def customers(cases_path: Path, database: str | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Customers]:
    """The shops and the mail server as they run, and a house in which nobody works yet."""
    folder, smtp_port = cases_path.parent, _free_port()
    with shops(folder, ACCOUNTS) as addresses, sink_at(smtp_port) as sink:
        monkeypatch.setenv("TAKEBACK_CONFIG", str(settings(folder, addresses, smtp_port, database)))
        configuration = load_configuration()
        engine.migrate(configuration.engine_url)
        house = build_house(configuration)
        tell(house, folder)
        yield Customers(house, sink)
        house.close()


@pytest.mark.timeout(170)
def test_kills_at_random_points_leave_every_case_complete_and_every_act_done_once(
    customers: Customers, cases_path: Path, database: str | None
) -> None:
    seed, kills = random.randrange(10**6), KILLS["sqlite" if database is None else "postgres"]
    print(f"seed {seed}")  # shown when the test fails
    chance = random.Random(seed)
    killer = Killer(chance, cases_path.parent / "ready")
    with another_worker(cases_path.parent) if database is not None else nullcontext():
        while killer.done < kills:
            before = customers.rows()
            life = threading.Thread(target=killer.round)
            life.start()
            while life.is_alive():
                customers.act()
                if customers.rows() > before:
                    killer.moved.set()
                time.sleep(0.05)
            life.join()
            if database is not None and killer.done % 3 == 0:
                cut_lines(database, chance)
    assert killer.hit >= kills // 6  # else this test ended workers that did nothing
    with killer.mercy():
        _until(lambda: _all_closed(customers), customers.stages)
        told = len(customers.begun)
        _until(lambda: len(customers.sink.ids(RESULT)) == len(customers.sink.ids(WELCOME)) == told, customers.stages)

    assert set(counted(cases_path.parent).values()) == {1}
    for account in customers.begun:
        _is_whole(customers, account, cases_path.parent)


def _is_whole(customers: Customers, account: str, folder: Path) -> None:
    """Each action once in the ledger and in the shop, the log unbroken, one result mail, the account hers."""
    case, cases = customers.case(account), customers.house.cases
    assert case is not None
    rows = cases.actions(case.id)
    assert all(row.outcome is not None for row in rows)
    assert len({(row.source, row.action, str(row.args)) for row in rows}) == len(rows)
    assert sum(row.action == ActionKind.CANCEL_ORDER for row in rows) == 2
    assert cases.verify(case.id) is None
    assert len([to for to, _ in customers.sink.ids(RESULT) if to == mail_of(account)]) == 1
    shop = seen_by(folder, "/shops/oscar").accounts[account].snapshot()
    assert shop.fields["email"] == mail_of(account)
    assert shop.balances["points"].value == 1200
    assert {order["status"] for number, order in shop.orders.items() if "-9" in number} == {"cancelled"}
    assert not any(seen_by(folder, source).accounts[account].frozen for source in SERVICES)


def _all_closed(customers: Customers) -> bool:
    for account in customers.begun:
        customers.act_for(account)
    return set(customers.stages()) == {Stage.CLOSED}


def _until(so: Callable[[], bool], otherwise: Callable[[], object]) -> None:
    until = time.monotonic() + 45
    while not so():
        assert time.monotonic() < until, otherwise()
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
