"""Is the policy found where RFC 9989 looks for it, and the one that is meant for this domain?"""

import pytest

from takeback.core.authenticity.alignment import aligned
from takeback.core.authenticity.facts import Dmarc, DmarcState, Policy
from takeback.mail.authenticity.dmarc import dmarc, organisational
from takeback.mail.dns.port import UNREACHABLE, Answer
from takeback.mail.dns.zone import ZoneResolver

REJECT, QUARANTINE, NONE = Policy.REJECT, Policy.QUARANTINE, Policy.NONE


def find(domain: str, **records: str | list[str]) -> Dmarc:
    """The policy for `domain` in a zone with these DMARC records, `_` standing for the dot."""
    held = {name.replace("_", "."): text if isinstance(text, list) else [text] for name, text in records.items()}
    return dmarc(domain, ZoneResolver({f"_dmarc.{name} TXT": texts for name, texts in held.items()}))


def test_the_domains_own_record_holds() -> None:
    found = find("shop.example", shop_example="v=DMARC1; p=reject; sp=none; adkim=s")
    assert found == Dmarc(DmarcState.FOUND, "shop.example", REJECT, strict=True)
    assert found.enforced


def test_no_record_anywhere_is_no_policy() -> None:
    assert find("shop.example").state is DmarcState.NONE


@pytest.mark.parametrize("domain", ["", "localhost", "a b.example", "..", "x" * 300])
def test_what_is_no_domain_is_not_checked(domain: str) -> None:
    assert find(domain).state is DmarcState.NOT_CHECKED


def test_a_subdomain_takes_the_policy_for_subdomains_of_the_record_above() -> None:
    zone = ZoneResolver(
        {
            "_dmarc.shop.example TXT": ["v=DMARC1; p=reject; sp=quarantine; np=none"],
            "news.shop.example A": ["192.0.2.1"],
        }
    )
    assert dmarc("news.shop.example", zone).policy is QUARANTINE


def test_a_subdomain_that_does_not_exist_takes_the_policy_for_those() -> None:
    assert find("news.shop.example", shop_example="v=DMARC1; p=none; sp=none; np=reject").policy is REJECT


def test_without_a_policy_for_subdomains_the_domains_own_holds() -> None:
    assert find("news.shop.example", shop_example="v=DMARC1; p=quarantine").policy is QUARANTINE


def test_of_two_records_on_the_way_up_the_highest_is_the_organisations() -> None:
    found = find("a.b.shop.example", b_shop_example="v=DMARC1; p=none", shop_example="v=DMARC1; p=reject")
    assert (found.domain, found.policy) == ("shop.example", REJECT)


def test_a_record_that_says_that_it_is_no_suffix_ends_the_walk() -> None:
    found = find("a.b.shop.example", b_shop_example="v=DMARC1; p=none; psd=n", shop_example="v=DMARC1; p=reject")
    assert (found.domain, found.policy) == ("b.shop.example", NONE)


def test_below_a_public_suffix_the_organisations_own_record_holds() -> None:
    found = find("a.shop.example", shop_example="v=DMARC1; p=quarantine", example="v=DMARC1; p=reject; psd=y")
    assert (found.domain, found.policy) == ("shop.example", QUARANTINE)


def test_a_public_suffix_speaks_for_those_who_say_nothing() -> None:
    found = find("shop.example", example="v=DMARC1; p=none; np=none; sp=reject; psd=y")
    assert found.domain == "example"


def test_a_very_deep_domain_costs_eight_questions() -> None:
    asked: list[str] = []

    class Counting:
        def ask(self, name: str, kind: str) -> Answer:  # noqa: ARG002 - a count is all that is wanted
            asked.append(name)
            return Answer()

    dmarc("a.b.c.d.e.f.g.h.i.j.shop.example", Counting())
    assert len(asked) == 8
    assert asked[:2] == [
        "_dmarc.a.b.c.d.e.f.g.h.i.j.shop.example",
        "_dmarc.g.h.i.j.shop.example".replace("g.h", "f.g.h", 1),
    ]


@pytest.mark.parametrize(
    ("record", "state", "policy"),
    [
        ("v=DMARC1", DmarcState.FOUND, NONE),
        ("v=DMARC1; P=REJECT", DmarcState.FOUND, REJECT),
        ("v = DMARC1 ; p = reject ; unknown=1; nonsense", DmarcState.FOUND, REJECT),
        ("v=DMARC1; p=maybe", DmarcState.MALFORMED, NONE),
        ("v=DMARC1; p=reject; sp=maybe", DmarcState.MALFORMED, NONE),
        ("v=DMARC1; p=maybe; rua=mailto:d@shop.example", DmarcState.FOUND, NONE),
        ("v=DMARC2; p=reject", DmarcState.NONE, NONE),
        ("p=reject; v=DMARC1", DmarcState.NONE, NONE),
        ("v=DMARC11; p=reject", DmarcState.NONE, NONE),
        ("v=spf1 -all", DmarcState.NONE, NONE),
    ],
)
def test_the_record_is_read_as_its_owner_meant_it(record: str, state: DmarcState, policy: Policy) -> None:
    found = find("shop.example", shop_example=record)
    assert (found.state, found.policy) == (state, policy)


def test_two_records_count_as_none() -> None:
    assert find("shop.example", shop_example=["v=DMARC1; p=reject", "v=DMARC1; p=none"]).state is DmarcState.NONE


def test_other_texts_at_the_same_name_do_no_harm() -> None:
    assert find("shop.example", shop_example=["hello", "v=DMARC1; p=reject"]).policy is REJECT


@pytest.mark.parametrize("tag", ["t=y", "pct=0"])
def test_a_policy_on_trial_is_not_enforced(tag: str) -> None:
    found = find("shop.example", shop_example=f"v=DMARC1; p=reject; {tag}")
    assert (found.policy, found.testing, found.enforced) == (REJECT, True, False)


def test_a_dns_that_does_not_answer_is_told() -> None:
    class Dead:
        def ask(self, name: str, kind: str) -> Answer:  # noqa: ARG002 - it answers nothing
            return UNREACHABLE

    assert dmarc("shop.example", Dead()).state is DmarcState.UNREACHABLE


@pytest.mark.parametrize(
    ("domain", "owner"),
    [
        ("mail.shop.co.jp", "shop.co.jp"),
        ("shop.co.jp", "shop.co.jp"),
        ("co.jp", "co.jp"),
        ("a.b.shop.example", "shop.example"),
        ("one.github.io", "one.github.io"),
        ("", ""),
    ],
)
def test_the_organisation_is_what_its_owner_registered(domain: str, owner: str) -> None:
    assert organisational(domain) == owner


@pytest.mark.parametrize(
    ("signing", "sender", "strict", "expected"),
    [
        ("shop.example", "shop.example", True, True),
        ("mail.shop.example", "shop.example", True, False),
        ("mail.shop.example", "news.shop.example", False, True),
        ("esp.example", "shop.example", False, False),
        ("one.github.io", "two.github.io", False, False),
        ("co.jp", "shop.co.jp", False, False),
        ("", "", False, False),
    ],
)
def test_a_signature_speaks_for_its_own_organisation(signing: str, sender: str, strict: bool, expected: bool) -> None:
    found = aligned(
        signing,
        sender,
        strict=strict,
        signing_organisation=organisational(signing),
        sender_organisation=organisational(sender),
    )
    assert found is expected
