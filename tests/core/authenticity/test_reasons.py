"""Is what a stranger wrote shown so that it can do no harm, and does every reason have a side and words?"""

import pytest

from takeback.core.authenticity.reasons import LONGEST_SHOWN, SIDES, Ground, Side, domain_shown, reason, shown


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("shop.example", "shop.example"),
        ("a\x1b[31mred\x07", "a[31mred"),
        ("exe.\u202efdp", "exe.fdp"),
        ("Exam\u200bple\u2060 Shop", "Example Shop"),
        ("two\r\nlines\tand\u2028more", "two lines and more"),
        ("例のお店", "例のお店"),
        ("\ud800", ""),
    ],
)
def test_what_a_terminal_would_obey_or_nobody_sees_is_taken_out(written: str, seen: str) -> None:
    assert shown(written) == seen


def test_a_long_value_is_cut() -> None:
    assert len(shown("x" * 10_000)) == LONGEST_SHOWN
    assert len(shown("\u200b" * 10_000 + "x")) <= LONGEST_SHOWN


def test_a_domain_is_told_as_it_is_and_as_it_is_seen() -> None:
    assert domain_shown("shop.example") == "shop.example"
    assert domain_shown("xn--mazon-3ve.com") == "xn--mazon-3ve.com (аmazon.com)"
    assert domain_shown("xn--mazon-3ve.com", "аmazon.com") == "xn--mazon-3ve.com (аmazon.com)"


@pytest.mark.parametrize("domain", ["xn--", "xn--99999999999", "xn--\u3042.com", "xn--a" * 500])
def test_a_domain_that_is_none_is_shown_as_it_stands(domain: str) -> None:
    assert domain_shown(domain).startswith(domain[:20])


def test_values_are_made_safe_where_the_reason_is_made() -> None:
    assert reason(Ground.SIGNED_BY_OTHER, domain="evil\x1b.top").values == {"domain": "evil.top"}


def test_every_reason_speaks_one_way() -> None:
    assert set(SIDES) == set(Ground)
    assert set(SIDES.values()) == set(Side)
    assert reason(Ground.SIGNED_BY_SHOP, domain="a").side is Side.FOR
