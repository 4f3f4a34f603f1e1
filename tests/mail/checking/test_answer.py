"""Is the answer as data in the form of the contract, with stable words, and with nothing that it must not tell?"""

import json
from datetime import timedelta

from takeback.core.authenticity.ledger import LedgerBook
from takeback.core.authenticity.shop import Shop
from takeback.mail.authenticity.answer import answer
from takeback.mail.authenticity.checking import check_mail
from tests.mail.table.asking import resolver
from tests.mail.table.making import EVIL, RECEIVED, Letter, Mail, ours, sent, strange
from tests.mail.table.zone import RECEIVER
from tests.mail.table.zone import SHOP as DOMAIN

SHOP = Shop((DOMAIN,), ("Example Shop",), (RECEIVER,))


def told(mail: Mail, ledger: LedgerBook | None = None) -> dict[str, object]:
    checked = check_mail(
        mail.raw, SHOP, resolver(mail), received=RECEIVED, now=RECEIVED + timedelta(1), ledger=ledger, in_full=True
    )
    found: dict[str, object] = json.loads(json.dumps(answer(checked.verdict, checked.facts)))
    return found


def test_it_has_the_form_of_the_contract() -> None:
    found = told(ours())
    assert {"verdict", "reasons", "spf", "dkim", "dmarc", "arc"} <= set(found)
    assert found["verdict"] == "genuine"
    assert found["reasons"] == [{"key": "signed.by_shop", "side": "for", "values": {"domain": DOMAIN}}]
    assert found["next"] == "go_by_yourself"
    assert found["spf"] == {"state": "pass", "domain": DOMAIN, "ip": "203.0.113.5"}
    assert found["arc"] == {"state": "none", "sets": []}
    assert found["ledger"] is None
    (signature,) = found["dkim"]  # type: ignore[misc]  # a list of one
    assert (signature["domain"], signature["state"], signature["uncovered"]) == (DOMAIN, "valid", [])


def test_neither_the_text_of_the_mail_nor_a_row_of_the_ledger_is_in_it() -> None:
    ledger = LedgerBook([sent(to="s***@elsewhere.example", account="account-77")])
    text = json.dumps(told(ours(Letter(text="Thank you, dear Sakura.\n")), ledger))
    assert "Sakura" not in text
    assert "elsewhere" not in text
    assert "account-77" not in text


def test_what_a_stranger_wrote_is_made_safe() -> None:
    name = "x\u202e" + "y" * 500
    found = told(strange(Letter(sender=f'"{name}" <a{"b" * 60}@{EVIL}>')))
    (sender,) = found["from"]  # type: ignore[misc]  # a list of one
    assert sender["whose"] == "other"
    assert all(len(str(value)) <= 80 for value in sender.values())
    assert "\u202e" not in json.dumps(found, ensure_ascii=False)
