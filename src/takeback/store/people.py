"""Who works at the desk? `casework.people.People` on the tables of Django and of what signs staff in."""

import secrets
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from takeback.casework.people import Member, StaffRefused
from takeback.core.permission import Role
from takeback.store.columns import storable
from takeback.store.holding import PEOPLE, alone
from takeback.store.models import InvitationRow

_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are no second factor
_SECRET = 32  # bytes


class DjangoPeople:
    """Meets `casework.people.People` on Django's default database. Roles are groups of these names."""

    def add(self, name: str, roles: Collection[Role], mail: str = "") -> Member | None:
        """A new member, who can do nothing before a link has been used. None where the name was ever given."""
        with transaction.atomic():
            alone(PEOPLE)
            if User.objects.filter(username__iexact=name).exists():
                return None
            user = User(username=name, email=mail)
            user.set_unusable_password()
            user.save()
            _give(user, roles)
        return self.of(name)

    def of(self, name: str) -> Member | None:
        """The member of this name, who may have left."""
        user = _with_factors().filter(username=storable(name)).first()
        return None if user is None else _member_of(user)

    def every(self) -> list[Member]:
        """All who ever worked here, by name."""
        return [_member_of(user) for user in _with_factors().order_by("username")]

    def set_roles(self, name: str, roles: Collection[Role]) -> None:
        """Give the member these roles and no others."""
        with transaction.atomic():
            alone(PEOPLE)
            user = User.objects.get(username=name)
            if Role.ADMIN not in roles:
                _leave_an_admin(user)
            _give(user, roles)

    def disable(self, name: str) -> int:
        """Let nobody in under this name any more, and end what is open; how many sessions that was."""
        with transaction.atomic():
            alone(PEOPLE)
            user = User.objects.get(username=name)
            _leave_an_admin(user)
            user.is_active = False
            user.save(update_fields=["is_active"])
            InvitationRow.objects.filter(name=name).delete()
            return _end_sessions(user)

    def enable(self, name: str) -> None:
        """Let the member in again."""
        User.objects.filter(username=name).update(is_active=True)

    def invite(self, name: str, until: datetime) -> str:
        """A new secret for a link with which the member sets password and second factor; an earlier one is dead."""
        secret = secrets.token_urlsafe(_SECRET)
        values = {"secret_hash": _digest(secret), "until": until}
        InvitationRow.objects.update_or_create(name=name, defaults=values)
        return secret

    def invited(self, secret: str, now: datetime) -> Member | None:
        """Whom this secret invites, while it lives."""
        row = InvitationRow.objects.filter(secret_hash=_digest(secret), until__gt=now).first()
        return None if row is None else self.of(row.name)

    def use_invitation(self, secret: str, password: str, now: datetime) -> Member | None:
        """Set the password of whom this secret invites, once; what there was before ends with it."""
        hashed = make_password(password)  # it takes its time, and nobody should have to wait for the database
        with transaction.atomic():
            alone(PEOPLE)
            row = InvitationRow.objects.filter(secret_hash=_digest(secret), until__gt=now).first()
            if row is None:
                return None
            user = User.objects.get(username=row.name)
            row.delete()
            if not user.is_active:
                return None
            Authenticator.objects.filter(user=user).delete()
            _end_sessions(user)
            user.password = hashed
            user.save(update_fields=["password"])
        return self.of(user.username)


def _with_factors() -> QuerySet[User]:
    """Users, told whether each has a second factor: however many there are, it takes two questions to the database."""
    factor = Exists(Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=_FACTORS))
    return User.objects.annotate(has_factor=factor).prefetch_related("groups")


def _leave_an_admin(user: User) -> None:
    admins = User.objects.filter(is_active=True, groups__name=Role.ADMIN.value)
    if admins.filter(id=user.id).exists() and not admins.exclude(id=user.id).exists():
        raise StaffRefused("last_admin", f"{user.username} is the last admin: make another one first.")


def _give(user: User, roles: Collection[Role]) -> None:
    user.groups.set([Group.objects.get_or_create(name=role.value)[0] for role in sorted(roles)])


def _end_sessions(user: User) -> int:
    """End every session of the member's, listed or not; how many that was."""
    UserSession.objects.filter(user=user).delete()
    own = [row.pk for row in Session.objects.all() if row.get_decoded().get(SESSION_KEY) == str(user.pk)]
    Session.objects.filter(pk__in=own).delete()
    return len(own)


def _member_of(user: User) -> Member:
    """A row of `_with_factors` as a value."""
    names = {group.name for group in user.groups.all()}
    return Member(
        name=user.username,
        roles=frozenset(role for role in Role if role.value in names),
        active=user.is_active,
        mail=user.email,
        has_password=user.has_usable_password(),
        has_factor=bool(getattr(user, "has_factor", False)),
        last_seen=user.last_login,
    )


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
