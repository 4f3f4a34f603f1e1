"""What shows who wrote? The signatures of her mail, the machine that handed it in, a configured receiver's word."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from takeback.core.authenticity.facts import Spf
from takeback.core.authenticity.shop import Shop
from takeback.mail.authenticity.received import Receipt, received
from takeback.mail.authenticity.results import results
from takeback.mail.authenticity.signatures import signatures
from takeback.mail.authenticity.spf import spf
from takeback.mail.dns.deadline import Deadline
from takeback.mail.dns.port import Resolver
from takeback.mail.inbound.arrival import Arrival
from takeback.mail.inbound.writer import Proof, proof_of

SECONDS = 4.0  # for all questions to the DNS about one mail


@dataclass(frozen=True, slots=True)
class Prover:
    """Looks for proof, the dearest last."""

    shop: Shop
    resolver: Resolver
    now: Callable[[], datetime]

    def __call__(self, arrival: Arrival, writer: str) -> Proof:
        """Does anything show that the mail is of `writer`?"""
        asked, now = Deadline(self.resolver, SECONDS), self.now()
        if not _is_outside(arrival.peer):  # who comes from outside may have written a receiver's line himself
            _, claims = results(arrival.message, self.shop.receivers)
            if proof_of(writer, (), claims, Spf()) is Proof.PROVEN:
                return Proof.PROVEN
        found = proof_of(writer, signatures(arrival.message, asked, now, now), (), Spf())
        if found is Proof.PROVEN:
            return found
        handed_in = spf(self._receipt(arrival), asked)
        return Proof.PROVEN if proof_of(writer, (), (), handed_in) is Proof.PROVEN else found

    def _receipt(self, arrival: Arrival) -> Receipt:
        """Who handed the mail in: whoever stands at our door, where that is no machine of the house's own."""
        if _is_outside(arrival.peer):
            return Receipt(self.now(), True, arrival.peer, arrival.helo, arrival.mail_from or "")
        return received(arrival.message, self.shop.receivers, None)


def _is_outside(address: str) -> bool:
    try:
        return ip_address(address).is_global
    except ValueError:
        return False
