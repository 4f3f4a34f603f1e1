"""Is this password good enough for somebody who sees customers' accounts, and how is it kept? Long, on no list, and
not the name.
"""

from allauth.core import context
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError

from takeback.bootstrap import house
from takeback.core.errors import OutsideError
from takeback.web.words import language_of
from takeback.words import say

SHORTEST, LONGEST = 12, 256  # characters


class Hasher(Argon2PasswordHasher):
    """Argon2id with 32 MiB: above the least that OWASP names, and eight people who sign in at once do not fill the
    machine, as they could with the 100 MiB of Django's own.
    """

    time_cost = 3
    memory_cost = 32 * 1024  # KiB
    parallelism = 1


class GoodEnough:
    """Meets Django's form of a validator."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise `ValidationError` that says what is wrong."""
        key = wrong_with(password, "" if user is None else user.get_username())
        if key:
            request = context.request
            language = language_of(request) if request is not None else "en"
            raise ValidationError(say(language, f"desk_door.password_{key}", shortest=SHORTEST), code=key)

    def get_help_text(self) -> str:
        """Said by the page itself."""
        return ""


def wrong_with(password: str, name: str) -> str:
    """`short`, `long`, `name`, `leaked`, or nothing."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    if name and len(password.lower().replace(name, "")) < SHORTEST - 4:
        return "name"
    return "leaked" if _is_leaked(password) else ""


def _is_leaked(password: str) -> bool:
    for source in house().leaks:
        try:
            if source.is_leaked(password):
                return True
        except OutsideError:  # the others decide: a list that is down keeps nobody from setting a password
            continue
    return False
