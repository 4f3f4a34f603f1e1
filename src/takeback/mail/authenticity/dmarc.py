"""What does the owner of the From domain ask for mail that is not proved to be theirs? (DMARC: RFC 9989.)

The record is found by the walk up the tree of section 4.10. checkdmarc walks the same way, but takes more than a
second to import (with requests, httpx, cryptography and a grammar) and asks more questions than a verdict has time for.
"""

import re

from takeback.core.authenticity.facts import Dmarc, DmarcState, Policy
from takeback.mail.authenticity import tags
from takeback.mail.authenticity.likeness.suffixes import registrable
from takeback.mail.authenticity.tags import Tags
from takeback.mail.dns.port import AnswerState, Resolver

MOST_QUESTIONS = 8  # RFC 9989, section 4.10: the domain itself, then from seven labels down to one

_VERSION = re.compile(r"\s*v\s*=\s*DMARC1\s*(?:;|\Z)")
_REPORT = re.compile(rb"\s*(?:mailto|https):[^\s,]+", re.IGNORECASE)
_POLICIES = {policy.value.encode(): policy for policy in Policy}


class Unreachable(Exception):
    """The DNS does not answer, so nothing can be said of any policy."""


def dmarc(from_domain: str, resolver: Resolver) -> Dmarc:
    """The policy that holds for this domain (A-labels, "" if there is no one From). Never raises."""
    domain = tags.domain(from_domain.encode("utf-8", "replace").rstrip(b"."))
    if "." not in domain:
        return Dmarc()
    try:
        found = _discover(domain, resolver)
        return _policy(domain, *found, resolver) if found else Dmarc(DmarcState.NONE)
    except Unreachable:
        return Dmarc(DmarcState.UNREACHABLE)


def _discover(domain: str, resolver: Resolver) -> tuple[str, Tags] | None:
    """Where the record stands that holds for `domain`, and what it says."""
    own = _record(domain, resolver)
    if own is not None:
        return domain, own
    labels = domain.split(".")
    start = 1 if len(labels) <= MOST_QUESTIONS else len(labels) - (MOST_QUESTIONS - 1)
    found: list[tuple[str, Tags]] = []
    for place in range(start, len(labels)):
        above = ".".join(labels[place:])
        record = _record(above, resolver)
        if record is not None:
            found.append((above, record))
            if record.get("psd", b"").lower() in (b"y", b"n"):
                break
    return _chosen(labels, found)


def _chosen(labels: list[str], found: list[tuple[str, Tags]]) -> tuple[str, Tags] | None:
    """The record of the organisational domain (section 4.10.2), else that of the public suffix above it."""
    if not found:
        return None
    last, record = found[-1]
    if record.get("psd", b"").lower() == b"y":
        organisation = ".".join(labels[len(labels) - len(last.split(".")) - 1 :])
        return next(((name, tags) for name, tags in found if name == organisation), found[-1])
    return last, record


def _record(domain: str, resolver: Resolver) -> Tags | None:
    """The one DMARC record at `domain`; two count as none (section 4.10)."""
    answer = resolver.ask(f"_dmarc.{domain}", "TXT")
    if answer.state is AnswerState.UNREACHABLE:
        raise Unreachable
    records = [record for record in answer.records if _VERSION.match(record)]
    return _read(records[0]) if len(records) == 1 else None


def _read(record: str) -> Tags:
    """The record's tags. What is no tag is passed over, and of two the first counts: owners make mistakes."""
    found: Tags = {}
    for spec in record.encode("utf-8", "replace").split(b";"):
        name, equals, value = spec.partition(b"=")
        if equals:
            found.setdefault(name.strip().decode("ascii", "replace").lower(), value.strip())
    return found


def _policy(domain: str, place: str, record: Tags, resolver: Resolver) -> Dmarc:
    stated = [record[tag].lower() for tag in ("p", "sp", "np") if tag in record]
    testing = record.get("t", b"").lower() == b"y" or ("t" not in record and record.get("pct") == b"0")
    strict = record.get("adkim", b"r").lower() == b"s"
    if any(value not in _POLICIES for value in stated):  # section 4.7: then the record counts only with a rua
        state = DmarcState.FOUND if _REPORT.match(record.get("rua", b"")) else DmarcState.MALFORMED
        return Dmarc(state, place, Policy.NONE, strict, testing)
    policy = record.get("p", b"none")
    if place != domain:
        policy = record.get("sp", policy)
        if "np" in record and resolver.ask(domain, "A").state is AnswerState.NO_NAME:
            policy = record["np"]
    return Dmarc(DmarcState.FOUND, place, _POLICIES[policy.lower()], strict, testing)


def organisational(domain: str) -> str:
    """The part of a domain that its owner registered: `mail.shop.co.jp` gives `shop.co.jp`.

    By the Public Suffix List with its private part, so that two shops at one host of shops are two owners. A public
    suffix is its own; an unknown top-level domain counts as one suffix.
    """
    return registrable(domain) or domain
