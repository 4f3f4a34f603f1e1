"""Is every permutation that dnstwist makes of a shop's domain called a lookalike?

dnstwist takes over a second to load and enumerates thousands of names, so it measures here and is not used at run time.
"""

from collections import Counter

import pytest

from takeback.core.authenticity.facts import Ours
from takeback.mail.authenticity.likeness import make_shop, whose

dnstwist = pytest.importorskip("dnstwist")

WORDS = ["login", "secure", "support", "account", "verify", "jp"]
SUFFIXES = ["top", "net", "shop", "co.jp", "xyz"]


def permutations(domain: str) -> list[tuple[str, str]]:
    """(class, domain) for each permutation, the domain itself left out."""
    fuzzer = dnstwist.Fuzzer(domain, dictionary=WORDS, tld_dictionary=SUFFIXES)
    fuzzer.generate()
    return [(each["fuzzer"], each["domain"]) for each in fuzzer.domains if each["domain"] != domain]


@pytest.mark.parametrize(
    "domain",
    ["amazon.co.jp", "rakuten.co.jp", "yodobashi.com", "mercari.com", "kinokuniya.co.jp", "apple.com", "zozotown.shop"],
)
def test_every_permutation_of_a_name_of_five_letters_and_more_is_a_lookalike(domain: str) -> None:
    shop = make_shop([domain])
    missed = [(kind, name) for kind, name in permutations(domain) if whose(name, shop).ours is not Ours.LOOKALIKE]
    assert missed == []


def test_of_a_hyphenated_name_only_half_of_it_beside_a_word_is_let_go() -> None:
    shop = make_shop(["yodobashi-camera.jp"])
    missed = {name for _, name in permutations("yodobashi-camera.jp") if whose(name, shop).ours is not Ours.LOOKALIKE}
    assert missed == {f"{word}-camera.jp" for word in WORDS}


def test_of_a_short_name_only_what_looks_the_same_or_adds_a_pressing_word_counts() -> None:
    shop = make_shop(["line.me"])
    called = Counter(kind for kind, name in permutations("line.me") if whose(name, shop).ours is Ours.LOOKALIKE)
    assert called["homoglyph"] > 500
    assert called["dictionary"] == len(WORDS) * 4
    assert called["tld-swap"] == len(SUFFIXES)
    assert called["replacement"] == 1, "lin3"
    assert not called["omission"] + called["vowel-swap"] + called["transposition"] + called["insertion"]
