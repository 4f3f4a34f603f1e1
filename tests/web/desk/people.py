"""Who sits at the desk in a test? Members with roles, signed in with both factors a moment ago."""

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import User
from django.test import Client

from takeback.bootstrap import house
from takeback.core.permission import Role
from takeback.web.desk.sessions import BEGAN, SEEN
from takeback.web.words import COOKIE

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PASSWORD = "seventeen quiet lanterns"


def client_of(*roles: Role, name: str = "sato", language: str = "en") -> Client:
    """A browser in which this member, who has these roles and no others, is signed in, second factor passed, fresh.

    The house must be moved into (`takeback.bootstrap.move_into`) before.
    """
    member(*roles, name=name)
    return signed_in(name, language=language)


def member(*roles: Role, name: str = "sato", password: str = "", factor: bool = True) -> User:
    """The member, made where there is none yet."""
    people = house().people
    if people.add(name, roles) is None:
        people.set_roles(name, roles)
    user = User.objects.get(username=name)
    if password and not user.has_usable_password():
        user.set_password(password)
        user.save(update_fields=["password"])
    if factor and not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, generate_totp_secret())
    return user


def signed_in(name: str, *, language: str = "en", factor: bool = True, age: float = 0.0) -> Client:
    """A browser in which the member signed in `age` seconds ago; with the password alone where `factor` is False."""
    client = anybody(language)
    user = User.objects.get(username=name)
    client.force_login(user, backend=BACKEND)
    session = client.session
    at = time.time() - age
    records = [{"method": "password", "at": at, "username": name}]
    if factor:
        records.append({"method": "mfa", "at": at, "type": "totp"})
    session[AUTHENTICATION_METHODS_SESSION_KEY] = records
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session[BEGAN], session[SEEN] = at, time.time()
    session.save()
    return client


def anybody(language: str = "en") -> Client:
    """A browser of somebody who is not signed in. Django's token against forged forms is not asked of it; the tests of
    the door ask with `Client(enforce_csrf_checks=True)`.
    """
    client = Client(SERVER_NAME="localhost")
    client.cookies[COOKIE] = language
    return client
