"""`POST /v1/check-mail`: a service asks about a mail, and is told no more than it may know."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from hmac import digest
from typing import Any

import msgspec
import pytest
from django.test import Client
from msgspec.structs import replace as changed

from takeback.bootstrap import House, move_into
from takeback.mail.dns.zone import ZoneResolver
from takeback.mail.judging import MailJudge, shop_of
from takeback.web import check_mail
from takeback.web.check_mail import JSON, RAW
from tests.casework.conftest import Clock
from tests.conftest import SHOP_SECRET
from tests.mail.inbound.conftest import ORDER, ZONE, forgery, live, settings, shops_mail

Ask = Callable[..., Any]
ADDRESS = "/v1/check-mail"


@pytest.fixture
def ask(house: House) -> Iterator[Ask]:
    """Asks about a body, signed by the shop unless headers are given, after Hanako's night. The DNS is a zone."""
    told = settings(house.configuration, 9)
    live(house)
    move_into(
        replace(house, configuration=told, clock=Clock()),
        MailJudge(shop_of(told.mail.shop_domains, told.mail.shop_names, (), ()), ZoneResolver(ZONE)),
    )
    client = Client(raise_request_exception=True)

    def send(body: bytes, kind: str = RAW, headers: dict[str, str] | None = None, query: str = "") -> Any:
        headers = headers_of(body) if headers is None else headers
        return client.generic("POST", f"{ADDRESS}{query}", body, kind, headers=headers)

    yield send
    move_into(house)


def headers_of(body: bytes) -> dict[str, str]:
    """The shop's signature (Standard Webhooks), of bytes that need be no text."""
    at = str(int(datetime.now(UTC).timestamp()))
    key = b64decode(SHOP_SECRET.removeprefix("whsec_"))
    signature = b64encode(digest(key, f"msg_1.{at}.".encode() + body, sha256)).decode()
    return {"webhook-id": "msg_1", "webhook-timestamp": at, "webhook-signature": f"v1,{signature}"}


def question(**fields: object) -> bytes:
    """A question as JSON."""
    return msgspec.json.encode(fields)


def base64(raw: bytes) -> str:
    return b64encode(raw).decode()


def test_a_genuine_mail_is_answered_as_data_and_in_words(ask: Ask) -> None:
    answer = ask(shops_mail())
    assert answer.status_code == 200
    told = answer.json()
    assert told["verdict"] == "genuine"
    assert [one["domain"] for one in told["dkim"]] == ["shop.example"]
    assert {"reasons", "spf", "dmarc", "arc", "next"} <= set(told)
    assert told["words"]["verdict"] == "このメールは、お店からのものです。"
    assert len(told["words"]["reasons"]) == len(told["reasons"])
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_forged_mail_is_told_to_be_one_in_the_language_that_was_asked_for(ask: Ask) -> None:
    told = ask(forgery(), query="?language=en").json()
    assert told["verdict"] == "forged"
    assert told["words"]["verdict"] == "This mail is not from the shop. It only says so."


def test_text_that_was_copied_proves_nothing(ask: Ask) -> None:
    told = ask(question(text=f"Thank you for your order {ORDER}."), JSON).json()
    assert (told["verdict"], told["form"], told["next"]) == ("unknown", "pasted", "send_the_mail")


def test_whoever_asks_for_the_account_is_told_of_an_order_that_its_owner_did_not_make(ask: Ask) -> None:
    told = ask(question(mail=base64(shops_mail()), account="42"), JSON).json()
    assert told["order"] == {"id": ORDER, "actor": "intruder"}
    assert told["report"] == "https://help.shop.example/report"
    assert ORDER in told["words"]["order"]


@pytest.mark.parametrize("account", [None, "43", ""])
def test_whoever_asks_for_nobody_or_another_account_is_not(ask: Ask, account: str | None) -> None:
    told = ask(question(mail=base64(shops_mail()), account=account), JSON).json()
    assert told["verdict"] == "genuine"
    assert (told["order"], told["report"], told["words"]["order"]) == (None, None, None)
    assert "h***" not in msgspec.json.encode(told).decode()


def test_an_order_number_tells_a_stranger_nothing_of_whose_it_is(ask: Ask) -> None:
    theirs = ask(question(text=f"Thank you for your order {ORDER}."), JSON).json()
    nobodys = ask(question(text="Thank you for your order 42-999."), JSON).json()
    assert theirs == nobodys


def test_a_mail_of_any_bytes_can_be_signed_and_asked_about(ask: Ask) -> None:
    raw = forgery() + bytes(range(256))
    assert ask(raw).json()["verdict"] == "forged"


def test_the_unsigned_learn_nothing(ask: Ask) -> None:
    for headers in ({}, headers_of(b"another")):
        answer = ask(shops_mail(), headers=headers)
        assert answer.status_code == 401
        assert b"genuine" not in answer.content


def test_the_account_cannot_be_changed_in_a_request_that_was_overheard(ask: Ask) -> None:
    raw = shops_mail()
    assert ask(raw, headers=headers_of(raw), query="?account=42").json()["order"] is None


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"x", "text/plain", 415),
        (b" \r\n", RAW, 400),
        (b"{", JSON, 400),
        (b"[]", JSON, 400),
        (b"{}", JSON, 400),
        (b'{"text": ""}', JSON, 400),
        (b'{"text": "x", "mail": "eA=="}', JSON, 400),
        (b'{"mail": "%%"}', JSON, 400),
        (b'{"text": "x", "accuont": "42"}', JSON, 400),
        (b'{"text": "x", "account": "' + b"4" * 600 + b'"}', JSON, 400),
        (b"[" * 100_000, JSON, 400),
    ],
)
def test_what_is_no_question_is_refused_with_one_sentence(ask: Ask, body: bytes, kind: str, status: int) -> None:
    answer = ask(body, kind)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_a_language_that_there_is_not_is_refused(ask: Ask) -> None:
    assert ask(forgery(), query="?language=fr").json()["field"] == "language"


def test_a_mail_that_is_too_large_is_refused(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_mail, "LARGEST_MAIL", 1000)
    answer = ask(b"x" * 1001)
    assert answer.status_code == 413
    assert answer.json()["detail"] == "a mail is at most 30 MB"


def test_a_mail_comes_by_post(ask: Ask) -> None:
    assert ask is not None
    answer = Client().get(ADDRESS)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_an_installation_that_knows_no_domain_of_its_shop_says_so(house: House) -> None:
    assert not changed(house.configuration).mail.shop_domains
    body = forgery()
    answer = Client().generic("POST", ADDRESS, body, RAW, headers=headers_of(body))
    assert answer.status_code == 503
    assert "mail.shop_domains" in answer.json()["detail"]
