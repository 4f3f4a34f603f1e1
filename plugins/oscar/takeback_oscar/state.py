"""Is this account frozen? Nobody but Takeback signs in, orders or changes anything while it is."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import connection
from oscar.core.loading import get_class

from takeback_oscar.context import current_mark
from takeback_oscar.models import AccountState


class AccountFrozen(PermissionDenied):
    """The account is frozen until its owner has it back."""


def state_of(account: str) -> AccountState:
    """The account's state; one that was never touched has none of its own."""
    return AccountState.objects.filter(pk=account).first() or AccountState(account=account)


def is_frozen(account: str) -> bool:
    return AccountState.objects.filter(pk=account, frozen=True).exists()


def refuse_change_while_frozen(account: str) -> None:
    """Raises `AccountFrozen` for anybody but Takeback, staff and jobs included."""
    if current_mark() is None and is_frozen(account):
        raise AccountFrozen(AccountFrozen.__doc__)


def refuse_order_while_frozen(user: Any) -> None:
    """Raises Oscar's `UnableToPlaceOrder`, which its checkout knows how to show."""
    if connection.in_atomic_block:
        # Freezing writes this row too, so an order either comes before the freeze or sees it.
        get_user_model()._default_manager.select_for_update().filter(pk=user.pk).values_list("pk").first()
    if is_frozen(str(user.pk)):
        raise get_class("order.exceptions", "UnableToPlaceOrder")(AccountFrozen.__doc__)


def row_for_update(account: str) -> AccountState:
    """The account's state, locked for the transaction at hand."""
    return AccountState.objects.select_for_update().get_or_create(pk=account)[0]
