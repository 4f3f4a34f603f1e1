"""Is every signature of a mail judged as it should be, at the time of receipt?"""

from datetime import timedelta

import pytest

from takeback.core.authenticity.facts import SignatureState as State
from takeback.mail.authenticity.message import read_message
from takeback.mail.authenticity.signatures import MOST, cut, signatures
from takeback.mail.dns.port import UNREACHABLE, Answer
from tests.mail.proofs.making import AT, MAIL, NAMES, SECOND, judge, only, record, sign, zone

DAY = timedelta(days=1)
FORMS = ["simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("algorithm", ["rsa-sha256", "ed25519-sha256"])
def test_a_signature_holds_in_each_form_and_algorithm(form: str, algorithm: str) -> None:
    found = only(sign(form=form, algorithm=algorithm))
    assert (found.state, found.domain, found.algorithm) == (State.VALID, "shop.example", algorithm)
    assert found.body_hash_holds is True
    assert found.key_bits == (256 if algorithm.startswith("ed") else 2048)
    assert found.uncovered == ()


@pytest.mark.parametrize("form", FORMS)
def test_line_ends_of_the_file_make_no_difference(form: str) -> None:
    assert only(sign(form=form).replace(b"\r\n", b"\n")).state is State.VALID


def test_a_space_before_the_colon_is_no_other_field() -> None:
    mail = sign(field="DKIM-Signature ", form="relaxed/simple").replace(b"Subject:", b"Subject :")
    assert only(mail).state is State.VALID


def test_a_space_before_the_colon_is_part_of_the_simple_form() -> None:
    mail = sign(field="DKIM-Signature ", form="simple/simple")
    assert only(mail).state is State.VALID
    assert only(mail.replace(b"Date:", b"Date :")).state is State.BROKEN


def test_a_changed_body_is_told_apart_from_a_broken_signature() -> None:
    mail = sign()
    found = only(mail.replace(b"on its way", b"held back!"))
    assert (found.state, found.body_hash_holds) == (State.BODY_CHANGED, False)
    found = only(mail.replace(b"Your order", b"Your money"))
    assert (found.state, found.body_hash_holds) == (State.BROKEN, True)


def test_a_changed_signature_tag_breaks_it() -> None:
    assert only(sign().replace(b"t=%d" % SECOND, b"t=%d" % (SECOND - 1))).state is State.BROKEN


def test_every_signature_is_judged_not_only_the_first() -> None:
    other = sign(tags={"d": "esp.example"})
    found = judge(sign(other, algorithm="ed25519-sha256"))
    assert [(one.domain, one.state) for one in found] == [
        ("shop.example", State.VALID),
        ("esp.example", State.KEY_MISSING),
    ]


def test_more_signatures_than_any_mail_has_are_cut() -> None:
    mail = read_message(b"DKIM-Signature: v=1\r\n" * (MOST + 5) + MAIL)
    assert len(signatures(mail, zone(), AT, AT)) == MOST
    assert cut(mail) == ("signatures",)
    assert cut(read_message(sign())) == ()


def test_text_appended_beyond_the_length_is_counted() -> None:
    mail = sign(tags={"l": "27"})
    assert only(mail).body_uncovered == 19
    found = only(mail + b"Call  this number.\r\n")
    assert (found.state, found.body_uncovered) == (State.VALID, 19 + 2 + len("Call this number.\r\n"))


def test_a_length_of_the_whole_body_leaves_nothing_uncovered() -> None:
    assert only(sign(tags={"l": "46"})).body_uncovered == 0


def test_a_length_beyond_the_body_never_makes_it_hold() -> None:
    short = sign(tags={"l": "46"}).replace(b"It is on its way.\r\n", b"")
    assert only(short).state is State.BODY_CHANGED


@pytest.mark.parametrize(
    ("added", "name"),
    [
        (b"From: x@evil.top\r\n", "from"),
        (b"Subject: Act now\r\n", "subject"),
        (b"Reply-To: x@evil.top\r\n", "reply-to"),
        (b"Cc: x@evil.top\r\n", "cc"),
        (b"Content-Type: text/html\r\n", "content-type"),
    ],
)
def test_an_unsigned_field_that_people_see_is_named(added: bytes, name: str) -> None:
    found = only(added + sign())
    assert found.state is State.VALID
    assert found.uncovered == (name,)


def test_a_field_that_is_signed_once_more_than_it_stands_cannot_be_added() -> None:
    mail = sign(names=(*NAMES, "from", "reply-to"))
    assert only(mail).state is State.VALID
    assert only(b"Reply-To: x@evil.top\r\n" + mail).state is State.BROKEN
    assert only(b"From: x@evil.top\r\n" + mail).state is State.BROKEN


def test_the_time_of_receipt_decides_not_today() -> None:
    mail = sign(tags={"x": str(SECOND + 86400)})
    assert only(mail, now=AT + 2 * DAY).state is State.VALID
    assert only(mail, now=AT + 2 * DAY).expired_since is True
    assert only(mail, now=AT).expired_since is False
    assert only(mail, at=AT + 2 * DAY).state is State.EXPIRED


def test_a_signature_of_tomorrow_is_not_yet_in_force() -> None:
    assert only(sign(), at=AT - DAY).state is State.NOT_YET
    assert only(sign(), at=AT - timedelta(minutes=5)).state is State.VALID


def test_an_expired_signature_whose_key_is_gone_is_expired() -> None:
    mail = sign(tags={"x": str(SECOND + 60), "s": "gone"})
    assert only(mail, at=AT + 2 * DAY).state is State.EXPIRED


def test_a_time_that_no_clock_reaches_is_never() -> None:
    found = only(sign(tags={"x": "9" * 30}))
    assert (found.state, found.expires) == (State.VALID, None)


@pytest.mark.parametrize(
    ("texts", "state"),
    [
        ([], State.KEY_MISSING),
        (["v=DKIM1; p="], State.KEY_MISSING),
        (["v=DKIM1"], State.KEY_MISSING),
        (["v=DKIM2; p=abcd"], State.KEY_MISSING),
        (["v=DKIM1; p=!!!!"], State.KEY_MISSING),
        (["v=spf1 -all"], State.KEY_MISSING),
        (["v=DKIM1; k=magic; p=abcd"], State.KEY_MISSING),
        ([record("ed25519")], State.BROKEN),
        ([record(tags="v=DKIM1; t=y; ")], State.TESTING),
        ([record(tags="v=DKIM1; s=other; ")], State.BROKEN),
        ([record(tags="v=DKIM1; h=sha1; ")], State.BROKEN),
        ([record(tags="v=DKIM1; s=email; h=sha1:sha256; t=s; ")], State.VALID),
        ([record(tags="")], State.VALID),
        (["unrelated", record()], State.VALID),
        ([record() + "; n=" + "x" * 9000], State.KEY_MISSING),
    ],
)
def test_the_key_decides(texts: list[str], state: State) -> None:
    assert only(sign(tags={"s": "k"}), zone(k=texts)).state is state


def test_a_short_key_counts_for_nothing() -> None:
    weak = zone(k=[record("short")])
    mail = sign(selector="k", short=True)
    assert (only(mail, weak).state, only(mail, weak).key_bits) == (State.KEY_WEAK, 512)
    assert only(mail.replace(b"Your order", b"Your money"), weak).state is State.BROKEN


def test_a_dns_that_does_not_answer_is_told() -> None:
    class Dead:
        def ask(self, name: str, kind: str) -> Answer:  # noqa: ARG002 - it does not answer anything
            return UNREACHABLE

    (found,) = signatures(read_message(sign()), Dead(), AT, AT)
    assert (found.state, found.body_hash_holds) == (State.UNREACHABLE, True)


def test_sha1_is_outdated() -> None:
    assert only(sign(algorithm="rsa-sha1")).state is State.OUTDATED


def test_the_identity_may_be_under_the_domain_unless_the_key_forbids() -> None:
    mail = sign(tags={"i": "news@mail.shop.example", "s": "k"})
    assert only(mail, zone(k=[record()])).state is State.VALID
    assert only(mail, zone(k=[record(tags="t=s; ")])).state is State.BROKEN


@pytest.mark.parametrize(
    "tags",
    [
        {"v": "2"},
        {"a": "rsa-md5"},
        {"c": "strict/strict"},
        {"d": "shop..example"},
        {"d": ""},
        {"s": "a b"},
        {"h": "to:subject"},
        {"i": "x@evilshop.example"},
        {"i": "x@evil.top"},
        {"l": "-1"},
        {"l": "1" * 80},
        {"t": "soon"},
        {"x": str(SECOND - 10)},
        {"q": "dns/magic"},
        {"bh": "!!"},
        {"bh": ""},
    ],
    ids=str,
)
def test_a_signature_that_is_not_well_formed_is_told_so(tags: dict[str, str]) -> None:
    mail = sign(tags={name: text for name, text in tags.items() if name != "l"})
    wrong = mail.replace(b"v=1;", f"v=1; l={tags['l']};".encode()) if "l" in tags else mail
    assert only(wrong).state is State.MALFORMED


@pytest.mark.parametrize("value", [b"", b";", b"v=1", b"v=1; v=1", b"=", b"v=1; a", b"\xff\xfe", b"d=\x00; s=\x00"])
def test_what_is_no_list_of_tags_is_malformed(value: bytes) -> None:
    assert only(b"DKIM-Signature: " + value + b"\r\n" + MAIL).state is State.MALFORMED


def test_a_mail_without_signatures_has_none() -> None:
    assert judge(MAIL) == ()


def test_a_domain_in_letters_of_its_own_is_looked_up_as_the_dns_spells_it() -> None:
    assert only(sign(tags={"d": "例え.example"})).domain == "xn--r8jz45g.example"
