"""What changed in the account? Fields of the user, the address book and the saved cards, each with before and after."""

from collections.abc import Generator
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import identify_hasher
from oscar.core.loading import get_model

from takeback_oscar import outbox, shapes
from takeback_oscar.conf import conf
from takeback_oscar.context import current_visit
from takeback_oscar.outbox import EventType
from takeback_oscar.recorder.saving import observe_saves, stored
from takeback_oscar.state import refuse_change_while_frozen, row_for_update

UserFields = frozenset[str] | None
NAMES_KEPT = 50


def listen() -> None:
    observe_saves(get_user_model(), user_saved)
    observe_saves(get_model("address", "UserAddress"), address_saved)
    observe_saves(get_model("payment", "Bankcard"), card_saved)


def user_saved(user: Any, columns: UserFields) -> Generator[None, None, None]:
    watched = {"email", "first_name", "last_name", "password", *conf().fields.values()}
    if columns is not None and not columns & watched:
        # Signing in writes last_login this way.
        yield
        return
    old = stored(user)
    if old is None:
        yield
        _registered(user)
        return
    account = shapes.account_of(user)
    before, hash_before = shapes.fields_of(old), old.password
    upgraded = _is_hash_upgrade(user, hash_before, columns)
    # What will be written, as far as this save writes it at all.
    after = shapes.fields_of(user)
    if columns is not None:
        after = {field: value for field, value in after.items() if columns & _columns_of(field)}
    changes = {field: (before[field], value) for field, value in after.items() if before[field] != value}
    new_password = user.password != hash_before and (columns is None or "password" in columns) and not upgraded
    if changes or new_password:
        refuse_change_while_frozen(account)
    yield
    for field, (was, now) in changes.items():
        outbox.field_changed(account, field, was, now)
    if "name" in changes:
        remember_names(account, old, user)
    if new_password:
        outbox.secret_changed(account, "password")


def _columns_of(field: str) -> set[str]:
    own = {"email": {"email"}, "name": {"first_name", "last_name"}}
    return own.get(field) or {conf().fields[field]}


def _registered(user: Any) -> None:
    """The opening events of an account: each field as it was registered."""
    if (visit := current_visit()) is not None:
        # The sign-in that follows a registration belongs to the same session.
        visit.use_fresh_session = True
    account = shapes.account_of(user)
    for field, value in shapes.fields_of(user).items():
        if value is not None:
            outbox.field_changed(account, field, None, value)
    remember_names(account, user)


def _is_hash_upgrade(user: Any, before: str, columns: UserFields) -> bool:
    """Django rehashes a password at sign-in when its hasher has changed; the password is the same one."""
    if columns != frozenset({"password"}) or user._password is not None or user.password == before:
        return False
    try:
        old, new = identify_hasher(before), identify_hasher(user.password)
    except ValueError:
        return False
    return old.algorithm != new.algorithm or old.must_update(before)


def remember_names(account: str, *users: Any) -> None:
    """How a whole name divides into Oscar's two columns cannot be told from the name, so it is kept."""
    row = row_for_update(account)
    for user in users:
        row.names[shapes.name_of(user)] = [user.first_name, user.last_name]
    row.names = dict(list(row.names.items())[-NAMES_KEPT:])
    row.save(update_fields=["names"])


def address_saved(address: Any, _columns: UserFields) -> Generator[None, None, None]:
    """Checkout counts an address's orders in it; such a save changes nothing that is told, and so nothing is."""
    account = str(address.user_id)
    before = shapes.address_value(stored(address))
    defaults = shapes.defaults_of(account)
    after = shapes.address_value(address)
    if before != after or _flags(address) != _flags(stored(address)):
        refuse_change_while_frozen(account)
    yield
    tell_item(account, "addresses", address.pk, before, after)
    tell_defaults(account, defaults)


def _flags(address: Any) -> tuple[bool, bool]:
    if address is None:
        return (False, False)
    return (address.is_default_for_shipping, address.is_default_for_billing)


def card_saved(card: Any, _columns: UserFields) -> Generator[None, None, None]:
    account, old = str(card.user_id), stored(card)
    before = None if old is None else shapes.card_value(old)
    refuse_change_while_frozen(account)
    yield
    tell_item(account, "cards", card.pk, before, shapes.card_value(card))


def tell_item(account: str, collection: str, item: Any, before: Any, after: Any) -> None:
    """The event for an item that came, changed or went; none when it is as it was."""
    common: dict[str, Any] = {"collection": collection, "id": str(item)}
    if before is None and after is not None:
        outbox.record(account, EventType.ITEM_ADDED, **common, after=after)
    elif after is None and before is not None:
        outbox.record(account, EventType.ITEM_REMOVED, **common, before=before)
    elif before != after:
        outbox.record(account, EventType.ITEM_CHANGED, **common, before=before, after=after)


def tell_defaults(account: str, before: dict[str, str | None]) -> None:
    for field, value in shapes.defaults_of(account).items():
        if before[field] != value:
            outbox.field_changed(account, field, before[field], value)
