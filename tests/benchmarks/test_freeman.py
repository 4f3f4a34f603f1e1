"""The baseline against figures worked out by hand from the papers' formula, and against what it must order how."""

from math import exp, isclose, log

import pytest

from benchmarks.freeman import Freeman, SignIn, agent, sign_in

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{} Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)


def at(address: str | None, account: str = "hanako", asn: int = 1, country: str = "JP", text: str = "") -> SignIn:
    return sign_in(account, address, asn, country, text or CHROME.format("130.0.0.0"))


@pytest.fixture
def town() -> Freeman:
    """Hanako ten times at home; fifty neighbours in her network, fifty in another, fifty abroad."""
    model = Freeman()
    for number in range(50):
        model.learn(at(f"192.0.2.{number}", f"n{number}"))
        model.learn(at(f"198.51.100.{number}", f"m{number}", asn=2, text=FIREFOX))
        model.learn(at(f"203.0.113.{number}", f"f{number}", asn=3, country="NL", text=IPHONE))
    for _ in range(10):
        model.learn(at("192.0.2.200"))
    return model


def test_the_score_is_the_product_of_the_papers_written_out_by_hand() -> None:
    model = Freeman()
    only_address = [
        SignIn("u", (("a", None, None), (None,) * 4)),
        SignIn("u", (("a", None, None), (None,) * 4)),
        SignIn("v", (("b", None, None), (None,) * 4)),
    ]
    for one in only_address:
        model.learn(one)
    # p(a) = (2+1)/(3+1·(2+1)), p(a|u,L) = (1-m)·2/2 + m·p(a) with m = 1/(2+1); p(u|A) = 1/2, p(u|L) = (2+1)/(3+2)
    p, m = 3 / 6, 1 / 3
    expected = p / ((1 - m) * 1 + m * p) * (1 / 2) / (3 / 5)
    assert isclose(exp(model.score(only_address[0])), expected)


def test_an_unseen_address_of_an_account_leaves_only_the_mass_kept_for_unseen_values() -> None:
    model = Freeman()
    for _ in range(9):
        model.learn(SignIn("u", (("a", None, None), (None,) * 4)))
    ratio = exp(model.score(SignIn("u", (("b", None, None), (None,) * 4)))) / model.user_term("u")
    assert isclose(ratio, 1 / (1 / (9 + 1)))


def test_without_the_term_of_the_account_the_likelihood_ratio_is_left(town: Freeman) -> None:
    abroad = at("203.0.113.200", asn=3, country="NL")
    assert isclose(town.score(abroad), town.likelihood(abroad) + log(town.user_term("hanako")))
    assert town.likelihood(at("203.0.113.200", "nobody")) == 0


def test_an_account_without_a_history_is_judged_by_its_being_new_alone(town: Freeman) -> None:
    assert town.score(at("192.0.2.1", "nobody")) == town.score(at("203.0.113.1", "nobody", 3, "NL", IPHONE))
    assert isclose(town.score(at("192.0.2.1", "nobody")), log(town.user_term("nobody")))


def test_the_further_from_home_the_higher_the_score(town: Freeman) -> None:
    nearer = [
        at("192.0.2.200"),
        at("192.0.2.201"),
        at("198.51.100.200", asn=2),
        at("203.0.113.200", asn=3, country="NL"),
    ]
    scores = [town.score(one) for one in nearer]
    assert scores == sorted(set(scores))


def test_a_browser_backs_off_from_string_to_version_to_family_to_system(town: Freeman) -> None:
    texts = [CHROME.format("130.0.0.0"), CHROME.format("130.0.7.7"), CHROME.format("131.0.0.0"), IPHONE]
    scores = [town.score(at("192.0.2.200", text=text)) for text in texts]
    assert scores == sorted(set(scores))


def test_a_rare_value_that_the_account_has_shown_speaks_louder_for_it_than_a_common_one(town: Freeman) -> None:
    for _ in range(10):
        town.learn(at("192.0.2.250", "rare", 9, "IS"))
        town.learn(at("192.0.2.1", "common"))
    assert town.score(at("192.0.2.250", "rare", 9, "IS")) < town.score(at("192.0.2.1", "common"))


def test_an_account_that_signs_in_often_is_less_suspect_by_itself(town: Freeman) -> None:
    assert town.user_term("hanako") < town.user_term("n1") < town.user_term("nobody")


def test_what_a_shop_does_not_know_takes_no_part() -> None:
    model = Freeman()
    blind = sign_in("u", None, None, None, None)
    model.learn(blind)
    assert isclose(model.score(blind), log(model.user_term("u")))


def test_forgetting_accounts_keeps_the_population_and_how_many_accounts_there_were(town: Freeman) -> None:
    stranger = town.user_term("nobody")
    probability = town.global_probability(0, 2, "JP")
    town.forget_accounts()
    assert town.global_probability(0, 2, "JP") == probability
    assert isclose(town.user_term("nobody"), stranger)
    assert isclose(town.score(at("203.0.113.1", "hanako", 3, "NL")), log(town.user_term("hanako")))


@pytest.mark.parametrize(
    ("text", "version", "system"),
    [
        (CHROME.format("130.0.1.2"), "Chrome 130", "Windows desktop"),
        (CHROME.format("130.0.0.0") + " Edg/130.0.5.5", "Edge 130", "Windows desktop"),
        (FIREFOX, "Firefox 128", "Linux desktop"),
        (IPHONE, "Safari 18", "iPhone mobile"),
        (IPHONE.replace("Version/18.1", "CriOS/131.0.1"), "Chrome 131", "iPhone mobile"),
        ("curl/8.1.2", "curl 8", "other desktop"),
        ("Safari iPhone", "Safari ", "iPhone mobile"),
        ("…", "… ", "other desktop"),
    ],
)
def test_a_user_agent_is_read_into_its_levels(text: str, version: str, system: str) -> None:
    assert agent(text)[1] == version
    assert agent(text)[3] == system


def test_a_network_is_the_same_with_and_without_its_letters() -> None:
    assert sign_in("u", "a", "AS2527", "JP", None) == sign_in("u", "a", 2527, "JP", None)
