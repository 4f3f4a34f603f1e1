"""Who is taken on at the desk, in what role, and who leaves? Each change is noted with who made it."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from takeback.casework.auditbook import Act
from takeback.casework.people import Member, StaffRefused
from takeback.casework.ports import House
from takeback.core.events import Json
from takeback.core.permission import Role

INVITED_FOR = timedelta(hours=24)
_NAME = re.compile(r"^[a-z][a-z0-9._-]{1,39}$")
_MAIL = re.compile(r"^[^@\s]{1,64}@[^@\s]{1,189}$")


def add(house: House, by: str, name: str, roles: Collection[Role], mail: str = "") -> tuple[Member, str]:
    """Take somebody on; the member, and the secret of the link. `StaffRefused` for a name that cannot be given."""
    if not _NAME.match(name):
        raise StaffRefused(
            "name_wrong", "A name is 2 to 40 characters: a-z, then a-z, 0-9, dot, hyphen and underscore."
        )
    if mail and not _MAIL.match(mail):
        raise StaffRefused("mail_wrong", "The mail address is not one, such as sato@shop.example.")
    member = house.people.add(name, roles, mail.lower())
    if member is None:
        raise StaffRefused("name_given", f"{name} was given to somebody before; no name is given twice.")
    _note(house, by, "staff.added", name, roles=_said(roles))
    return member, invite(house, by, name)


def set_roles(house: House, by: str, name: str, roles: Collection[Role]) -> Member:
    """Give a member these roles and no others. `StaffRefused` for one's own, or for the last admin's."""
    member = _other(house, by, name)
    house.people.set_roles(name, roles)
    _note(house, by, "staff.roles_changed", name, before=_said(member.roles), roles=_said(roles))
    return replace(member, roles=frozenset(roles))


def disable(house: House, by: str, name: str) -> None:
    """Let somebody go: nobody gets in under the name any more, and what is open ends. `StaffRefused` as above."""
    _other(house, by, name)
    _note(house, by, "staff.disabled", name, sessions=house.people.disable(name))


def enable(house: House, by: str, name: str) -> None:
    """Let somebody in again who had left, with what she had then."""
    _other(house, by, name)
    house.people.enable(name)
    _note(house, by, "staff.enabled", name)


def invite(house: House, by: str, name: str) -> str:
    """The secret of a link with which the member sets password and second factor anew, within a day and once.

    Whoever uses it is then the only one who gets in: what there was before ends with it.
    """
    member = house.people.of(name)
    if member is None or not member.active:
        raise StaffRefused("nobody", f"Nobody who works here is called {name}.")
    _other(house, by, name)
    secret = house.people.invite(name, house.clock.now() + INVITED_FOR)
    _note(house, by, "staff.invited", name)
    return secret


def link(house: House, secret: str) -> str:
    """The address that a new member is told."""
    return f"{house.configuration.base_url.rstrip('/')}/desk/set-up/{secret}"


def _other(house: House, by: str, name: str) -> Member:
    member = house.people.of(name)
    if member is None:
        raise StaffRefused("nobody", f"Nobody is called {name}.")
    if by == f"staff:{name}":
        raise StaffRefused("own", "Nobody changes what concerns herself: ask another admin.")
    return member


def _said(roles: Collection[Role]) -> list[Json]:
    return [role.value for role in sorted(roles)]


def _note(house: House, by: str, what: str, name: str, **evidence: Json) -> None:
    house.audit.note(Act(at=house.clock.now(), who=by, what=what, evidence={"member": name, **evidence}))
