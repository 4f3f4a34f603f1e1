"""Does the door take mail for one address alone, whole and bounded, and say 250 only when all is done?"""

import smtplib
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from takeback.mail.inbound import listener
from takeback.mail.inbound.arrival import Arrival
from takeback.mail.inbound.outcome import Outcome
from tests.mail.inbound.conftest import CHECK, listening


@dataclass
class Room:
    """What stands behind the door: keeps what comes in."""

    port: int = 0
    arrivals: list[Arrival] = field(default_factory=list)
    outcome: Outcome = Outcome.ANSWERED
    before: Callable[[], None] = lambda: None

    def answer(self, arrival: Arrival) -> Outcome:
        """Keep a mail."""
        self.before()
        self.arrivals.append(arrival)
        return self.outcome

    def line(self) -> smtplib.SMTP:
        """A connection that has said hello."""
        line = smtplib.SMTP("127.0.0.1", self.port, timeout=30, local_hostname="mail.customer.example")
        line.ehlo()
        return line

    def send(self, raw: bytes, to: str = CHECK) -> tuple[int, str]:
        """Hand a mail in."""
        with self.line() as line:
            line.mail("hanako@customer.example")
            code, said = line.rcpt(to)
            if code == 250:
                code, said = line.data(raw)
            return code, said.decode()


@pytest.fixture
def room() -> Iterator[Room]:
    """A room with a door."""
    room = Room()
    with listening(lambda arrival: room.answer(arrival)) as room.port:
        yield room


def test_a_mail_comes_in_as_it_was_sent(room: Room) -> None:
    raw = b"From: a@b.example\r\n\r\n.dot\r\n..two\r\nend\r\n.\r\n"
    assert room.send(raw) == (250, "2.0.0 Taken")
    (arrival,) = room.arrivals
    assert arrival.raw == raw
    assert (arrival.mail_from, arrival.peer, arrival.helo) == (
        *("hanako@customer.example", "127.0.0.1"),
        "mail.customer.example",
    )


def test_mail_for_anybody_else_is_refused_at_the_door(room: Room) -> None:
    assert room.send(b"x", to="victim@elsewhere.example")[0] == 550
    assert room.send(b"x", to=f"CHECK@{CHECK.partition('@')[2]}")[0] == 250


def test_a_mail_of_nobody_is_taken_so_that_no_bounce_of_a_bounce_arises(room: Room) -> None:
    with room.line() as line:
        line.mail("")
        line.rcpt(CHECK)
        assert line.data(b"x\r\n")[0] == 250
    assert room.arrivals[0].mail_from == ""


@pytest.mark.parametrize("outcome", list(Outcome))
def test_what_must_come_again_is_told_so_and_nothing_else_is_told_apart(room: Room, outcome: Outcome) -> None:
    room.outcome = outcome
    code, said = room.send(b"x")
    assert (code == 451) is outcome.again
    if not outcome.again:
        assert (code, said) == (250, "2.0.0 Taken")


def test_a_fault_of_ours_loses_no_mail_and_tells_nothing(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ValueError("hanako@customer.example")

    room.before = fail
    code, said = room.send(b"x")
    assert code == 451
    assert "hanako" not in said + caplog.text


def test_a_mail_is_acknowledged_only_after_it_was_worked_on(room: Room) -> None:
    go_on, said = threading.Event(), []
    room.before = lambda: assert_in_time(go_on)
    sender = threading.Thread(target=lambda: said.append(room.send(b"x")))
    sender.start()
    time.sleep(0.3)
    assert said == []
    go_on.set()
    sender.join(timeout=30)
    assert said == [(250, "2.0.0 Taken")]


def send_for_ever(line: socket.socket) -> None:
    """Send a line that does not end, for as long as anybody takes it."""
    for _ in range(1000):
        line.sendall(b"x" * 10_000)
        time.sleep(0.001)


def assert_in_time(event: threading.Event) -> None:
    """Wait for it, but not for ever."""
    assert event.wait(30)


def test_a_mail_that_is_too_large_is_told_so_and_the_next_one_is_taken(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "LARGEST", 100_000)
    with room.line() as line:
        for size, code in ((150_000, 552), (90_000, 250)):
            line.mail("hanako@customer.example")
            line.rcpt(CHECK)
            assert line.data(b"x" * 70 + b"\r\n" + b"y" * size)[0] == code
    assert [len(arrival.raw) for arrival in room.arrivals] == [90_074]


def test_the_largest_mail_is_announced(room: Room) -> None:
    with room.line() as line:
        assert int(line.esmtp_features["size"]) == listener.LARGEST
        assert line.mail("a@b.example", [f"SIZE={listener.LARGEST + 1}"])[0] == 552


def test_a_mail_that_never_ends_ends_the_connection(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "LARGEST", 100_000)
    monkeypatch.setattr(listener, "_ENOUGH", 200_000)
    with socket.create_connection(("127.0.0.1", room.port), timeout=30) as line:
        said = line.makefile("rb")
        for command in (b"EHLO x", b"MAIL FROM:<a@b.example>", f"RCPT TO:<{CHECK}>".encode(), b"DATA"):
            while said.readline()[3:4] == b"-":
                pass
            line.sendall(command + b"\r\n")
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            send_for_ever(line)
        said.close()
    assert room.arrivals == []


def test_a_mail_of_empty_lines_costs_little_more_than_its_size(room: Room) -> None:
    raw = b"\r\n" * 500_000
    tracemalloc.start()
    try:
        room.send(raw)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 12 * len(raw)  # sender and receiver together; an object for each line would be sixty times


def test_one_connection_too_many_is_told_to_come_later(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "MOST_CONNECTIONS", 3)
    lines = [room.line() for _ in range(3)]
    with pytest.raises(smtplib.SMTPException, match=r"421|closed"):
        room.line()
    lines.pop().quit()
    end = time.monotonic() + 10
    while True:
        try:
            lines.append(room.line())
            break
        except (smtplib.SMTPException, OSError):
            assert time.monotonic() < end
            time.sleep(0.05)
    for line in lines:
        line.close()


def test_a_line_end_that_is_not_one_ends_no_mail(room: Room) -> None:
    smuggled = b"From: a@b.example\r\n\r\nx\n.\nMAIL FROM:<evil@evil.example>\r\n"
    with room.line() as line:
        line.mail("hanako@customer.example")
        line.rcpt(CHECK)
        line.putcmd("data")
        assert line.getreply()[0] == 354
        line.send(smuggled + b".\r\n")
        assert line.getreply()[0] == 250
    assert [arrival.raw for arrival in room.arrivals] == [smuggled]
