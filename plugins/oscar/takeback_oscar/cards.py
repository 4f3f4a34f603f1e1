"""Can this card pay? Locks, masks and gives back saved cards; what makes a card pay is meanwhile kept aside."""

from datetime import date
from typing import Any

from oscar.core.loading import get_model

from takeback_oscar import shapes
from takeback_oscar.models import KeptCard
from takeback_oscar.state import is_frozen


def cards_of(account: str, only: list[str] | None = None) -> list[Any]:
    """The account's saved cards, or those of them named."""
    rows = get_model("payment", "Bankcard")._default_manager.filter(user_id=account).order_by("pk")
    return [card for card in rows if only is None or str(card.pk) in only]


def lock(card: Any) -> bool:
    """Takes the payment partner's reference out of the card. False where it was locked before."""
    if shapes.is_locked(card):
        return False
    KeptCard.objects.update_or_create(
        card=str(card.pk),
        defaults={
            "account": str(card.user_id),
            "why": KeptCard.Why.LOCKED,
            "partner_reference": card.partner_reference,
        },
    )
    # A plain update: the lock is told as containment, not as a change of the card.
    type(card)._base_manager.filter(pk=card.pk).update(partner_reference="")
    return True


def unlock(card: Any) -> bool:
    """Puts the reference back. False where the card was not locked."""
    kept = KeptCard.objects.filter(card=str(card.pk), why=KeptCard.Why.LOCKED).first()
    if kept is None:
        return False
    type(card)._base_manager.filter(pk=card.pk).update(partner_reference=kept.partner_reference)
    kept.delete()
    return True


def is_masked(card: Any) -> bool:
    return len([sign for sign in card.number if sign.isdigit()]) <= 4


def mask(card: Any) -> bool:
    """Leaves the last four digits of the number and nothing else. False where there was nothing else."""
    if is_masked(card):
        return False
    type(card)._base_manager.filter(pk=card.pk).update(number=f"XXXX-XXXX-XXXX-{shapes.last_four(card.number)}")
    return True


def keep_removed(card: Any) -> None:
    """Remembers a card that was removed, so that its owner can have it back if a stranger removed it."""
    locked = KeptCard.objects.filter(card=str(card.pk), why=KeptCard.Why.LOCKED).first()
    KeptCard.objects.update_or_create(
        card=str(card.pk),
        defaults={
            "account": str(card.user_id),
            "why": KeptCard.Why.REMOVED,
            "partner_reference": locked.partner_reference if locked else card.partner_reference,
            "row": {
                "card_type": card.card_type,
                "name": card.name,
                "number": f"XXXX-XXXX-XXXX-{shapes.last_four(card.number)}",
                "expiry_date": card.expiry_date.isoformat(),
                "locked": locked is not None,
            },
        },
    )


def give_back(account: str, card_id: str) -> bool:
    """Restores a removed card under its old id; locked if it was, or the account is frozen. False where none is."""
    kept = KeptCard.objects.filter(card=card_id, account=account, why=KeptCard.Why.REMOVED).first()
    if kept is None:
        return False
    model = get_model("payment", "Bankcard")
    row = dict(kept.row)
    locked = row.pop("locked", False) or is_frozen(account)
    row["expiry_date"] = date.fromisoformat(row["expiry_date"])
    reference = kept.partner_reference
    if locked:
        kept.why, kept.row = KeptCard.Why.LOCKED, {}
        kept.save()
    else:
        kept.delete()
    brand = row.pop("card_type")
    card = model(user_id=account, partner_reference="" if locked else reference, **row)
    # The constructor guesses the brand from the digits, which are masked by now.
    card.pk, card.card_type = model._meta.pk.to_python(card_id), brand
    card.save(force_insert=True)
    return True
