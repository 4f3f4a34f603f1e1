"""What does everybody see after the demo? Every page of portal and desk in the demo's own house (`TAKEBACK_CONFIG`),
and what the commands print: each written to a file, which begins with a line that says what it is.
"""

from contextlib import redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import cast

from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client, RequestFactory

from takeback.bootstrap import House, build_house, move_into
from takeback.casework.page import token_of
from takeback.casework.progress import Purpose
from takeback.cli import main as takeback
from takeback.configuration import load_configuration
from takeback.core.case import Case
from takeback.core.permission import Role
from takeback.web.desk.entry_factors import FactorAdapter
from takeback.web.portal.proven import remember
from tests.web.desk.pages import pages
from tests.web.desk.people import PASSWORD, client_of, member

COMMANDS = (
    ("cases", "--json"),
    ("audit", "export"),
    ("audit", "export", "--ocsf"),
    ("audit", "verify"),
    ("rules", "--json"),
    ("staff", "list", "--json"),
    ("check", "--json"),
)
STAFF, ALL = "mori", ("ja", "en")
PORTAL = ("", "/was-this-you", "/messages", "/hand-back", "/live")


def look(out: Path) -> list[str]:
    """Open, run, and write; the secrets of the member of staff who looked."""
    house = build_house(load_configuration())
    move_into(house)
    (case,) = house.cases.cases(open_only=False)
    seen = {**_desk(house, case), **_portal(house, case)}
    for command in (*COMMANDS, ("cases", case.id, "--json")):
        seen[" ".join(command)] = _printed(command)
    for number, (name, body) in enumerate(seen.items()):
        (out / f"{number:04}").write_bytes(name.encode() + b"\n" + body)
    row = Authenticator.objects.get(user__username=STAFF, type=Authenticator.Type.TOTP)
    house.close()
    return [PASSWORD, FactorAdapter().decrypt(row.data["secret"])]


def _desk(house: House, case: Case) -> dict[str, bytes]:
    member(*Role, name=STAFF, password=PASSWORD)
    staff = client_of(*Role, name=STAFF)
    addresses = [page.address(case.id) for page in pages() if not page.post]
    names = ["nowhere", STAFF, *(task.id for task in house.cases.tasks(case.id))]
    every = {address.replace("nowhere", name) for address in addresses for name in names}
    return {f"desk {address} {language}": _body(staff, address, language) for address in every for language in ALL}


def _portal(house: House, case: Case) -> dict[str, bytes]:
    token, customer, seen = token_of(house, case.id), Client(SERVER_NAME="localhost"), {}
    for proven in (False, True):
        if proven:
            _prove(customer, token, case)
        for path in PORTAL:
            for language in ALL:
                seen[f"portal {path} {language} {proven}"] = _body(customer, f"/case/{token}{path}", language)
    return seen


def _prove(customer: Client, token: str, case: Case) -> None:
    """Put into this browser what a returned code puts there."""
    answer = HttpResponse()
    remember(answer, RequestFactory().get(f"/case/{token}"), case, token, Purpose.PROOF)
    customer.cookies = answer.cookies


def _body(client: Client, address: str, language: str) -> bytes:
    answer = client.get(address, {"lang": language})
    assert answer.status_code < 500, address
    return b"".join(cast(list[bytes], answer)) if answer.streaming else answer.content


def _printed(command: tuple[str, ...]) -> bytes:
    printed = TextIOWrapper(BytesIO(), encoding="utf-8", write_through=True)
    with redirect_stdout(printed):
        takeback(command)
    return printed.buffer.getvalue()
