"""Which sessions are alive, and which must never live again? A registry of session keys, and an epoch for each account.

Ending a session deletes its row; should that row ever come back (a backup, another cache), its epoch is out of date.
"""

from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone

from takeback_oscar.client import SESSION
from takeback_oscar.context import Visit
from takeback_oscar.models import AccountSession, AccountState
from takeback_oscar.state import row_for_update, state_of

EPOCH = "_takeback_epoch"


def begin(visit: Visit, state: AccountState) -> None:
    """A sign-in: the session gets an id of our own, always a new one, so that nobody can have planted it."""
    session = visit.request.session
    session[SESSION] = visit.fresh_session
    session[EPOCH] = state.epoch
    visit.key_at_start = None


def is_dead(request: HttpRequest, state: AccountState) -> bool:
    """True for a session that was ended, or whose account is frozen. One from before the plugin counts as epoch 0."""
    return state.frozen or request.session.get(EPOCH, 0) != state.epoch


def throw_out(request: HttpRequest) -> None:
    """The request goes on as nobody's."""
    request.session.flush()
    request.user = AnonymousUser()
    request._cached_user = request.user  # type: ignore[attr-defined]


def adopt(visit: Visit) -> None:
    """At the start of a signed-in request: a session from before the plugin gets an id, and the key is noted."""
    session = visit.request.session
    visit.key_at_start = session.session_key
    if SESSION not in session:
        session[SESSION] = visit.fresh_session
        session[EPOCH] = 0
        visit.key_at_start = None


def keep_registered(visit: Visit) -> None:
    """At the end of a request, its session saved: notes the key when it is new or was cycled. Else it costs nothing."""
    session = getattr(visit.request, "session", None)
    if session is None or session.session_key is None or session.session_key == visit.key_at_start:
        return
    user = getattr(visit.request, "user", None)
    if user is None or not user.is_authenticated or SESSION not in session:
        return
    AccountSession.objects.update_or_create(
        session=session[SESSION],
        defaults={"account": str(user.pk), "key": session.session_key, "epoch": session.get(EPOCH, 0)},
    )


def forget(session_id: str) -> None:
    """A sign-out."""
    AccountSession.objects.filter(pk=session_id).delete()


def count_alive(account: str) -> int:
    """Sessions of the account that would still let somebody in, read from the session store itself."""
    state, store = state_of(account), _store()
    rows = AccountSession.objects.filter(account=account, epoch=state.epoch).values_list("key", flat=True)
    return sum(1 for key in rows if store(key).load())


def end_all(account: str) -> int:
    """Deletes every session and raises the epoch. How many were alive."""
    alive, store = count_alive(account), _store()
    state = row_for_update(account)
    state.epoch += 1
    state.save(update_fields=["epoch"])
    rows = AccountSession.objects.filter(account=account)
    for key in rows.values_list("key", flat=True):
        store(key).delete(key)
    rows.delete()
    return alive


def forget_ended() -> None:
    """Drops registry rows whose session is gone: timed out, or cleared with the session table."""
    store = _store()
    old = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    gone = [
        row.pk for row in AccountSession.objects.filter(created_at__lt=old)[:1000] if not store(row.key).exists(row.key)
    ]
    AccountSession.objects.filter(pk__in=gone).delete()


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore
