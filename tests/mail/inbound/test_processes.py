"""`takeback inbound` as a process: by SMTP and as a pipe, ended at the worst moment, and wrongly set up."""

import os
import signal
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from takeback.bootstrap import build_house
from tests.casework.life import MINE
from tests.conftest import SHOP_SECRET
from tests.mail.inbound.conftest import CHECK, Sink, forgery, forwarded, live, settings

EX_TEMPFAIL, EX_DATAERR = 75, 65  # sysexits(3)


@pytest.fixture
def environment(sink: Sink, configuration: object, cases_path: Path) -> dict[str, str]:
    """The environment of an installation in which Hanako's night has happened. Nothing of it asks the DNS."""
    told = settings(configuration, sink.port)  # type: ignore[arg-type]  # the fixture's own type
    house = build_house(told)
    live(house)
    house.close()
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(sys.path),
        "TAKEBACK_DATA_DIR": str(cases_path.parent),
        "TAKEBACK_SECRET_KEY": "the installation's secret, for the tests",
        "TAKEBACK_SERVICES": f'[{{"source":"/shops/oscar","base_url":"http://127.0.0.1:9","secret":"{SHOP_SECRET}"}}]',
        "TAKEBACK_SMTP_PORT": str(sink.port),
        "TAKEBACK_SMTP_FROM_ADDRESS": "help@shop.example",
        "TAKEBACK_MAIL_SHOP_DOMAINS": "shop.example",
        "TAKEBACK_MAIL_INBOUND_ADDRESS": CHECK,
        "TAKEBACK_MAIL_INBOUND_PORT": "0",
    }


class Inbound:
    """`takeback inbound`, listening."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "takeback.cli", "inbound"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said.startswith("Listening on 127.0.0.1:"), said
        self.port = int(said.split()[2].rpartition(":")[2])

    def end(self, how: signal.Signals) -> int:
        """End it and wait until it has ended."""
        self.process.send_signal(how)
        status = self.process.wait(timeout=30)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        return status


@pytest.fixture
def inbound(environment: dict[str, str]) -> Iterator[Inbound]:
    """The process, ended with SIGTERM."""
    running = Inbound(environment)
    yield running
    if running.process.poll() is None:
        assert running.end(signal.SIGTERM) == 0


# Her mail, which no signature proves, so that no DNS is asked; her address is known.
HERS = forwarded(forgery(), sender=MINE, signed=False)


def hand_in(port: int, raw: bytes) -> int:
    """What the server says to a mail."""
    with smtplib.SMTP("127.0.0.1", port, timeout=30, local_hostname="x.example") as line:
        line.ehlo()
        line.mail(MINE)
        line.rcpt(CHECK)
        return line.data(raw)[0]


def pipe(environment: dict[str, str], raw: bytes, *more: str) -> subprocess.CompletedProcess[bytes]:
    """One mail through the pipe."""
    command = [sys.executable, "-m", "takeback.cli", "inbound", "--pipe", *more]
    return subprocess.run(command, env=environment, input=raw, capture_output=True, check=False, timeout=60)


def test_a_mail_is_answered_by_the_process(inbound: Inbound, sink: Sink) -> None:
    assert hand_in(inbound.port, HERS) == 250
    assert [mail["To"] for mail in sink.mails] == [MINE]


def test_a_mail_whose_process_was_ended_before_it_was_answered_comes_again_and_is_answered(
    environment: dict[str, str], sink: Sink
) -> None:
    sink.hold = True
    first = Inbound(environment)
    line = smtplib.SMTP("127.0.0.1", first.port, timeout=30, local_hostname="x.example")
    line.ehlo()
    line.mail(MINE)
    line.rcpt(CHECK)
    line.putcmd("data")
    assert line.getreply()[0] == 354
    line.send(HERS + b".\r\n")
    assert sink.busy.wait(30)  # the answer is under way, and nothing was acknowledged
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    with pytest.raises(smtplib.SMTPServerDisconnected):
        line.getreply()
    line.close()
    sink.hold = False
    sink.go_on.set()
    second = Inbound(environment)
    assert [hand_in(second.port, HERS), hand_in(second.port, HERS)] == [250, 250]
    assert second.end(signal.SIGTERM) == 0
    assert len({mail["Message-ID"] for mail in sink.mails}) == 1  # however often it was sent, it is one mail
    assert 1 <= len(sink.mails) <= 2


def test_a_mail_that_is_being_answered_is_finished_before_the_process_ends(
    environment: dict[str, str], sink: Sink
) -> None:
    sink.hold = True
    running = Inbound(environment)
    line = smtplib.SMTP("127.0.0.1", running.port, timeout=30, local_hostname="x.example")
    line.ehlo()
    line.mail(MINE)
    line.rcpt(CHECK)
    line.putcmd("data")
    line.getreply()
    line.send(HERS + b".\r\n")
    assert sink.busy.wait(30)
    running.process.send_signal(signal.SIGTERM)
    sink.go_on.set()
    assert running.end(signal.SIGTERM) == 0
    line.close()
    assert len(sink.mails) == 1


def test_a_mail_through_the_pipe_is_answered_once(environment: dict[str, str], sink: Sink) -> None:
    done = [pipe(environment, HERS, "--sender", MINE) for _ in range(2)]
    assert [(one.returncode, one.stdout, one.stderr) for one in done] == [(0, b"", b"")] * 2
    assert [mail["To"] for mail in sink.mails] == [MINE]


def test_a_bounce_through_the_pipe_is_taken_and_not_answered(environment: dict[str, str], sink: Sink) -> None:
    assert pipe(environment, HERS, "--sender", "").returncode == 0
    assert pipe(environment, b"Return-Path: <>\r\n" + HERS).returncode == 0
    assert sink.mails == []


def test_a_mail_through_the_pipe_that_cannot_be_answered_now_is_to_come_again(
    environment: dict[str, str], sink: Sink
) -> None:
    sink.says = "451 later"
    assert pipe(environment, HERS, "--sender", MINE).returncode == EX_TEMPFAIL
    sink.says = "250 OK"
    assert pipe(environment, HERS, "--sender", MINE).returncode == 0
    assert len(sink.mails) == 1


def test_a_set_up_that_is_not_complete_loses_no_mail(environment: dict[str, str]) -> None:
    environment.pop("TAKEBACK_MAIL_SHOP_DOMAINS")
    done = pipe(environment, HERS)
    assert done.returncode == EX_TEMPFAIL
    assert b"mail.shop_domains names no domain" in done.stderr
    assert b"hanako" not in done.stderr


def test_a_mail_that_is_larger_than_any_is_refused_for_good(environment: dict[str, str], sink: Sink) -> None:
    done = pipe(environment, b"x" * 30_000_001)
    assert done.returncode == EX_DATAERR
    assert b"larger than 30 MB" in done.stderr
    assert sink.mails == []


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("TAKEBACK_MAIL_INBOUND_ADDRESS", "mail.inbound_address is not set"),
        ("TAKEBACK_MAIL_SHOP_DOMAINS", "mail.shop_domains names no domain"),
    ],
)
def test_what_cannot_work_does_not_begin_to_listen(environment: dict[str, str], missing: str, sentence: str) -> None:
    environment.pop(missing)
    command = [sys.executable, "-m", "takeback.cli", "inbound"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_port_that_another_has_is_said(environment: dict[str, str], sink: Sink) -> None:
    command = [sys.executable, "-m", "takeback.cli", "inbound"]
    environment["TAKEBACK_MAIL_INBOUND_PORT"] = str(sink.port)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert f"127.0.0.1:{sink.port} cannot be listened on" in done.stderr
