"""`takeback staff`: who works at the desk, and in what role? The way to the first admin, and back in for the last."""

import sys
from argparse import Namespace

import msgspec

from takeback.bootstrap import house
from takeback.casework import staffing
from takeback.casework.people import Member
from takeback.casework.ports import House
from takeback.core.permission import Role
from takeback.terminal.user import who


def run(arguments: Namespace) -> int:
    """Do what `arguments.do` says. Who runs it is noted as `cli:` and the name of this machine's user."""
    here, by = house(), who()
    name, roles = getattr(arguments, "name", ""), [Role(role) for role in getattr(arguments, "role", [])]
    if arguments.do == "list":
        return _list(here, as_json=arguments.json)
    if arguments.do == "add":
        _, secret = staffing.add(here, by, name, roles, arguments.mail)
        return _tell_link(here, name, secret)
    if arguments.do == "link":
        return _tell_link(here, name, staffing.invite(here, by, name))
    if arguments.do == "roles":
        staffing.set_roles(here, by, name, roles)
        sys.stdout.write(f"{name} is now: {', '.join(sorted(roles)) or 'without a role'}.\n")
    elif arguments.do == "disable":
        staffing.disable(here, by, name)
        sys.stdout.write(f"{name} can no longer sign in; every session is ended.\n")
    else:
        staffing.enable(here, by, name)
        sys.stdout.write(f"{name} can sign in again.\n")
    return 0


def _list(here: House, *, as_json: bool) -> int:
    members = here.people.every()
    if as_json:
        sys.stdout.write(msgspec.json.encode([_data(member) for member in members]).decode() + "\n")
        return 0
    if not members:
        sys.stdout.write("Nobody yet. Begin with: takeback staff add NAME --role admin\n")
    for member in members:
        sys.stdout.write(f"{member.name}\t{', '.join(sorted(member.roles)) or '-'}\t{_state(member)}\n")
    return 0


def _data(member: Member) -> dict[str, object]:
    seen = None if member.last_seen is None else member.last_seen.isoformat()
    return {
        "name": member.name,
        "roles": sorted(member.roles),
        "state": _state(member),
        "mail": member.mail or None,
        "last_signed_in": seen,
    }


def _state(member: Member) -> str:
    if not member.active:
        return "left"
    return "active" if member.has_factor else "not set up"


def _tell_link(here: House, name: str, secret: str) -> int:
    sys.stdout.write(f"Hand this link to {name}. It works once, within 24 hours, and is not shown again:\n")
    sys.stdout.write(f"{staffing.link(here, secret)}\n")
    return 0
