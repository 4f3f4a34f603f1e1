"""Who signed in, failed to, or left? And: nobody signs in to a frozen account."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.http import HttpRequest
from oscar.apps.customer.utils import normalise_email

from takeback_oscar import outbox, sessions, shapes
from takeback_oscar.client import SESSION
from takeback_oscar.context import Actor, current_visit
from takeback_oscar.outbox import EventType
from takeback_oscar.state import state_of


def listen() -> None:
    user_logged_in.connect(signed_in, dispatch_uid="takeback.signed_in")
    user_login_failed.connect(sign_in_failed, dispatch_uid="takeback.sign_in_failed")
    user_logged_out.connect(signed_out, dispatch_uid="takeback.signed_out")


def signed_in(request: HttpRequest, user: Any, **_: Any) -> None:
    visit = current_visit()
    if visit is None or visit.request is not request:
        return  # a test client's or a command's: no session of a person
    account = shapes.account_of(user)
    state = state_of(account)
    if state.frozen:
        # Reached when something has made the user active again behind Takeback's back.
        sessions.throw_out(request)
        outbox.record(account, EventType.SIGN_IN_FAILED, reason="frozen", actor=Actor.CUSTOMER)
        return
    with transaction.atomic():
        sessions.begin(visit, state)
        # A member of staff signing in to their own account is that account's customer.
        outbox.record(account, EventType.SIGNED_IN, method=_method(user), second_factor="none", actor=Actor.CUSTOMER)


def _method(user: Any) -> str:
    """Oscar knows passwords; a backend of the shop's own may name its method."""
    backend = getattr(user, "backend", "") or ""
    known = {
        "social": "sso",
        "oidc": "sso",
        "saml": "sso",
        "passkey": "passkey",
        "webauthn": "passkey",
        "magic": "link",
    }
    return next((method for part, method in known.items() if part in backend.casefold()), "password")


def sign_in_failed(credentials: dict[str, Any], **_: Any) -> None:
    """Django does not say whose sign-in failed, so the typed address is matched to the account that has it now."""
    typed = credentials.get("username") or credentials.get("email")
    if current_visit() is None or not isinstance(typed, str) or "@" not in typed:
        return
    users = get_user_model()._default_manager.filter(email__iexact=normalise_email(typed))
    for user in users:
        reason = (
            "frozen" if state_of(shapes.account_of(user)).frozen else "inactive" if not user.is_active else "password"
        )
        outbox.record(shapes.account_of(user), EventType.SIGN_IN_FAILED, reason=reason, actor=Actor.CUSTOMER)


def signed_out(request: HttpRequest, user: Any, **_: Any) -> None:
    if current_visit() is None or user is None or not user.is_authenticated:
        return
    with transaction.atomic():
        if session := request.session.get(SESSION):
            sessions.forget(session)
        outbox.record(shapes.account_of(user), EventType.SIGNED_OUT, actor=Actor.CUSTOMER)
