"""Laws that hold for any text whatever."""

from hypothesis import given, settings
from hypothesis import strategies as st

from takeback.core.authenticity.facts import Ours
from takeback.mail.authenticity.likeness import claims, make_shop, whose
from takeback.mail.authenticity.likeness.letters import shape, undigited
from takeback.mail.authenticity.likeness.typing_errors import slips

SHOP = make_shop(["amazon.co.jp", "books.mall.example", "お店.jp"], ["Amazon", "例のお店", "LINE", "Æther & Söhne"])
PIECES = st.sampled_from(
    [
        "amazon",
        "xn--",
        "co.jp",
        ".",
        "-",
        "。",
        "お店",
        "login",
        "\u200b",
        "\ud800",
        "ﷺ",
        "İ",
        "ß",
        "ノ",
        "xn--99zzz9999",
        "1",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=300), st.lists(PIECES, max_size=30).map("".join), st.text(st.characters(), max_size=40)
)
LABEL = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_nothing_is_ever_raised_and_answers_are_consistent(text: str) -> None:
    found = whose(text, SHOP)
    assert (found.ours is Ours.LOOKALIKE) == (found.trick is not None) == bool(found.like)
    assert isinstance(claims(text, SHOP), str)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_only_a_name_under_one_of_the_shops_is_the_shops(text: str) -> None:
    found = whose(text, SHOP)
    if found.ours is Ours.SHOP:
        assert any(f".{found.domain}".endswith(f".{domain}") for domain in SHOP.domains)


@given(LABEL)
@settings(deadline=None)
def test_whatever_stands_below_the_shops_domain_is_the_shops(label: str) -> None:
    assert whose(f"{label}.amazon.co.jp", SHOP).ours is Ours.SHOP
    assert whose(f"{label}amazon.co.jp", SHOP).ours is not Ours.SHOP
    assert whose(f"amazon.co.jp.{label}.top", SHOP).ours is Ours.LOOKALIKE


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_what_has_been_folded_is_not_folded_further(text: str) -> None:
    once = shape(text)
    assert shape(once) == once
    assert len(undigited(once)) == len(once)


@given(LABEL, LABEL)
def test_a_name_is_no_slip_from_itself_and_never_fewer_than_none(one: str, other: str) -> None:
    assert slips(one, one, 2) == 0
    found = slips(one, other, 4)
    assert found is None or 0 <= found <= 4
