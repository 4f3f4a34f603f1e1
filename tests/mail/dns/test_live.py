"""Does a question to the live DNS always end in time, and with the right answer?"""

import time

import dns.rcode
import pytest

from takeback.mail.dns.deadline import Deadline
from takeback.mail.dns.live import LONGEST, SHORTEST, LiveResolver
from takeback.mail.dns.port import Answer, AnswerState
from tests.mail.dns.servers import Reply, answering, failing, garbling, serving, silent, truncating

UNREACHABLE = AnswerState.UNREACHABLE


def ask(reply: Reply, kind: str = "TXT", mute_tcp: bool = False) -> Answer:
    with serving(reply, mute_tcp=mute_tcp) as (port, _):
        return LiveResolver(["127.0.0.1"], port).ask("shop.example", kind)


def test_the_strings_of_a_text_are_joined() -> None:
    assert ask(answering('"v=DKIM1; " "p=abc"')).records == ("v=DKIM1; p=abc",)


def test_a_mail_server_is_told_with_its_preference() -> None:
    assert ask(answering("10 mx.shop.example.", kind="MX"), "MX").records == ("10 mx.shop.example",)


def test_a_host_is_told_without_its_final_dot() -> None:
    assert ask(answering("mx.shop.example.", kind="PTR"), "PTR").records == ("mx.shop.example",)


def test_a_name_without_such_a_record_is_empty() -> None:
    assert ask(answering()).state is AnswerState.EMPTY


def test_a_name_that_does_not_exist_is_told_apart() -> None:
    assert ask(failing(dns.rcode.NXDOMAIN)).state is AnswerState.NO_NAME


@pytest.mark.parametrize("said", [True, False])
def test_the_resolver_says_whether_it_checked_dnssec(said: bool) -> None:
    assert ask(answering('"x"', secure=said)).secure is said


@pytest.mark.parametrize(
    ("reply", "mute_tcp"),
    [
        (silent, False),
        (garbling, False),
        (answering('"late"', wait=1.5), False),
        (truncating, False),
        (truncating, True),
        (failing(dns.rcode.SERVFAIL), False),
        (failing(dns.rcode.REFUSED), False),
    ],
    ids=["silent", "garbled", "slow", "truncated, no TCP", "truncated, TCP hangs", "servfail", "refused"],
)
def test_whatever_the_server_does_the_question_ends(reply: Reply, mute_tcp: bool) -> None:
    with serving(reply, mute_tcp=mute_tcp) as (port, _):
        begun = time.monotonic()
        answer = LiveResolver(["127.0.0.1"], port, lifetime=1.0).ask("shop.example", "TXT")
        taken = time.monotonic() - begun
    assert answer.state is UNREACHABLE
    assert taken < 2


def test_a_whole_verdict_on_a_silent_dns_takes_less_than_five_seconds() -> None:
    with serving(silent) as (port, _):
        resolver = Deadline(LiveResolver(["127.0.0.1"], port), 4.0)
        begun = time.monotonic()
        states = {resolver.ask(f"s{number}.shop.example", "TXT").state for number in range(200)}
        taken = time.monotonic() - begun
    assert states == {UNREACHABLE}
    assert taken < 5


def test_a_name_that_no_packet_can_hold_is_not_asked() -> None:
    with serving(answering('"x"')) as (port, asked):
        resolver = LiveResolver(["127.0.0.1"], port)
        names = ["a" * 64 + ".example", "a..example", "", "é.example", "a." * 130 + "example"]
        assert {resolver.ask(name, "TXT").state for name in names} == {AnswerState.NO_NAME}
        assert asked == []


@pytest.mark.parametrize(("ttl", "kept"), [(0, SHORTEST), (120, 120.0), (10**6, LONGEST)])
def test_an_answer_is_kept_within_bounds(ttl: int, kept: float) -> None:
    now = [0.0]
    with serving(answering('"x"', ttl=ttl)) as (port, asked):
        resolver = LiveResolver(["127.0.0.1"], port, clock=lambda: now[0])
        resolver.ask("shop.example", "TXT")
        now[0] = kept - 2
        resolver.ask("SHOP.example.", "txt")
        assert len(asked) == 1
        now[0] = kept + 2
        resolver.ask("shop.example", "TXT")
        assert len(asked) == 2


def test_being_cut_short_is_not_remembered() -> None:
    with serving(answering('"x"', wait=0.4)) as (port, _):
        resolver = LiveResolver(["127.0.0.1"], port)
        assert resolver.ask_within("shop.example", "TXT", 0.1).state is UNREACHABLE
        assert resolver.ask("shop.example", "TXT").state is AnswerState.FOUND
