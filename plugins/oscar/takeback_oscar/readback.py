"""What is the account now? Read from the shop's own tables at the moment it is asked, because "sent" is not "done"."""

from typing import Any

from oscar.core.loading import get_model

from takeback_oscar import cards, links, public, sessions, shapes
from takeback_oscar.actions import ACTIONS
from takeback_oscar.conf import conf
from takeback_oscar.models import KeptCard
from takeback_oscar.state import state_of


def capabilities() -> dict[str, Any]:
    return {
        "actions": [name for name, deed in ACTIONS.items() if deed.hook is None or deed.hook in conf().hooks],
        "fields": ["email", "name", *conf().fields, "default_address", "default_billing_address"],
        "collections": ["addresses", "cards", *public.offered()],
        "balances": [],
        "order_fields": ["address"],
    }


def account(user: Any) -> dict[str, Any]:
    """The form of `GET accounts/{id}` (docs/reference/shop-api.md)."""
    account_id = shapes.account_of(user)
    state, own_cards = state_of(account_id), cards.cards_of(account_id)
    locked = set(KeptCard.objects.filter(account=account_id, why=KeptCard.Why.LOCKED).values_list("card", flat=True))
    addresses = get_model("address", "UserAddress")._default_manager.filter(user_id=user.pk).order_by("pk")
    orders = get_model("order", "Order")._default_manager.filter(user_id=user.pk).order_by("pk")
    disabled = bool(state.disabled_password) and state.disabled_password == user.password
    return {
        "account": account_id,
        "frozen": state.frozen,
        "sessions": sessions.count_alive(account_id),
        "links": links.count_alive(user),
        "password": "disabled" if disabled or not user.has_usable_password() else "set",
        "cards_locked": all(str(card.pk) in locked for card in own_cards),
        "cards_masked": all(cards.is_masked(card) for card in own_cards),
        "fields": {**shapes.fields_of(user), **shapes.defaults_of(account_id)},
        "collections": {
            "addresses": {str(address.pk): shapes.address_value(address) for address in addresses},
            "cards": {
                str(card.pk): {**shapes.card_value(card), "locked": str(card.pk) in locked} for card in own_cards
            },
            **{
                collection: {str(item.pk): public.value_of(item) for item in public.items_of(collection, user)}
                for collection in public.offered()
            },
        },
        "balances": {},
        "orders": {
            order.number: {
                "status": shapes.order_state(order.status),
                "address": shapes.address_value(order.shipping_address),
            }
            for order in orders.select_related("shipping_address")
        },
    }
