"""Do genuine mails of large senders hold at their time of receipt, and nothing that was made of them?"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from takeback.core.authenticity.facts import ArcState, SignatureState
from takeback.mail.authenticity.arc import arc
from takeback.mail.authenticity.message import read_message
from takeback.mail.authenticity.received import received
from takeback.mail.authenticity.results import results
from takeback.mail.authenticity.signatures import signatures
from takeback.mail.dns.zone import read_zone

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "mail" / "signed"
HOUSE = ["messagingengine.com", "internal", "sloti53n25"]
ROWS = (
    [line.split("\t") for line in (FOLDER / "manifest.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    if FOLDER.exists()
    else []
)
pytestmark = pytest.mark.skipif(not ROWS, reason="the genuine mails are not part of the project and are not here")


@pytest.fixture(params=ROWS, ids=lambda row: row[0][:40])
def mail(request: pytest.FixtureRequest) -> tuple[bytes, dict[str, SignatureState], datetime]:
    name, _, signed, at = request.param
    states = {}
    for pair in signed.split(";"):
        who, _, result = pair.partition("=")
        states[who.partition("/")[0]] = SignatureState.VALID if result == "pass" else SignatureState.KEY_MISSING
    return (FOLDER / name).read_bytes(), states, datetime.fromtimestamp(int(at), UTC)


def judge(raw: bytes, at: datetime) -> dict[str, SignatureState]:
    zone = read_zone(FOLDER / "zone.json")
    return {
        one.domain: one.state for one in signatures(read_message(raw), zone, at, datetime(2026, 11, 20, tzinfo=UTC))
    }


Genuine = tuple[bytes, dict[str, SignatureState], datetime]


def test_each_signature_comes_out_as_it_is_known_to(mail: Genuine) -> None:
    raw, states, at = mail
    assert judge(raw, at) == states


def test_it_leaves_nothing_uncovered_and_the_body_as_it_was(mail: Genuine) -> None:
    raw, _, at = mail
    found = signatures(read_message(raw), read_zone(FOLDER / "zone.json"), at, at)
    assert {(one.uncovered, one.body_uncovered, one.body_hash_holds) for one in found} == {((), 0, True)}


def test_one_changed_byte_of_the_body_is_seen(mail: Genuine) -> None:
    raw, states, at = mail
    place = raw.rindex(b"e")
    changed = judge(raw[:place] + b"f" + raw[place + 1 :], at)
    assert [state for who, state in changed.items() if states[who] is SignatureState.VALID] == [
        SignatureState.BODY_CHANGED
    ]


def test_a_changed_subject_is_seen(mail: Genuine) -> None:
    raw, states, at = mail
    changed = judge(raw.replace(b"\nSubject: ", b"\nSubject: x", 1), at)
    assert [state for who, state in changed.items() if states[who] is SignatureState.VALID] == [SignatureState.BROKEN]


def test_the_time_of_receipt_is_the_one_after_signing(mail: Genuine) -> None:
    raw, _, at = mail
    found = received(read_message(raw), HOUSE, None)
    assert found.trusted
    assert found.time is not None
    assert 0 <= (found.time - at).total_seconds() < 86400


def test_the_receivers_word_is_taken_where_its_house_is_named(mail: Genuine) -> None:
    message = read_message(mail[0])
    assert results(message, HOUSE)[0].endswith(".messagingengine.com")
    assert results(message, ["evil.top"]) == ("", ())


def test_a_chain_whose_key_is_lost_does_not_hold(mail: Genuine) -> None:
    found = arc(read_message(mail[0]), read_zone(FOLDER / "zone.json"), ())
    assert (found.state, [hop.sealer for hop in found.sets]) == (ArcState.BROKEN, ["messagingengine.com"])
