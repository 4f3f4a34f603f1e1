"""`takeback keys`: a key is shown once, can be replaced while the old one goes on, and ended."""

import json
import re
from datetime import timedelta

import pytest

from takeback.bootstrap import House
from takeback.casework import keying
from takeback.casework.keys import KeyState, fits, parted
from takeback.cli import main

pytestmark = pytest.mark.usefixtures("house")
Capture = pytest.CaptureFixture[str]


def made(capsys: Capture, *arguments: str) -> str:
    """The token that a command printed."""
    assert main(["keys", *arguments]) == 0
    found = re.search(r"^tbk_\S+$", capsys.readouterr().out, re.M)
    assert found is not None
    return found[0]


def test_a_key_is_shown_once_and_its_secret_is_kept_nowhere(house: House, capsys: Capture) -> None:
    token = made(capsys, "add", "--source", "/shops/oscar", "--name", "till 3", "--days", "30")
    found = parted(token.encode())
    assert found is not None
    (key,) = house.keys.every()
    assert key.id == found[0]
    assert fits(key, found[1])
    assert not fits(key, found[1] + b"x")
    assert key.expires_at == key.created_at + timedelta(days=30)
    main(["keys", "list"])
    main(["keys", "list", "--json"])
    told = capsys.readouterr().out
    assert "till 3" in told
    assert found[1].decode() not in told
    assert key.digest not in told
    assert found[1] not in house.configuration.cases_path.read_bytes()


def test_a_replaced_key_goes_on_for_a_while_and_no_longer_than_it_would_have(house: House, capsys: Capture) -> None:
    first = made(capsys, "add", "--source", "/shops/oscar", "--scope", "check-mail", "--scope", "events")
    second = made(capsys, "rotate", first.split("_")[1], "--overlap", "2")
    old, new = house.keys.every()
    now = house.clock.now()
    assert (old.state(now), old.state(now + timedelta(hours=3))) == (KeyState.GOOD, KeyState.EXPIRED)
    assert (new.source, new.scopes, new.expires_at) == (old.source, old.scopes, None)
    assert second != first
    third = made(capsys, "add", "--source", "/shops/oscar", "--days", "1")
    ends = keying.of(house, third.split("_")[1]).expires_at
    made(capsys, "rotate", third.split("_")[1], "--overlap", "100")
    assert keying.of(house, third.split("_")[1]).expires_at == ends


def test_a_key_that_is_revoked_stays_in_the_list_and_every_change_is_noted(house: House, capsys: Capture) -> None:
    id_ = made(capsys, "add", "--source", "/shops/oscar").split("_")[1]
    made(capsys, "rotate", id_, "--overlap", "0")
    assert main(["keys", "revoke", id_]) == 0
    assert main(["keys", "revoke", id_]) == 0
    capsys.readouterr()
    main(["keys", "list", "--json"])
    assert [key["state"] for key in json.loads(capsys.readouterr().out)] == ["revoked", "good"]
    acts = house.audit.acts()
    assert [act.what for act in reversed(acts)] == ["key.added", "key.rotated", "key.revoked"]
    assert all(act.who.startswith("cli:") for act in acts)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["add", "--source", "/takeback"], "source of Takeback's own letters"),
        (["add", "--source", ""], "1 to 512 characters"),
        (["add", "--source", "/s", "--name", "x" * 101], "longer than 100 characters"),
        (["revoke", "nothere"], "There is no key nothere."),
        (["rotate", "nothere"], "There is no key nothere."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(arguments: list[str], says: str, capsys: Capture) -> None:
    assert main(["keys", *arguments]) == 2
    assert says in capsys.readouterr().err


def test_an_ended_key_is_not_replaced(capsys: Capture) -> None:
    id_ = made(capsys, "add", "--source", "/shops/oscar").split("_")[1]
    main(["keys", "revoke", id_])
    assert main(["keys", "rotate", id_]) == 2
    assert f"The key {id_} is revoked" in capsys.readouterr().err


def test_a_source_that_no_service_has_is_pointed_out(capsys: Capture) -> None:
    main(["keys", "add", "--source", "/services/other"])
    assert "No service of the settings is /services/other" in capsys.readouterr().out
