"""What must stop now, and what may go on again? Freezing, sessions, links, password and cards of one account."""

import base64
import secrets
from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model, hashers

from takeback_oscar import cards, links, sessions
from takeback_oscar.actions.deed import Asked, Impossible, Outcome
from takeback_oscar.state import row_for_update


def freeze(asked: Asked) -> Outcome:
    """Inactive for Django, frozen for the plugin, which also holds when something makes the user active again."""
    state = row_for_update(asked.account)
    if state.frozen:
        return asked.contain(False)
    state.frozen, state.active_before = True, asked.user.is_active
    state.save(update_fields=["frozen", "active_before"])
    _update(asked.user, is_active=False)
    return asked.contain(True)


def unfreeze(asked: Asked) -> Outcome:
    """Opens an empty house: sessions and links of before are ended here too, should nobody have asked for it yet."""
    state = row_for_update(asked.account)
    if not state.frozen:
        return asked.contain(False)
    sessions.end_all(asked.account)
    links.void_all(asked.user)
    state.refresh_from_db()
    state.frozen = False
    state.save(update_fields=["frozen"])
    _update(asked.user, is_active=state.active_before)
    return asked.contain(True)


def end_sessions(asked: Asked) -> Outcome:
    # The epoch moves on even where no session is alive: a sign-in may be half finished at this moment.
    return asked.contain(sessions.end_all(asked.account) > 0)


def expire_links(asked: Asked) -> Outcome:
    return asked.contain(links.void_all(asked.user) > 0)


def disable_password(asked: Asked) -> Outcome:
    """A hash that nobody has the password to. An unusable one would silence the forgotten-password mail for ever."""
    state = row_for_update(asked.account)
    if state.disabled_password and state.disabled_password == asked.user.password:
        return asked.contain(False)
    state.disabled_password = _nobodys_hash()
    state.save(update_fields=["disabled_password"])
    _update(asked.user, password=state.disabled_password)
    return asked.contain(True)


def _nobodys_hash() -> str:
    """Like a password's hash, but random: made at once, where hashing a random password takes a third of a second."""
    pbkdf2: Any = hashers.get_hashers_by_algorithm().get("pbkdf2_sha256")
    if pbkdf2 is None:
        return hashers.make_password(secrets.token_urlsafe(48))
    digest = secrets.token_bytes(pbkdf2.digest().digest_size)
    return f"pbkdf2_sha256${pbkdf2.iterations}${pbkdf2.salt()}${base64.b64encode(digest).decode()}"


def set_password(asked: Asked) -> Outcome:
    """The new password, hashed. It voids every link made for the old one; the save tells that it changed."""
    asked.user.set_password(asked.args["password"])
    asked.user.save(update_fields=["password"])
    state = row_for_update(asked.account)
    state.disabled_password = ""
    state.save(update_fields=["disabled_password"])
    return Outcome.DONE


def lock_cards(asked: Asked) -> Outcome:
    return _each_card(asked, cards.lock)


def unlock_cards(asked: Asked) -> Outcome:
    return _each_card(asked, cards.unlock)


def mask_cards(asked: Asked) -> Outcome:
    return _each_card(asked, cards.mask)


def _each_card(asked: Asked, act: Callable[[Any], bool]) -> Outcome:
    """Does it to the cards named, or to all. A card that is not the account's is said, not skipped."""
    named = asked.args.get("cards")
    found = cards.cards_of(asked.account, named)
    if named is not None and len(found) < len(set(named)):
        raise Impossible("card.unknown")
    # A list, because `any` alone would stop at the first card that changed.
    changed = [act(card) for card in found]
    return asked.contain(any(changed))


def _update(user: Any, **columns: Any) -> None:
    """A plain update: told as containment, not as a change of the field."""
    get_user_model()._default_manager.filter(pk=user.pk).update(**columns)
