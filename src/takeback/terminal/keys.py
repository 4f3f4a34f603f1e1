"""`takeback keys`: with what do services send events? Keys are made, listed, replaced and ended here."""

import sys
from argparse import Namespace
from datetime import datetime, timedelta

import msgspec

from takeback.bootstrap import house
from takeback.casework import keying
from takeback.casework.keys import Key, Scope
from takeback.casework.ports import House
from takeback.terminal.user import who


def run(arguments: Namespace) -> int:
    """Do what `arguments.do` says. Who runs it is noted as `cli:` and the name of this machine's user."""
    here, by = house(), who()
    if arguments.do == "list":
        return _list(here, as_json=arguments.json)
    if arguments.do == "add":
        lasts = None if arguments.days is None else timedelta(days=arguments.days)
        scopes = [Scope(scope) for scope in arguments.scope]
        key, token = keying.add(here, by, arguments.source, scopes, name=arguments.name, lasts=lasts)
        _tell(key, token)
        if arguments.source not in {service.source for service in here.services}:
            sys.stdout.write(
                f"No service of the settings is {arguments.source}: it can send, but nothing can be done there.\n"
            )
    elif arguments.do == "rotate":
        overlap = keying.OVERLAP if arguments.overlap is None else timedelta(hours=arguments.overlap)
        key, token = keying.rotate(here, by, arguments.id, overlap=overlap)
        _tell(key, token)
        old = keying.of(here, arguments.id)
        sys.stdout.write(f"The old key {old.id} goes on until {_said(old.expires_at)}.\n")
    else:
        key = keying.revoke(here, by, arguments.id)
        sys.stdout.write(f"The key {key.id} of {key.source} opens nothing any more, in 2 seconds everywhere.\n")
    return 0


def _tell(key: Key, token: str) -> None:
    sys.stdout.write("Give this key to the service. It is not shown again:\n")
    sys.stdout.write(f"{token}\n")
    what = ", ".join(sorted(key.scopes))
    sys.stdout.write(f"It is {key.id}, for {what} of {key.source}, until {_said(key.expires_at)}.\n")


def _list(here: House, *, as_json: bool) -> int:
    now = here.clock.now()
    every = here.keys.every()
    if as_json:
        sys.stdout.write(msgspec.json.encode([_data(key, now) for key in every]).decode() + "\n")
        return 0
    if not every:
        sys.stdout.write("No key yet. Make one with: takeback keys add --source /shops/mine\n")
    for key in every:
        told = (
            key.id,
            key.source,
            ",".join(sorted(key.scopes)),
            key.state(now).value,
            f"until {_said(key.expires_at)}",
        )
        used = "never used" if key.used_at is None else f"last used {_said(key.used_at)}"
        sys.stdout.write("\t".join((*told, used, key.name or "-")) + "\n")
    return 0


def _data(key: Key, now: datetime) -> dict[str, object]:
    return {
        "id": key.id,
        "source": key.source,
        "scopes": sorted(key.scopes),
        "name": key.name or None,
        "state": key.state(now),
        "created": key.created_at,
        "expires": key.expires_at,
        "revoked": key.revoked_at,
        "last_used": key.used_at,
    }


def _said(at: datetime | None) -> str:
    return "it is revoked" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"
