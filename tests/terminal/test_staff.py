"""`takeback staff`: the way to the first admin, and back in for the last."""

import json
import re

import pytest

from takeback.bootstrap import House
from takeback.cli import main
from takeback.core.permission import Role

pytestmark = pytest.mark.usefixtures("house")
Capture = pytest.CaptureFixture[str]


def test_the_first_admin_is_made_at_the_terminal_and_gets_a_link(house: House, capsys: Capture) -> None:
    assert main(["staff", "list"]) == 0
    assert "takeback staff add NAME --role admin" in capsys.readouterr().out
    assert main(["staff", "add", "yamada", "--role", "admin", "--role", "lead"]) == 0
    link = re.search(r"/desk/set-up/(\S+)", capsys.readouterr().out)
    assert link is not None
    invited = house.people.invited(link[1], house.clock.now())
    assert invited is not None
    assert (invited.name, invited.roles) == ("yamada", {Role.ADMIN, Role.LEAD})


def test_the_list_says_who_may_what_and_how_far_they_are(capsys: Capture) -> None:
    main(["staff", "add", "yamada", "--role", "admin"])
    main(["staff", "add", "sato", "--mail", "sato@shop.example"])
    main(["staff", "disable", "sato"])
    capsys.readouterr()
    main(["staff", "list", "--json"])
    assert json.loads(capsys.readouterr().out) == [
        {"name": "sato", "roles": [], "state": "left", "mail": "sato@shop.example", "last_signed_in": None},
        {"name": "yamada", "roles": ["admin"], "state": "not set up", "mail": None, "last_signed_in": None},
    ]
    main(["staff", "list"])
    assert capsys.readouterr().out == "sato\t-\tleft\nyamada\tadmin\tnot set up\n"


def test_roles_and_leaving_and_coming_back(house: House, capsys: Capture) -> None:
    main(["staff", "add", "sato", "--role", "agent"])
    for arguments, said in (
        (["roles", "sato", "--role", "lead"], "sato is now: lead."),
        (["roles", "sato"], "sato is now: without a role."),
        (["disable", "sato"], "sato can no longer sign in"),
        (["enable", "sato"], "sato can sign in again."),
        (["link", "sato"], "/desk/set-up/"),
    ):
        assert main(["staff", *arguments]) == 0
        assert said in capsys.readouterr().out
    assert [act.what for act in reversed(house.audit.acts())] == [
        *("staff.added", "staff.invited", "staff.roles_changed", "staff.roles_changed"),
        *("staff.disabled", "staff.enabled", "staff.invited"),
    ]
    assert all(act.who.startswith("cli:") for act in house.audit.acts())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["add", "Sato"], "A name is 2 to 40 characters"),
        (["add", "sato", "--mail", "nonsense"], "The mail address is not one"),
        (["add", "yamada"], "no name is given twice"),
        (["roles", "nobody"], "Nobody is called nobody."),
        (["link", "nobody"], "Nobody who works here is called nobody."),
        (["disable", "yamada"], "yamada is the last admin"),
        (["roles", "yamada", "--role", "agent"], "yamada is the last admin"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(arguments: list[str], says: str, capsys: Capture) -> None:
    main(["staff", "add", "yamada", "--role", "admin"])
    capsys.readouterr()
    assert main(["staff", *arguments]) == 2
    assert says in capsys.readouterr().err
