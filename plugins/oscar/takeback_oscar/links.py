"""Which reset links are alive? Django's are signed, not stored: each one made is noted, and an epoch is signed with it.

Raising an account's epoch voids every link made before, whatever the shop's own token generator looks at.
"""

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils import timezone
from django.utils.crypto import salted_hmac

from takeback_oscar.models import ResetLink
from takeback_oscar.shapes import account_of
from takeback_oscar.state import row_for_update, state_of


def watch() -> None:
    """Wraps Django's token generator, which Oscar and most shops use for every link that they mail."""
    generator: Any = PasswordResetTokenGenerator
    if hasattr(generator.check_token, "takeback"):
        return
    generator._make_token_with_timestamp = _with_epoch(generator._make_token_with_timestamp)
    generator.make_token = _noting(generator.make_token)
    generator.check_token = _asking(generator.check_token)


def _with_epoch(original: Callable[..., str]) -> Callable[..., str]:
    @functools.wraps(original)
    def _make_token_with_timestamp(self: Any, user: Any, timestamp: int, secret: str) -> str:
        epoch = state_of(account_of(user)).links_epoch
        # Epoch 0 signs as Django does, so links mailed before the plugin came go on working.
        return original(self, user, timestamp, f"{secret}{epoch}" if epoch else secret)

    return _make_token_with_timestamp


def _noting(original: Callable[..., str]) -> Callable[..., str]:
    @functools.wraps(original)
    def make_token(self: Any, user: Any) -> str:
        token = original(self, user)
        ResetLink.objects.create(account=account_of(user), issued_at=timezone.now(), made_for=_state_digest(user))
        return token

    return make_token


def _asking(original: Callable[..., bool]) -> Callable[..., bool]:
    @functools.wraps(original)
    def check_token(self: Any, user: Any, token: str | None) -> bool:
        return original(self, user, token) and not state_of(account_of(user)).frozen

    check_token.takeback = True  # type: ignore[attr-defined]  # so that it is wrapped once
    return check_token


def count_alive(user: Any) -> int:
    """Links that would work: not timed out, not voided, and made for the account as it still is."""
    oldest = timezone.now() - timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    return ResetLink.objects.filter(
        account=account_of(user), issued_at__gt=oldest, made_for=_state_digest(user)
    ).count()


def void_all(user: Any) -> int:
    """Voids every link made so far. How many were alive."""
    alive = count_alive(user)
    state = row_for_update(account_of(user))
    state.links_epoch += 1
    state.save(update_fields=["links_epoch"])
    ResetLink.objects.filter(account=account_of(user)).delete()
    return alive


def _state_digest(user: Any) -> str:
    """What a token is signed over (password, last sign-in, e-mail, our epoch), as a digest."""
    generator: Any = PasswordResetTokenGenerator()
    state = f"{generator._make_hash_value(user, 0)}.{state_of(account_of(user)).links_epoch}"
    return salted_hmac("takeback.links", state, algorithm="sha256").hexdigest()
