"""Does a written-down zone answer as the DNS would, and is a bad one told in one sentence?"""

import json
from pathlib import Path

import pytest

from takeback.core.errors import InputError
from takeback.mail.dns.port import AnswerState
from takeback.mail.dns.zone import ZoneResolver, read_zone

ZONE = ZoneResolver(
    {
        "s1._domainkey.Shop.Example. TXT": ["v=DKIM1; p=abc"],
        "shop.example MX": ["10 mx.shop.example."],
        "alias.shop.example CNAME": ["s1._domainkey.shop.example"],
        "loop.shop.example CNAME": ["loop.shop.example"],
        "quoted.shop.example txt": ['"v=DKIM1; " "p=a\\"b"'],
    }
)


def test_a_record_is_found_whatever_the_case_and_the_final_dot() -> None:
    assert ZONE.ask("S1._DomainKey.shop.example.", "txt").records == ("v=DKIM1; p=abc",)


def test_what_is_not_in_it_does_not_exist() -> None:
    assert ZONE.ask("other.example", "TXT").state is AnswerState.NO_NAME


def test_a_name_above_another_exists() -> None:
    assert ZONE.ask("_domainkey.shop.example", "TXT").state is AnswerState.EMPTY


def test_an_alias_is_followed() -> None:
    assert ZONE.ask("alias.shop.example", "TXT").records == ("v=DKIM1; p=abc",)


def test_an_alias_of_itself_ends() -> None:
    assert ZONE.ask("loop.shop.example", "TXT").state is AnswerState.EMPTY


def test_the_pieces_of_a_quoted_text_are_joined() -> None:
    assert ZONE.ask("quoted.shop.example", "TXT").records == ('v=DKIM1; p=a"b',)


def test_a_host_is_told_without_its_final_dot() -> None:
    assert ZONE.ask("shop.example", "MX").records == ("10 mx.shop.example",)


def test_nobody_signed_it() -> None:
    assert ZONE.ask("shop.example", "MX").secure is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is not JSON"),
        ("[]", "must be one object"),
        ("[" * 100_000, "is not JSON"),
        (json.dumps({"shop.example TXT": "v=spf1"}), "shop.example TXT: must be a list of texts"),
        (json.dumps({"shop.example TXT": [1]}), "shop.example TXT: must be a list of texts"),
        (json.dumps({"shop.example": ["x"]}), "shop.example: must be a name and a type"),
        (json.dumps({"shop.example WHAT": ["x"]}), "shop.example WHAT: must be a name and a type"),
        (json.dumps({"a..b TXT": ["x"]}), "a..b TXT: is not a name that the DNS can hold"),
    ],
)
def test_a_bad_file_is_told_in_one_sentence_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "ZONE.json"
    path.write_text(text)
    with pytest.raises(InputError) as told:
        read_zone(path)
    assert says in str(told.value)
    assert str(told.value).startswith(str(path))
    assert "\n" not in str(told.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_zone(tmp_path / "none.json")
