"""How long from report to frozen, and to the result mail? Real processes: web side, worker, two services, a mailbox.

Beside it the least that the same requests to the same services can take, sent by hand, in order, side by side.
"""

import os
import re
import smtplib
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import httpx

from benchmarks.row import Row, seconds
from benchmarks.town import ORDERS, SHOP, Town, mail_of
from takeback.bootstrap import House, build_house
from takeback.configuration import load_configuration
from takeback.core.events import Json
from takeback.core.service import ActionRequest
from takeback.core.undo.plan import CONTAINMENT
from takeback.demo.mailbox import Mailbox, text_of
from takeback.demo.processes import Processes
from takeback.shops.http import HttpService

CASES, BY_HAND = 10, 3
PAGE = re.compile(r"(/case/[\w-]+)")
CODE = re.compile(r"([0-9]{4}) ?([0-9]{4})")
Act = tuple[str, Mapping[str, Json]]
RESULT = "The result\r?\n"


@dataclass
class Found:
    """Seconds, a figure a case."""

    frozen: list[float] = field(default_factory=list)
    result: list[float] = field(default_factory=list)
    contained_by_hand: list[float] = field(default_factory=list)
    undone_by_hand: list[float] = field(default_factory=list)


def rows() -> Iterator[Row]:
    """Medians over the cases."""
    found = _measure()
    by_hand = "the same requests by hand"
    yield Row(
        "report to frozen and read back", median(found.frozen), "s", by_hand, median(found.contained_by_hand), 0.5
    )
    yield Row("report to result mail", median(found.result), "s", by_hand, median(found.undone_by_hand), 5.0)


def _measure() -> Found:
    accounts = [str(100 + number) for number in range(CASES + BY_HAND)]
    found = Found()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        processes = stack.enter_context(Processes(folder / "logs"))
        town = Town(folder)
        mailbox = stack.enter_context(Mailbox(town.smtp_port))
        town.open_up(processes, accounts)
        os.environ["TAKEBACK_CONFIG"] = str(town.configuration_file)  # Django reads it here too
        house = build_house(load_configuration())
        stack.callback(house.close)
        processes.until("serve", lambda: all(house.cases.signs(account) for account in accounts))
        for account in accounts[:CASES]:
            _one(town, house, mailbox, processes, account, found)
        for account in accounts[CASES:]:
            _by_hand(town, account, found)
    return found


def _one(town: Town, house: House, mailbox: Mailbox, processes: Processes, account: str, found: Found) -> None:
    """One case as its customer lives it, who answers each mail at once."""
    address, json_please = mail_of(account), {"accept": "application/json"}
    with httpx.Client(base_url=town.takeback_url, headers=json_please, trust_env=False, timeout=20) as browser:
        begun, begun_at = time.monotonic(), datetime.now(UTC)
        told = {"account": address, "text": "I did not buy this", "language": "en"}
        browser.post("/v1/reports", json=told).raise_for_status()
        processes.until("work", lambda: any(case.frozen_at for case in house.cases.of_account(account)))
        frozen_at = house.cases.of_account(account)[0].frozen_at
        assert frozen_at is not None
        found.frozen.append((frozen_at - begun_at).total_seconds())
        _, mail = mailbox.wait_for(address, PAGE.pattern, after=0)
        page = PAGE.search(text_of(mail))
        assert page is not None
        mails = len(mailbox.to(address))
        browser.post(f"{page[1]}/code").raise_for_status()
        _, mail = mailbox.wait_for(address, "Code: ", after=mails)
        code = CODE.search(text_of(mail).partition("Code: ")[2])
        assert code is not None
        browser.post(f"{page[1]}/proof", data={"code": code[1] + code[2]}).raise_for_status()
        at, _ = mailbox.wait_for(address, RESULT, after=mails)
        found.result.append(at - begun)
    snapshot = town.services[SHOP].account(account)
    assert snapshot is not None
    cancelled = [order for order, told in snapshot.orders.items() if told.get("status") == "cancelled"]
    assert snapshot.fields["email"] == address, "the benchmark's case was not undone"
    assert len(cancelled) >= 10


def _by_hand(town: Town, account: str, found: Found) -> None:
    """The requests of a case without a case: contain both services side by side, then undo and send one mail."""
    services = list(town.services.values())

    containing: list[Act] = [(kind.value, {}) for kind in CONTAINMENT]
    undoing: list[Act] = [
        *(("cancel_order", {"order": f"{account}-x{number}"}) for number in range(ORDERS)),
        ("set_field", {"field": "email", "value": mail_of(account)}),
        ("set_field", {"field": "name", "value": "佐藤花子"}),
        ("remove_item", {"collection": "addresses", "id": "66"}),
    ]

    def contain() -> None:
        with ThreadPoolExecutor(len(services)) as pool:
            for done in [pool.submit(_acts, service, account, containing) for service in services]:
                done.result()

    def undo() -> None:
        _acts(town.services[SHOP], account, undoing)
        with smtplib.SMTP("127.0.0.1", town.smtp_port) as server:
            server.sendmail("takeback@shop.example", [mail_of(account)], f"Subject: by hand {account}\n\nDone.\n")

    contained = seconds(contain)
    found.contained_by_hand.append(contained)
    found.undone_by_hand.append(contained + seconds(undo))


def _acts(service: HttpService, account: str, acts: Sequence[Act]) -> None:
    for number, (action, args) in enumerate(acts):
        service.act(ActionRequest(f"by-hand-{account}-{number}-{action}", account, action, args))
    service.account(account)
