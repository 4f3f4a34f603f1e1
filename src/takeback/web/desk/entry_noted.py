"""Who came, who was turned away, who changed with what she comes? Written in the book of the installation."""

from hashlib import sha256
from hmac import digest

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AbstractBaseUser, User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from takeback.bootstrap import house
from takeback.casework.auditbook import Act
from takeback.core.events import Json
from takeback.web.desk.guard import BY_LINK
from takeback.web.desk.sessions import begin
from takeback.web.limits import client_of


def note(name: str, what: str, **evidence: Json) -> None:
    """A line on a member."""
    here = house()
    here.audit.note(Act(at=here.clock.now(), who=f"staff:{name}", what=what, evidence=evidence))


def note_failed(request: HttpRequest | None, name: str, how: str) -> None:
    """A line on somebody who was not let in. A name that is nobody's may be a password typed in the wrong field: of it
    only a keyed digest is kept, by which a row of tries can be seen.
    """
    here = house()
    member = here.people.of(name.strip().lower())
    key = here.configuration.key("unknown names")
    who = f"staff:{member.name}" if member else f"unknown:{digest(key, name.encode(), sha256).hex()[:16]}"
    evidence: dict[str, Json] = {"how": how}
    if request is not None:
        evidence["from"] = digest(key, client_of(request).encode(), sha256).hex()[:16]
    here.audit.note(Act(at=here.clock.now(), who=who, what="staff.sign_in_failed", evidence=evidence))


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: User, **_: object) -> None:
    """Somebody was let in: her session begins, and is one of those that her page lists."""
    begin(request)
    request.user = user
    UserSession.objects.create_from_request(request)
    note(user.get_username(), "staff.signed_in")


@receiver(user_logged_out)
def signed_out(user: AbstractBaseUser | None, **_: object) -> None:
    """Somebody left, or her session ended."""
    if user is not None:
        note(user.get_username(), "staff.signed_out")


@receiver(user_login_failed)
def failed(credentials: dict[str, str], request: HttpRequest | None = None, **_: object) -> None:
    """Name and password did not fit."""
    note_failed(request, str(credentials.get("username", "")), "password")


@receiver(authentication_failed)
def factor_failed(user: AbstractBaseUser, request: HttpRequest | None = None, **_: object) -> None:
    """A code was wrong."""
    note_failed(request, user.get_username(), "second factor")


@receiver(authenticator_added)
def factor_added(request: HttpRequest, user: AbstractBaseUser, authenticator: Authenticator, **_: object) -> None:
    """A second factor was set up: whoever just did has shown it, and this session counts as opened with it."""
    note(user.get_username(), "staff.factor_added", kind=str(authenticator.type))
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=str(authenticator.type))
        request.session.pop(BY_LINK, None)


@receiver(authenticator_removed)
def factor_removed(user: AbstractBaseUser, authenticator: Authenticator, **_: object) -> None:
    """A second factor was removed."""
    note(user.get_username(), "staff.factor_removed", kind=str(authenticator.type))


@receiver(authenticator_reset)
def codes_made(user: AbstractBaseUser, **_: object) -> None:
    """New codes on paper were made."""
    note(user.get_username(), "staff.codes_made")


@receiver(password_changed)
def password_was_changed(user: AbstractBaseUser, **_: object) -> None:
    """The password was changed."""
    note(user.get_username(), "staff.password_changed")
