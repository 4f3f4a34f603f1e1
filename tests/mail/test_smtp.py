"""How a letter leaves: one Message-ID for each id, and failures that say whether trying again can help."""

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from takeback.casework.ports import Letter
from takeback.core.errors import OutsideError
from takeback.mail.smtp import SmtpMailer

LETTER = Letter("abc123", "c1", "result", "hanako@example.jp", "【重要】結果", "本文です。\n", "<p>本文です。</p>")


class Server:
    """A mail server that keeps mail, or answers what it is told to."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []
        self.says = "250 OK"
        self.says_to = ""

    async def handle_RCPT(self, _s: Any, _n: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a recipient."""
        if self.says_to:
            return self.says_to
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a mail."""
        if self.says.startswith("2"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.says


@pytest.fixture
def server() -> Iterator[Server]:
    """A mail server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = Server(free.getsockname()[1])
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    yield server
    controller.stop()


def mailer(port: int) -> SmtpMailer:
    """The mailer under test."""
    return SmtpMailer(
        host="127.0.0.1", port=port, username=None, password=None, tls="none", from_address="店 <shop@shop.example>"
    )


def test_a_letter_arrives_whole(server: Server) -> None:
    mailer(server.port).send(LETTER)
    (mail,) = server.mails
    assert mail["To"] == "hanako@example.jp"
    assert mail["Subject"] == "【重要】結果"
    assert mail.get_body(("plain",)).get_content().splitlines() == ["本文です。"]
    assert "<p>" in mail.get_body(("html",)).get_content()
    assert mail["Auto-Submitted"] == "auto-generated"


def test_the_same_letter_sent_twice_has_one_message_id(server: Server) -> None:
    for _ in range(2):
        mailer(server.port).send(LETTER)
    assert {mail["Message-ID"] for mail in server.mails} == {"<abc123@shop.example>"}


@pytest.mark.parametrize(("answer", "permanent"), [("451 later", False), ("554 never", True)])
def test_the_servers_answer_says_whether_to_try_again(server: Server, answer: str, permanent: bool) -> None:
    server.says = answer
    with pytest.raises(OutsideError) as failed:
        mailer(server.port).send(LETTER)
    assert failed.value.permanent is permanent


@pytest.mark.parametrize(("answer", "permanent"), [("450 busy", False), ("550 no such user", True)])
def test_a_refused_address_says_whether_to_try_again(server: Server, answer: str, permanent: bool) -> None:
    server.says_to = answer
    with pytest.raises(OutsideError) as failed:
        mailer(server.port).send(LETTER)
    assert failed.value.permanent is permanent
    assert "hanako" not in str(failed.value)


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with pytest.raises(OutsideError) as failed:
        mailer(9).send(LETTER)
    assert not failed.value.permanent


def test_an_address_with_a_line_break_adds_no_header(server: Server) -> None:
    evil = Letter("x", "c1", "result", "a@example.jp\nBcc: evil@example.com", "s", "t", "h")
    with pytest.raises(OutsideError) as failed:
        mailer(server.port).send(evil)
    assert failed.value.permanent
    assert server.mails == []
