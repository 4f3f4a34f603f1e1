"""What staff may read of a value: bounded, in one line, masked, of cards the last four alone."""

import pytest

from takeback.web.desk.case.hidden import LONGEST, free, plain, value_of

PAIRS = [
    ("email", "hanako@example.jp", "h***@example.jp"),
    ("phone", "+819012345678", "***5678"),
    ("recovery_email", "a@b.example", "a***@b.example"),
    ("name", "佐藤花子", "佐藤花子"),
    ("name", "write to hanako@example.jp", "write to h***@example.jp"),
    ("contacts", {"kind": "email", "value": "hanako@example.jp"}, "kind: email, value: h***@example.jp"),
    ("webhooks", {"target": "https://evil.example/hook"}, "target: ***hook"),
    ("addresses", {"line1": "銀座1-1", "phone": "0312345678"}, "line1: 銀座1-1, phone: ***5678"),
    ("cards", {"brand": "Visa", "last4": "4242"}, "brand: Visa, last4: 4242"),
    ("profile", {"note": "4111 1111 1111 1111"}, "note: …1111"),
    ("one_click", True, "✓"),
    ("one_click", False, "✗"),
    ("name", None, ""),
    ("x", {"a": {"b": {"c": 1}}}, "a: b: {…}"),
]


@pytest.mark.parametrize(("kind", "value", "told"), PAIRS)
def test_a_value_is_told_in_a_line(kind: str, value: object, told: str) -> None:
    assert value_of(kind, value) == told


@pytest.mark.parametrize("value", ["x" * 10_000, {"k" * 900: "v" * 900}, ["n"] * 5000, {str(n): n for n in range(900)}])
def test_no_value_is_longer_than_a_line(value: object) -> None:
    assert len(value_of("name", value)) <= LONGEST


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\u200f", "\x00", "\x1b", "\ufeff", "\ud800", "\U000e0041"])
def test_what_would_hide_is_shown_as_its_code_point(hidden: str) -> None:
    assert plain(f"a{hidden}b") == f"a⟨{ord(hidden):04X}⟩b"


def test_a_joiner_stays_since_emoji_are_made_with_it() -> None:
    assert plain("👩\u200d💻") == "👩\u200d💻"


def test_a_line_break_is_a_space_in_a_line_and_stays_in_what_somebody_wrote() -> None:
    assert plain("a\nb\u2028c") == "a b c"
    assert free("a\nb", 100) == "a\nb"


@pytest.mark.parametrize(
    "number", ["090-1234-5678", "+81 90 1234 5678", "(03) 1234-5678 9", "０９０１２３４５６７８", "08012345678"]
)
def test_a_telephone_number_in_a_sentence_is_masked(number: str) -> None:
    told = free(f"call {number}, please", 100)
    assert "1234" not in told.replace("***", "")
    assert "１２３４" not in told


@pytest.mark.parametrize("text", ["order 42-901", "on 2026-11-01 10:00", "from 198.51.100.7", "5,980 JPY at 02:00"])
def test_what_is_no_telephone_number_stays(text: str) -> None:
    assert free(text, 100) == text
