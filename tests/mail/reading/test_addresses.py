"""Whose addresses does a mail show, by every reading?"""

import pytest

from takeback.core.authenticity.facts import Ours
from takeback.mail.authenticity import addresses
from takeback.mail.authenticity.message import read_message
from tests.mail.reading.everything import claims, whose

ONE = "info@shop.example"
CLEAR = [
    b"info@shop.example",
    b"<info@shop.example>",
    b"Shop <info@shop.example>",
    b'"Shop, Inc." <info@shop.example>',
    b'"Shop \\"x\\" (y) <z>" <info@shop.example>',
    b"Shop, Inc. <info@shop.example>",
    b"Shop.example <info@shop.example>",
    b"[Shop] <info@shop.example>",
    b"info@shop.example (Shop)",
    b"(Shop) info@shop.example",
    b"Shop (news) <info@shop.example>",
    b'"info@shop.example" <info@shop.example>',
    b"info@shop.example <info@shop.example>",
    b"Shop\r\n <info@shop.example>",
    b"=?ISO-2022-JP?B?GyRCTmMkTiQqRTkbKEI=?= <info@shop.example>",
    b"=?ISO-2022-JP?B?GyRCTmMkTiQqRTkbKEI=?=<info@shop.example>",
    b'"=?ISO-2022-JP?B?GyRCTmMkTiQqRTkbKEI=?=" <info@shop.example>',
    b"=?UTF-8?Q?Shop=2C_Inc=2E?= <info@shop.example>",
    b"=?UTF-8?Q?info=40shop=2Eexample?= <info@shop.example>",
    b'"info"@shop.example',
    b'Shop <"info"@shop.example>',
    "例のお店 <info@shop.example>".encode(),
    "例のお店（info@shop.example） <info@shop.example>".encode(),
    "例のお店 <info@shop.example>".encode("cp932"),
    "【例のお店】お客様サポート <info@shop.example>".encode(),
]
AMBIGUOUS: list[tuple[bytes, set[str]]] = [
    (b"auto-confirm@shop.example <x@evil.top>", {"auto-confirm@shop.example", "x@evil.top"}),
    (b"info@shop.example<x@evil.top>", {ONE, "x@evil.top"}),
    (b"info@shop.example, x@evil.top", {ONE, "x@evil.top"}),
    (b"info@shop.example, Shop <x@evil.top>", {ONE, "x@evil.top"}),
    (b"info@shop.example; x@evil.top", {ONE, "x@evil.top"}),
    (b"<info@shop.example> <x@evil.top>", {ONE, "x@evil.top"}),
    (b'<"info@shop.example"@evil.top>', {ONE}),
    (b'"info@shop.example"@evil.top', {ONE}),
    (b'"info@shop.example> "@evil.top', {ONE}),
    (b"info@shop.example (x@evil.top)", {ONE, "x@evil.top"}),
    (b"info@shop.example(Shop)", {ONE}),
    (b"<info@shop.example(@evil.top)>", {ONE}),
    (b"info@shop.example@evil.top", {ONE, "info@shop.example@evil.top"}),
    (b"<info@shop.example@evil.top>", {ONE, "info@shop.example@evil.top"}),
    (b"<@shop.example:x@evil.top>", {"@shop.example", "x@evil.top"}),
    (b"<@shop.example,@b.example:x@evil.top>", {"@shop.example", "@b.example", "x@evil.top"}),
    (b"Shop: info@shop.example, x@evil.top;", {ONE, "x@evil.top"}),
    (b"Shop: info@shop.example;", {ONE}),
    (b"info@shop.example: x@evil.top;", {ONE, "x@evil.top"}),
    (b"=?utf-8?q?info=40shop.example?= <x@evil.top>", {ONE, "x@evil.top"}),
    (b"=?utf-8?q?Shop_=3Cinfo=40shop.example=3E=2C?= <x@evil.top>", {ONE, "x@evil.top"}),
    (b"=?utf-8?b?aW5mb0BzaG9wLmV4YW1wbGU=?==?utf-8?Q?=00?=@evil.top", {ONE}),
    (b"Shop <=?utf-8?q?info=40shop.example?=@evil.top>", {ONE}),
    (b"=?iso-2022-jp?B?GyRCJCIbKEIgPGluZm9Ac2hvcC5leGFtcGxlPg==?=", {ONE}),
    (b"info@shop.example\0 <x@evil.top>", {ONE, "x@evil.top"}),
    (b"Shop <info@shop.example\0.evil.top>", {ONE, "info@shop.example.evil.top"}),
    (b"info@shop.example\r <x@evil.top>", {ONE, "x@evil.top"}),
    (b"Shop <info@shop.example", {ONE}),
    (b"Shop info@shop.example", {ONE}),
    (b"<info@ shop.example>", {"@shop.example"}),
    (b'Shop" <info@shop.example>', {ONE}),
    (b"Shop <info@shop.example> x", {ONE}),
    (b"Shop <>", set()),
    (b"Shop", set()),
    (b"", set()),
]


def _read(*fields: bytes) -> tuple[set[str], bool]:
    message = read_message(b"".join(b"From: " + field + b"\r\n" for field in fields) + b"Subject: x\r\n\r\ntext")
    found, ambiguous = addresses.senders(message, whose, claims)
    return {one.address for one in found}, ambiguous


@pytest.mark.parametrize("field", CLEAR)
def test_a_sender_that_every_reader_takes_alike_is_one(field: bytes) -> None:
    assert _read(field) == ({ONE}, False)


@pytest.mark.parametrize(("field", "read"), AMBIGUOUS)
def test_a_sender_that_readers_take_differently_is_given_by_every_reading(field: bytes, read: set[str]) -> None:
    found, ambiguous = _read(field)
    assert ambiguous
    assert read <= found


def test_every_from_field_is_read_and_two_with_different_addresses_are_ambiguous() -> None:
    assert _read(b"info@shop.example", b"x@evil.top") == ({ONE, "x@evil.top"}, True)
    assert _read(b"info@shop.example", b"Info@Shop.Example")[1] is False


def test_a_mail_without_a_from_cannot_be_read_in_one_way() -> None:
    assert _read() == (set(), True)


def test_a_from_hidden_behind_a_bare_carriage_return_is_found() -> None:
    message = read_message(b"From: x@evil.top\r\nSubject: x\rFrom: info@shop.example\r\n\r\ntext")
    found, ambiguous = addresses.senders(message, whose, claims)
    assert {one.address for one in found} == {"x@evil.top", ONE}
    assert ambiguous


def test_a_quoted_name_with_the_shops_address_is_a_claim_and_no_second_sender() -> None:
    message = read_message(b'From: "info@shop.example" <x@evil.top>\r\n\r\ntext')
    (one,), ambiguous = addresses.senders(message, whose, claims)
    assert (one.address, one.name, one.name_claims, ambiguous) == ("x@evil.top", ONE, "shop.example", False)
    assert one.whose.ours is Ours.OTHER


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("info@Shop.Example.", "shop.example"),
        ("info@ｓhop．example", "shop.example"),
        ("info@例え.example", "xn--r8jz45g.example"),
        ("info@sh\u00adop.example", "shop.example"),
        ("info@[192.0.2.1]", "192.0.2.1"),
        ("info@[IPv6:2001:db8::1]", "[2001:db8::1]"),
        ("a@b@shop.example", "shop.example"),
        ("info", "info"),
        ("info@", ""),
        ("info@-.\0", ""),
    ],
)
def test_the_domain_of_an_address_is_in_one_spelling(address: str, domain: str) -> None:
    assert addresses.domain_of(address) == domain


def test_recipients_are_those_of_every_field_that_names_one_each_once() -> None:
    message = read_message(
        b"To: A <a@b.example>, undisclosed: c@d.example;\r\nCc: a@b.example\r\nDelivered-To: e@f.example\r\n\r\nx"
    )
    assert addresses.recipients(message) == ("a@b.example", "c@d.example", "e@f.example")


def test_reply_to_is_read_as_from_is() -> None:
    message = read_message(b"Reply-To: info@shop.example <x@shop-login.top>\r\n\r\nx")
    found = addresses.addresses_of(message, "reply-to", whose, claims)
    assert {one.address: one.whose.ours for one in found} == {ONE: Ours.SHOP, "x@shop-login.top": Ours.LOOKALIKE}
