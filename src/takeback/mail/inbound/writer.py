"""Is the one who forwards a mail who she says? Else the answer would go to somebody who never asked.

Proof is her own provider's signature, or her provider's machine handing the mail in itself, or the word of a configured
receiver in front of us. Each must be of the domain of her address; a signature must cover what makes the mail hers and
meant for us, or one that she once wrote to somebody else could be sent here in her name.
"""

from collections.abc import Iterable
from enum import StrEnum

from takeback.core.authenticity.facts import Claim, Signature, SignatureState, Spf, SpfState
from takeback.mail.authenticity.likeness.suffixes import registrable

MUST_COVER = frozenset({"from", "to"})
_PASS = "pass"  # noqa: S105 - the name of a result


class Proof(StrEnum):
    """What shows that a mail is of the address in its From."""

    PROVEN = "proven"
    MISSING = "missing"
    UNREACHABLE = "unreachable"  # the DNS gave no answer in time: it may do so later


def proof_of(writer: str, signatures: Iterable[Signature], claims: Iterable[Claim], spf: Spf) -> Proof:
    """Do these show that a mail is of the address `writer`?"""
    domain = writer.rpartition("@")[2]
    own = [one for one in signatures if is_of(one.domain, domain)]
    claimed = any(
        claim.result == _PASS and claim.method in ("dkim", "dmarc", "spf") and is_of(claim.domain, domain)
        for claim in claims
    )
    if claimed or any(covers(one) for one in own) or (spf.state is SpfState.PASS and is_of(spf.domain, domain)):
        return Proof.PROVEN
    silent = any(one.state is SignatureState.UNREACHABLE for one in own)
    return Proof.UNREACHABLE if silent else Proof.MISSING


def covers(signature: Signature) -> bool:
    """Is it in order, and could nobody have changed whose mail it is, to whom, or what it says?"""
    return (
        signature.state is SignatureState.VALID
        and signature.body_uncovered == 0
        and signature.signed >= MUST_COVER
        and not MUST_COVER.intersection(signature.uncovered)
    )


def is_of(proven: str, domain: str) -> bool:
    """Do both belong to the same organisation (RFC 9989, relaxed alignment)? A public suffix is nobody's."""
    if not proven or not domain:
        return False
    return (mine := registrable(domain)) != "" and mine == registrable(proven)
