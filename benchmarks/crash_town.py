"""What stands while Takeback is ended again and again? Two pretend services, a mail server, and customers who each do
what it is their turn to do.

The services live in a process that nobody ends, and count by action id what took effect; the mail server keeps repeats.
"""

import multiprocessing
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from multiprocessing.connection import Connection
from typing import Any

import httpx
import msgspec
from aiosmtpd.controller import Controller
from standardwebhooks import Webhook

from benchmarks.town import lived_in, mail_of
from takeback.bootstrap import House
from takeback.casework.handback import set_password
from takeback.casework.progress import known
from takeback.casework.proof import enter
from takeback.casework.report import hand_in
from takeback.core.case import Case, Language, Stage
from takeback.shops.pretend.server import PretendServer

NEW_PASSWORD = "a completely new sentence"  # noqa: S105 - of customers who do not exist
CODE = re.compile(r"^(?:確認コード：|Code: )\s*([0-9 ]+)$", re.MULTILINE)
ORDERS = 3  # of the intruder's, of which two were shipped
BATCH = 10  # events in a request
TURN = 2.0  # seconds between two acts of one customer
RESULT = "取り消しの結果"


def _serve(secrets: dict[str, str], accounts: list[str], line: "Connection[Any, Any]") -> None:
    servers = {source: PretendServer(lived_in(source, accounts, ORDERS), secret) for source, secret in secrets.items()}
    for server in servers.values():
        threading.Thread(target=server.serve_forever, daemon=True).start()
    texts = {
        source: [(event["subject"], msgspec.json.encode(event)) for event in server.shop.events]
        for source, server in servers.items()
    }
    line.send(({source: server.base_url for source, server in servers.items()}, texts))
    while line.recv() == "counted":
        line.send({source: dict(server.shop.effects) for source, server in servers.items()})


@dataclass
class Shops:
    """Both services; `texts` are what happened in them, by source: (account, event)."""

    addresses: dict[str, str]
    texts: dict[str, list[tuple[str, bytes]]]
    line: "Connection[Any, Any]"

    def effects(self) -> Counter[tuple[str, str]]:
        """By source and action id, how often the service was changed by it."""
        self.line.send("counted")
        found: dict[str, dict[str, int]] = self.line.recv()
        return Counter({(source, one): count for source, ids in found.items() for one, count in ids.items()})


@contextmanager
def shops(secrets: dict[str, str], accounts: list[str]) -> Iterator[Shops]:
    """The services in a process of their own, while this lasts."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(secrets, accounts, there), daemon=True)
    process.start()
    try:
        addresses, texts = here.recv()
        yield Shops(addresses, texts, here)
    finally:
        process.kill()
        process.join()


@dataclass
class Sink:
    """A mail server that keeps who got which mail, repeats too."""

    codes: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    results: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one mail."""
        mail: EmailMessage = message_from_bytes(envelope.content, policy=policy.default)
        body = mail.get_body(("plain",))
        text = body.get_content() if body is not None else ""
        to = str(mail["To"])
        self.codes[to] += CODE.findall(text)
        if RESULT in str(mail["Subject"]):
            self.results[to].append(str(mail["Message-ID"]))
        return "250 OK"


@contextmanager
def sink_at(port: int) -> Iterator[Sink]:
    """The mail server, while this lasts."""
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


class Teller(threading.Thread):
    """Sends all events of one account after the other, each batch until it is accepted. `allowed` accounts so far."""

    def __init__(self, url: str, town: Shops, secrets: dict[str, str], accounts: list[str]) -> None:
        super().__init__(daemon=True)
        self.told: list[str] = []  # accounts whose events were all accepted
        self.accepted: set[tuple[str, str]] = set()
        self.allowed, self.refused, self.failed = 0, 0, 0
        self._url, self._accounts = f"{url}/v1/events", accounts
        self._signers = {source: Webhook(secret) for source, secret in secrets.items()}
        self._of: defaultdict[str, list[tuple[str, bytes]]] = defaultdict(list)
        for source, texts in town.texts.items():
            for account, text in texts:
                self._of[account].append((source, text))

    def run(self) -> None:
        """Tell of every account."""
        for account in self._accounts:
            while len(self.told) >= self.allowed:
                time.sleep(0.05)
            for source, signer in self._signers.items():
                texts = [text for told, text in self._of[account] if told == source]
                for start in range(0, len(texts), BATCH):
                    self._tell(source, signer, texts[start : start + BATCH])
            self.told.append(account)

    def _tell(self, source: str, signer: Webhook, texts: list[bytes]) -> None:
        body = b"\n".join(texts)
        while not self._is_accepted(signer, body):
            time.sleep(0.1)
        self.accepted |= {(source, msgspec.json.decode(text)["id"]) for text in texts}

    def _is_accepted(self, signer: Webhook, body: bytes) -> bool:
        now = datetime.now(UTC)
        name = f"msg_{time.monotonic_ns()}"
        headers = {
            "content-type": "application/x-ndjson",
            "webhook-id": name,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signer.sign(name, now, body.decode()),
        }
        try:
            answer = httpx.post(self._url, content=body, headers=headers, timeout=10, trust_env=False)
        except httpx.HTTPError:
            self.failed += 1
            return False
        if answer.status_code == 200:
            return True
        self.refused += 1
        assert answer.status_code in (429, 500, 502, 503), answer.text
        return False


@dataclass
class Customers:
    """Everybody whose account was taken and whose events are in: each reports it, and returns codes, and gives a new
    password.
    """

    house: House
    sink: Sink
    teller: Teller
    acted: dict[str, float] = field(default_factory=dict)
    tried: set[tuple[str, str]] = field(default_factory=set)
    failed: Counter[str] = field(default_factory=Counter)

    def cases(self) -> dict[str, Case]:
        """All cases by account."""
        with self.house.released():
            return {case.account: case for case in self.house.cases.cases(open_only=False)}

    def act(self) -> Counter[str]:
        """One round; how many cases stand where. What fails is done in a later round, as people do."""
        try:
            cases = self.cases()
        except Exception as error:
            self.failed[type(error).__name__] += 1
            return Counter()
        now = time.monotonic()
        for account in list(self.teller.told):
            case = cases.get(account)
            if (case is None or case.stage is not Stage.CLOSED) and now - self.acted.get(account, 0.0) > TURN:
                self.acted[account] = now
                try:
                    with self.house.released():
                        self._act_for(account, case)
                except Exception as error:
                    self.failed[type(error).__name__] += 1
        return Counter(cases[account].stage.value if account in cases else "told" for account in self.teller.told)

    def _act_for(self, account: str, case: Case | None) -> None:
        if case is None:
            hand_in(self.house, mail_of(account), "買っていない商品が購入されている", Language.JA)
        elif case.stage is Stage.UNDO and (case := known(self.house, case.id)).proven_at is None:
            self._return_code(case, account, "proof")
        elif case.stage is Stage.HAND_BACK:
            case = known(self.house, case.id)
            if case.proven_after_hold_at is None:
                self._return_code(case, account, "hand_back")
            elif not self.house.cases.actions(case.id, "password"):
                set_password(self.house, case.id, NEW_PASSWORD)

    def _return_code(self, case: Case, account: str, purpose: str) -> None:
        press = f"{purpose}-{int(time.time() / 240)}"  # as her page names it: the same press sends the same code
        self.house.starter.start("code", case.id, purpose, "", press, because=f"asked-{press}")
        for code in reversed(list(self.sink.codes[mail_of(account)])):
            if (account, code) not in self.tried:
                self.tried.add((account, code))
                if enter(self.house, case.id, code):
                    return
