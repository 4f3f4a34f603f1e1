"""What does a test of forwarded mail stand on? A house in which Hanako's night has happened, two real mail servers."""

import asyncio
import smtplib
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiosmtpd.controller import Controller
from msgspec.structs import replace as changed

from takeback.bootstrap import House, build_house
from takeback.casework.doubt import Judge
from takeback.casework.sent import RecordedMailer
from takeback.configuration import Configuration, Mail, Smtp
from takeback.core.events import parse_event
from takeback.mail.dns.zone import ZoneResolver
from takeback.mail.inbound.answering import Answering
from takeback.mail.inbound.letter import answer_letter
from takeback.mail.inbound.listener import Handler, open_door
from takeback.mail.inbound.proving import Prover
from takeback.mail.judging import MailJudge, shop_of
from takeback.mail.smtp import SmtpMailer
from takeback.shops.pretend import PretendShop
from takeback.store.questions import DjangoQuestions
from tests.casework.conftest import Clock
from tests.casework.life import ACCOUNT, MINE, NIGHT, NOW, bad_night, ordinary_days
from tests.mail.proofs.making import record, sign

CHECK = "check@shop.example"
ORDER = f"{ACCOUNT}-900"  # the first that the intruder placed
SHOP_ID = f"order-{ORDER}@shop.example"
FRIEND = "friend@customer.example"
SIGNED = ("from", "to", "subject", "date", "message-id", "mime-version", "content-type")
ZONE = {
    "s1._domainkey.shop.example TXT": [record()],
    "s1._domainkey.customer.example TXT": [record()],
    "shop.example A": ["192.0.2.1"],
    "customer.example A": ["192.0.2.2"],
}


@dataclass
class Sink:
    """The mail server that takes the answers."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    says: str = "250 OK"
    busy: threading.Event = field(default_factory=threading.Event)  # set while a mail is held
    go_on: threading.Event = field(default_factory=threading.Event)
    hold: bool = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep a mail, after a while if told to."""
        if self.hold:
            self.busy.set()
            await asyncio.get_running_loop().run_in_executor(None, self.go_on.wait, 30)
        if self.says.startswith("2"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
            self.senders.append(envelope.mail_from)
        return self.says


def a_free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server."""
    sink = Sink(a_free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    yield sink
    sink.go_on.set()
    controller.stop()


def settings(configuration: Configuration, port: int) -> Configuration:
    """The settings of an installation that answers doubtful mail."""
    mail = Mail(shop_domains=("shop.example",), shop_names=("Example Shop", "例のお店"), inbound_address=CHECK)
    smtp = Smtp(port=port, from_address="help@shop.example")
    return changed(configuration, mail=mail, smtp=smtp, base_url="https://help.shop.example")


def live(house: House) -> None:
    """Let Hanako live in the shop, have her bad night, and be sent the confirmations of what was ordered."""
    shop = PretendShop("/shops/oscar")
    ordinary_days(shop)
    bad_night(shop, ship=False)
    order = {"channel": "mail", "to": "h***@example.jp", "template": "order_placed"}
    shop.send_message(ACCOUNT, NIGHT, order | {"message_id": f"<{SHOP_ID}>", "order": ORDER})
    shop.send_message(ACCOUNT, NIGHT, order | {"message_id": "<mine@shop.example>", "order": f"{ACCOUNT}-4"})
    texts = [msgspec.json.encode(event) for event in shop.events]
    house.event_log.append([(parse_event(text), text) for text in texts])


@dataclass
class Office:
    """Where mails come in and answers go out."""

    house: House
    sink: Sink
    clock: Clock
    judge: Judge
    port: int = 0

    def hand_in(self, raw: bytes, *, mail_from: str = FRIEND, to: str = CHECK) -> tuple[int, str]:
        """Hand a mail in by SMTP, and hear what the server says to it."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=30, local_hostname="mail.customer.example") as line:
            line.ehlo()
            line.mail(mail_from)
            code, said = line.rcpt(to)
            if code == 250:
                code, said = line.data(raw)
            return code, said.decode()

    @property
    def answer(self) -> EmailMessage:
        """The one answer that went out."""
        (mail,) = self.sink.mails
        return mail


@pytest.fixture
def office(sink: Sink, configuration: Configuration, cases_path: Path) -> Iterator[Office]:
    """An office whose DNS is a zone."""
    assert cases_path == configuration.cases_path
    clock = Clock()
    told = settings(configuration, sink.port)
    built = build_house(told)
    smtp = SmtpMailer(
        host="127.0.0.1", port=sink.port, username=None, password=None, tls="none", from_address="help@shop.example"
    )
    house = replace(built, clock=clock, mailer=RecordedMailer(smtp, built.event_log.sent, built.cases, clock))
    live(house)
    shop, resolver = shop_of(told.mail.shop_domains, told.mail.shop_names, (), ()), ZoneResolver(ZONE)
    judge = MailJudge(shop, resolver)
    here = Office(house, sink, clock, judge)
    answering = Answering(
        house, judge, Prover(shop, resolver, clock.now), answer_letter, house.mailer, DjangoQuestions()
    )
    with listening(answering.answer) as here.port:
        yield here
    house.close()


class listening:  # noqa: N801 - used as a function
    """A door for mails in a thread of its own, while this lasts; gives its port."""

    def __init__(self, answer: Callable[..., Any]) -> None:
        self._loop = asyncio.new_event_loop()
        self._pool = ThreadPoolExecutor(4)
        self._handler = Handler(CHECK, answer, self._pool)
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> int:
        self._thread.start()
        opening = asyncio.run_coroutine_threadsafe(open_door("127.0.0.1", 0, self._handler), self._loop)
        self._server = opening.result(timeout=10)
        return int(self._server.sockets[0].getsockname()[1])

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._closed(), self._loop).result(timeout=30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._pool.shutdown()

    async def _closed(self) -> None:
        self._server.close()
        here = asyncio.current_task()
        tasks = [task for task in asyncio.all_tasks() if task is not here]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def forwarded(
    inner: bytes | None = None,
    *,
    sender: str = FRIEND,
    text: str = "このメールは本物でしょうか。\n",
    signed: bool = True,
    **fields: str,
) -> bytes:
    """A customer's mail that carries a doubtful one, signed by her provider."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, CHECK, "Fwd: 確認"
    mail["Date"], mail["Message-ID"] = "Mon, 02 Nov 2026 03:00:00 +0900", "<f1@customer.example>"
    for name, value in fields.items():
        del mail[name.replace("_", "-")]
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    if inner is not None:
        part = MIMEPart(policy=policy.SMTP)
        part["Content-Type"] = "message/rfc822"
        part["Content-Disposition"] = "attachment"
        part.set_payload(inner.decode("ascii"))
        mail.make_mixed()
        mail.attach(part)
    raw = mail.as_bytes()
    return signed_by("customer.example", raw) if signed else raw


def shops_mail(*, number: str = ORDER, name: str = SHOP_ID, to: str = MINE) -> bytes:
    """The shop's confirmation of an order, signed, as Hanako's mailbox has it."""
    raw = (
        f"From: Example Shop <orders@shop.example>\r\nTo: {to}\r\nSubject: Your order {number}\r\n"
        f"Date: Sun, 01 Nov 2026 17:00:30 +0000\r\nMessage-ID: <{name}>\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\nThank you for your order {number}.\r\n"
    )
    received = "Received: from mail.shop.example by mx.mailbox.example; Sun, 01 Nov 2026 17:00:40 +0000\r\n"
    return received.encode() + signed_by("shop.example", raw.encode())


def forgery() -> bytes:
    """A mail that only says that it is the shop's."""
    return (
        b"From: Example Shop <orders@shop.example>\r\nReply-To: pay@evil.example\r\n"
        b"To: hanako@example.jp\r\nSubject: CALL 0120-000-000 NOW\r\n"
        b"Date: Sun, 01 Nov 2026 17:00:30 +0000\r\nMessage-ID: <x@evil.example>\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: text/html; charset=utf-8\r\n\r\n"
        b'<p>CALL 0120-000-000 NOW</p><a href="https://shop-example.evil.example/login">https://shop.example/</a>\r\n'
    )


def signed_by(domain: str, raw: bytes, names: tuple[str, ...] = SIGNED) -> bytes:
    """A mail with a signature of this domain on top."""
    at = NIGHT + timedelta(seconds=30) if domain == "shop.example" else NOW
    return sign(raw, names=names, tags={"d": domain, "t": str(int(at.timestamp()))})
