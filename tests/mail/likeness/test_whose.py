"""Whose is a domain? Every trick of the list, in the form in which a person would meet it."""

import pytest

from takeback.core.authenticity.facts import Ours, Trick
from takeback.core.authenticity.shop import Shop
from takeback.core.errors import InputError
from takeback.mail.authenticity.likeness import make_shop, whose

AMAZON = make_shop(["amazon.co.jp"], ["Amazon", "アマゾン"])
SHOP = make_shop(["shop.example"], ["Example Shop", "例のお店"])
LINE = make_shop(["line.me"], ["LINE"])
GAP = make_shop(["gap.co.jp"])
TENANT = make_shop(["alice.github.io"])
PART = make_shop(["books.mall.example"])
IDN = make_shop(["お店.jp"])


@pytest.mark.parametrize(
    ("domain", "shop"),
    [
        ("amazon.co.jp", AMAZON),
        ("WWW.Amazon.CO.JP.", AMAZON),
        ("bounces.mail.amazon.co.jp", AMAZON),
        ("alice.github.io", TENANT),
        ("お店.jp", IDN),
        ("mail.xn--t8jz70l.jp", IDN),
    ],
)
def test_the_shops_own_domains_are_the_shops_in_every_spelling(domain: str, shop: Shop) -> None:
    assert whose(domain, shop).ours is Ours.SHOP


@pytest.mark.parametrize(
    ("domain", "shop", "trick"),
    [
        ("\u0430mazon.co.jp", AMAZON, Trick.SAME_LOOK),
        ("xn--mazon-3ve.co.jp", AMAZON, Trick.SAME_LOOK),
        ("ａmazon.co.jp", AMAZON, Trick.SAME_LOOK),
        ("ɑmazon.co.jp", AMAZON, Trick.SAME_LOOK),
        ("àmazon.com", AMAZON, Trick.SAME_LOOK),
        ("ama\u200bzon.co.jp", AMAZON, Trick.SAME_LOOK),
        ("amazon｡co｡jp", AMAZON, Trick.SAME_LOOK),
        ("amazon.\u0441o.jp", AMAZON, Trick.SAME_LOOK),
        ("xn--amazon-.co.jp", AMAZON, Trick.SAME_LOOK),
        ("l\u0131ne.me", LINE, Trick.SAME_LOOK),
        ("アマゾン.jp", AMAZON, Trick.SAME_LOOK),
        ("amaz0n.co.jp", AMAZON, Trick.DIGIT),
        ("l1ne.me", LINE, Trick.DIGIT),
        ("arnazon.co.jp", AMAZON, Trick.LETTER_PAIR),
        ("annazon.co.jp", AMAZON, Trick.LETTER_PAIR),
        ("twitter.com", make_shop(["tvvitter.example"]), Trick.LETTER_PAIR),
        ("clocomo.ne.jp", make_shop(["docomo.ne.jp"]), Trick.LETTER_PAIR),
        ("paypai.com", make_shop(["paypal.com"]), Trick.SAME_LOOK),
        ("amazn.co.jp", AMAZON, Trick.TYPO),
        ("amaozn.co.jp", AMAZON, Trick.TYPO),
        ("amazzon.co.jp", AMAZON, Trick.TYPO),
        ("smazon.co.jp", AMAZON, Trick.TYPO),
        ("amazom-security.jp", AMAZON, Trick.TYPO),
        ("amazon-security.jp", AMAZON, Trick.ADDED_WORD),
        ("amazon-river.org", AMAZON, Trick.ADDED_WORD),
        ("amazonlogin365.com", AMAZON, Trick.ADDED_WORD),
        ("wwwamazon.com", AMAZON, Trick.ADDED_WORD),
        ("arnazon-login.com", AMAZON, Trick.ADDED_WORD),
        ("amazon-2024.com", AMAZON, Trick.ADDED_WORD),
        ("yodobashi-login.jp", make_shop(["yodobashi-camera.jp"]), Trick.ADDED_WORD),
        ("shop-security.example", SHOP, Trick.ADDED_WORD),
        ("login-shop.top", SHOP, Trick.ADDED_WORD),
        ("shop-support-jp.com", SHOP, Trick.ADDED_WORD),
        ("line-account-center.com", LINE, Trick.ADDED_WORD),
        ("gapsupport.com", GAP, Trick.ADDED_WORD),
        ("amazon-login.evil.top", AMAZON, Trick.ADDED_WORD),
        ("amazon-login.s3.amazonaws.com", AMAZON, Trick.ADDED_WORD),
        ("アマゾン公式.jp", AMAZON, Trick.ADDED_WORD),
        ("shop.example.evil.top", SHOP, Trick.SUBDOMAIN),
        ("shop-example.evil.top", SHOP, Trick.SUBDOMAIN),
        ("www.amazon.co.jp.evil.top", AMAZON, Trick.SUBDOMAIN),
        ("amazon.co.jp-login.top", AMAZON, Trick.SUBDOMAIN),
        ("amazon.co.jpノlogin.evil.top", AMAZON, Trick.SUBDOMAIN),
        ("ama.zon.co.jp", AMAZON, Trick.SUBDOMAIN),
        ("amazonco.jp", AMAZON, Trick.SUBDOMAIN),
        ("shop.top", SHOP, Trick.OTHER_SUFFIX),
        ("amazon.com", AMAZON, Trick.OTHER_SUFFIX),
        ("bob.alice.com", TENANT, Trick.OTHER_SUFFIX),
        ("sh-op.example", SHOP, Trick.HYPHEN),
        ("shop-example.com", SHOP, Trick.HYPHEN),
        ("shopexample.com", SHOP, Trick.HYPHEN),
        ("shop.evil.top", SHOP, Trick.NAME_INSIDE),
        ("amazon.mail.evil.top", AMAZON, Trick.NAME_INSIDE),
        ("books-login.mall.example", PART, Trick.ADDED_WORD),
        ("b00ks.mall.example", PART, Trick.DIGIT),
    ],
)
def test_a_domain_made_to_be_taken_for_the_shops_is_called_by_its_trick(domain: str, shop: Shop, trick: Trick) -> None:
    found = whose(domain, shop)
    assert (found.ours, found.trick) == (Ours.LOOKALIKE, trick)
    assert found.like in shop.domains + shop.names


@pytest.mark.parametrize(
    ("domain", "shop"),
    [
        ("evil.top", AMAZON),
        ("amazonriver.org", AMAZON),
        ("amazonses.com", AMAZON),
        ("a8-51.smtp-out.eu-west-1.amazonses.com", AMAZON),
        ("d1234.cloudfront.net", AMAZON),
        ("amazon.list-manage.com", AMAZON),
        ("bob.github.io", TENANT),
        ("github.io", TENANT),
        ("mall.example", PART),
        ("music.mall.example", PART),
        ("workshop.com", SHOP),
        ("shopify.com", SHOP),
        ("lone.me", LINE),
        ("airline.com", LINE),
        ("online-shop.com", LINE),
        ("line-drive.com", LINE),
        ("gap-year.com", GAP),
        ("mall.jp", make_shop(["mail.jp"])),
        ("192.168.0.1", make_shop(["192.example"])),
        ("[2001:db8::1]", AMAZON),
        ("localhost", AMAZON),
        ("", AMAZON),
        (".", AMAZON),
        ("amazon", AMAZON),
    ],
)
def test_a_domain_that_only_shares_letters_with_the_shops_is_somebody_elses(domain: str, shop: Shop) -> None:
    assert whose(domain, shop).ours is Ours.OTHER


def test_an_empty_label_is_never_the_shops() -> None:
    assert {whose(domain, AMAZON).ours for domain in (".amazon.co.jp", "x..amazon.co.jp")} == {Ours.LOOKALIKE}


def test_a_person_is_shown_the_letters_and_a_machine_the_a_label() -> None:
    found = whose("xn--mazon-3ve.co.jp", AMAZON)
    assert (found.domain, found.shown) == ("xn--mazon-3ve.co.jp", "\u0430mazon.co.jp")
    assert whose("\u0430mazon.co.jp", AMAZON).domain == "xn--mazon-3ve.co.jp"
    assert whose("amazon.co.jp", AMAZON).shown == ""


def test_what_is_shown_has_no_marks_that_turn_the_reading_direction() -> None:
    assert whose("\u202emoc.nozama\u202c.top", AMAZON).shown == "moc.nozama.top"


def test_a_name_longer_than_a_domain_can_be_is_cut_and_nobodys() -> None:
    found = whose("amazon." + "a" * 400, AMAZON)
    assert (found.ours, len(found.domain), found.shown[-1]) == (Ours.OTHER, 255, "…")


@pytest.mark.parametrize("domain", ["co.jp", "github.io", "jp", "", "a..b", "x" * 300, "1.2.3.4", "a b.example", "-/-"])
def test_a_shop_cannot_own_what_is_a_public_suffix_or_no_domain(domain: str) -> None:
    with pytest.raises(InputError, match=r"^shop domains: .{10,200}$"):
        make_shop([domain])


def test_a_shop_made_by_hand_with_a_public_suffix_owns_nothing_by_it() -> None:
    assert whose("alice.github.io", Shop(domains=("github.io",))).ours is Ours.OTHER


def test_a_shop_is_made_of_what_a_person_types() -> None:
    made = make_shop(["Shop.Example.", "shop.example", "お店.jp"], [" Example Shop ", ""], ["MX.Shop.Example"])
    assert made == Shop(("shop.example", "xn--t8jz70l.jp"), ("Example Shop",), ("mx.shop.example",))
