"""Which new passwords are taken? The core's rules, without anybody who knows leaked ones."""

import pytest

from takeback.core.handback import LONGEST, password_refusals, shortest

PERSONAL = ["42", "hanako@example.jp", "佐藤花子", "hanako.sato@mail.example"]


@pytest.mark.parametrize(
    "password", ["a completely new sentence", "雨の日は図書館で本を読んで眠る", "sentence with hanako inside it"]
)
def test_a_sentence_is_taken(password: str) -> None:
    assert password_refusals(password, PERSONAL) == ()


@pytest.mark.parametrize(("length", "second", "why"), [
    (14, False, ("password.too_short",)),
    (15, False, ()),
    (7, True, ("password.too_short_with_second",)),
    (8, True, ()),
])  # fmt: skip
def test_fifteen_characters_are_enough_and_eight_beside_a_second_factor(
    length: int, second: bool, why: tuple[str, ...]
) -> None:
    assert password_refusals("qmzkvwtxbnrplsd"[:length], [], second_factor=second) == why
    assert shortest(second_factor=second) == (8 if second else 15)


def test_length_is_counted_in_plain_characters() -> None:
    assert password_refusals("㍿" * 4 + "qmzkvwtx", []) == ()  # one character that is four


def test_one_that_is_longer_than_anybody_types_is_refused() -> None:
    assert "password.too_long" in password_refusals("qmzkv" * LONGEST, [])


@pytest.mark.parametrize(
    "password",
    ["hanako hanako hanako", "HANAKO@EXAMPLE.JP", "佐藤花子佐藤花子佐藤花子佐藤花子", "ｈａｎａｋｏ．ｓａｔｏ２０２４"],
)
def test_one_made_of_her_name_or_her_addresses_is_refused(password: str) -> None:
    assert "password.personal" in password_refusals(password, PERSONAL)


def test_a_leaked_one_is_refused() -> None:
    assert password_refusals("a completely new sentence", [], leaked=True) == ("password.leaked",)
