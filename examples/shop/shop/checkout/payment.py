"""Can this be paid? A stand-in for a payment partner: takes money from a card by its reference, or prints a slip."""

import secrets
from dataclasses import dataclass
from typing import Any

from django import forms
from oscar.apps.payment.exceptions import UnableToTakePayment
from oscar.core.loading import get_model

KONBINI = "konbini"
CARD = "card"
REFUSED = "このカードはご利用になれません。"


class PaymentForm(forms.Form):
    """A saved card (`card:ID`) or payment at a convenience store (`konbini`)."""

    payment = forms.ChoiceField(label="お支払い方法", widget=forms.RadioSelect)

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        saved = [(f"{CARD}:{card.pk}", f"{card.card_type} {card.number}") for card in user.bankcards.all()]
        self.fields["payment"].choices = [*saved, (KONBINI, "コンビニ払い")]


@dataclass(frozen=True)
class Charge:
    """What the partner answered. `debited` is False for a slip that is still to be paid at the counter."""

    code: str
    name: str
    reference: str
    label: str
    debited: bool


def charge(user: Any, choice: str) -> Charge:
    """Takes the payment. A card without its partner's reference is locked, and refused."""
    if choice == KONBINI:
        return Charge(KONBINI, "コンビニ払い", f"kb_{secrets.token_hex(8)}", "コンビニ払い", debited=False)
    card = get_model("payment", "Bankcard")._default_manager.filter(user=user, pk=choice.removeprefix("card:")).first()
    if card is None or not card.partner_reference:
        raise UnableToTakePayment(REFUSED)
    return Charge(CARD, "クレジットカード", card.partner_reference, card.number, debited=True)


def source_of(paid: Charge, amount: Any, currency: str) -> Any:
    """Oscar's record of how an order was paid."""
    kind, _ = get_model("payment", "SourceType").objects.get_or_create(code=paid.code, defaults={"name": paid.name})
    return get_model("payment", "Source")(
        source_type=kind,
        currency=currency,
        amount_allocated=amount,
        amount_debited=amount if paid.debited else 0,
        reference=paid.reference,
        label=paid.label,
    )
