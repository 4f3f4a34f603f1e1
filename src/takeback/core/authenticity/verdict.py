"""Is this mail really from the shop? The order of trust, and one of four answers.

The ledger of what was really sent, then a signature that fits the shop's domain, then signs of forgery or likeness,
then "cannot tell". Absence of proof alone never proves a forgery, and absence of signs never proves the shop.
"""

from dataclasses import dataclass
from enum import StrEnum

from takeback.core.authenticity.facts import MailFacts
from takeback.core.authenticity.proof import WITHOUT_HEADERS, names_lookalike, proofs
from takeback.core.authenticity.reasons import WEIGHT, Ground, Reason, Side, reason
from takeback.core.authenticity.shop import Shop
from takeback.core.authenticity.signs import claims_the_shop, says_it_is_the_shop, signs


class Judgement(StrEnum):
    """The answer in a word."""

    GENUINE = "genuine"  # it is proved that the shop sent it
    FORGED = "forged"  # it says that it is from the shop, and is not
    LOOKALIKE = "lookalike"  # it uses a domain made to be taken for the shop's
    UNKNOWN = "unknown"  # nobody can tell from what is here


class NextStep(StrEnum):
    """What should the person do now?"""

    GO_BY_YOURSELF = "go_by_yourself"  # genuine: open the shop's page as always, not through a mail
    LEAVE_IT = "leave_it"  # forged or lookalike: open nothing in it; if something was entered, say so at once
    TRY_AGAIN = "try_again"  # the DNS was silent
    SEND_THE_MAIL = "send_the_mail"  # text was sent: forward the mail itself as an attachment
    LOOK_IN_ACCOUNT = "look_in_account"  # it may be the shop's: what is true of it shows in the account
    ASK_THE_SENDER = "ask_the_sender"  # it is somebody else's


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, why (the main reason first), and what to do."""

    verdict: Judgement
    reasons: tuple[Reason, ...]
    next_step: NextStep


READING_FAILED = Verdict(Judgement.UNKNOWN, (reason(Ground.READING_FAILED),), NextStep.LOOK_IN_ACCOUNT)


def decide(facts: MailFacts, shop: Shop) -> Verdict:
    """What follows from what was found. Pure: the same facts give the same verdict."""
    proved, found = proofs(facts, shop), signs(facts, shop)
    judgement = _judged(proved, found, facts)
    return Verdict(judgement, _told(judgement, proved, found), _next_step(judgement, found, facts))


def _judged(proved: tuple[Reason, ...], found: tuple[Reason, ...], facts: MailFacts) -> Judgement:
    if proved:
        return Judgement.GENUINE
    against = any(one.side is Side.AGAINST for one in found)
    if says_it_is_the_shop(facts) and against:
        return Judgement.FORGED
    if names_lookalike(facts):
        return Judgement.LOOKALIKE
    if claims_the_shop(facts) and against:
        return Judgement.FORGED
    return Judgement.UNKNOWN


_BESIDE_PROOF = frozenset({Ground.SIGNED_EXPIRED_SINCE, Ground.LIST_THROUGH, Ground.DKIM2_NOT_EVALUATED})


def _told(judgement: Judgement, proved: tuple[Reason, ...], found: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The reasons in order of weight. What is outweighed by a proof is not told beside it."""
    if judgement is Judgement.GENUINE:
        found = tuple(one for one in found if one.key in _BESIDE_PROOF)
    return (*proved, *sorted(found, key=lambda one: WEIGHT[one.key]))


def _next_step(judgement: Judgement, found: tuple[Reason, ...], facts: MailFacts) -> NextStep:
    if judgement is Judgement.GENUINE:
        return NextStep.GO_BY_YOURSELF
    if judgement is not Judgement.UNKNOWN:
        return NextStep.LEAVE_IT
    if facts.form in WITHOUT_HEADERS:
        return NextStep.SEND_THE_MAIL
    if any(one.key is Ground.DNS_SILENT for one in found):
        return NextStep.TRY_AGAIN
    return NextStep.LOOK_IN_ACCOUNT if claims_the_shop(facts) else NextStep.ASK_THE_SENDER
