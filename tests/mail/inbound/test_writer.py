"""What proves who forwarded a mail, and what does not?"""

from dataclasses import replace

import pytest

from takeback.core.authenticity.facts import Claim, Signature, SignatureState, Spf, SpfState
from takeback.mail.inbound.writer import Proof, is_of, proof_of

HERS = "hanako@customer.co.jp"
GOOD = Signature("customer.co.jp", "s1", SignatureState.VALID, signed=frozenset({"from", "to", "subject"}))


def test_her_providers_signature_proves_her() -> None:
    assert proof_of(HERS, [GOOD], (), Spf()) is Proof.PROVEN
    assert proof_of(HERS, [replace(GOOD, domain="mail.customer.co.jp")], (), Spf()) is Proof.PROVEN


@pytest.mark.parametrize(
    "changes",
    [
        {"domain": "evil.co.jp"},
        {"domain": "co.jp"},
        {"domain": ""},
        {"state": SignatureState.BROKEN},
        {"state": SignatureState.TESTING},
        {"state": SignatureState.EXPIRED},
        {"body_uncovered": 1},
        {"signed": frozenset({"from", "subject"})},  # written to somebody else, and sent here in her name
        {"uncovered": ("from",)},
        {"uncovered": ("to",)},
    ],
    ids=lambda changes: " ".join(changes),
)
def test_a_signature_that_does_not_cover_it_all_proves_nothing(changes: dict[str, object]) -> None:
    assert proof_of(HERS, [replace(GOOD, **changes)], (), Spf()) is Proof.MISSING  # type: ignore[arg-type]


def test_a_dns_that_is_silent_about_her_own_signature_is_asked_again_later() -> None:
    silent = replace(GOOD, state=SignatureState.UNREACHABLE)
    assert proof_of(HERS, [silent], (), Spf()) is Proof.UNREACHABLE
    assert proof_of(HERS, [replace(silent, domain="evil.example")], (), Spf()) is Proof.MISSING


def test_the_machine_that_handed_it_in_proves_her_domain_and_no_other() -> None:
    assert proof_of(HERS, (), (), Spf(SpfState.PASS, "customer.co.jp", "192.0.2.1")) is Proof.PROVEN
    assert proof_of(HERS, (), (), Spf(SpfState.PASS, "evil.co.jp", "192.0.2.1")) is Proof.MISSING
    assert proof_of(HERS, (), (), Spf(SpfState.SOFTFAIL, "customer.co.jp", "192.0.2.1")) is Proof.MISSING


def test_a_receivers_word_proves_her_where_it_speaks_of_her_domain() -> None:
    assert proof_of(HERS, (), [Claim("dkim", "pass", "customer.co.jp")], Spf()) is Proof.PROVEN
    assert proof_of(HERS, (), [Claim("dkim", "fail", "customer.co.jp")], Spf()) is Proof.MISSING
    assert proof_of(HERS, (), [Claim("dkim", "pass", "evil.example")], Spf()) is Proof.MISSING
    assert proof_of(HERS, (), [Claim("arc", "pass", "customer.co.jp")], Spf()) is Proof.MISSING


def test_a_public_suffix_is_nobodys() -> None:
    assert not is_of("co.jp", "co.jp")
    assert not is_of("a.co.jp", "b.co.jp")
    assert is_of("a.example.co.jp", "example.co.jp")
