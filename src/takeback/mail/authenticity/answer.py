"""What is told of a checked mail, as data? Stable words only; `docs/reference/mail-verdict.md` describes each.

Nothing of the mail's text is in it, and of the ledger only whether it fits: whoever asks may be a stranger.
"""

from datetime import datetime

from takeback.core.authenticity.facts import Arc, Claim, Dmarc, Ledgered, MailFacts, Signature, Spf
from takeback.core.authenticity.reasons import shown
from takeback.core.authenticity.verdict import Verdict

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def answer(verdict: Verdict, facts: MailFacts) -> dict[str, Json]:
    """The answer of `takeback check-mail --json`, of the endpoint and of the portal's function."""
    return {
        "verdict": verdict.verdict.value,
        "reasons": [
            {"key": one.key.value, "side": one.side.value, "values": dict(one.values)} for one in verdict.reasons
        ],
        "next": verdict.next_step.value,
        "form": facts.form.value,
        "received": _time(facts.received),
        "received_trusted": facts.received_trusted,
        "from": [
            {"address": shown(one.address), "domain": shown(one.whose.domain), "whose": one.whose.ours.value}
            for one in facts.senders
        ],
        "spf": _spf(facts.spf),
        "dkim": [_signature(one) for one in facts.signatures],
        "dmarc": _dmarc(facts.dmarc),
        "arc": _arc(facts.arc),
        "receiver": {"name": shown(facts.receiver), "claims": _claims(facts.receiver_says)} if facts.receiver else None,
        "ledger": _ledger(facts.ledger),
        "cut": list(facts.cut),
        "defects": list(facts.defects),
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _signature(one: Signature) -> Json:
    return {
        "domain": shown(one.domain),
        "selector": shown(one.selector),
        "state": one.state.value,
        "algorithm": shown(one.algorithm),
        "key_bits": one.key_bits,
        "signed_at": _time(one.signed_at),
        "expires": _time(one.expires),
        "expired_since": one.expired_since,
        "body_uncovered": one.body_uncovered,
        "uncovered": list(one.uncovered),
    }


def _spf(spf: Spf) -> Json:
    return {"state": spf.state.value, "domain": shown(spf.domain), "ip": shown(spf.ip)}


def _dmarc(dmarc: Dmarc) -> Json:
    return {
        "state": dmarc.state.value,
        "domain": shown(dmarc.domain),
        "policy": dmarc.policy.value,
        "strict": dmarc.strict,
        "testing": dmarc.testing,
    }


def _arc(arc: Arc) -> Json:
    sets: list[Json] = [
        {
            "instance": one.instance,
            "sealer": shown(one.sealer),
            "trusted": one.trusted,
            "claims": _claims(one.claims),
        }
        for one in arc.sets
    ]
    return {"state": arc.state.value, "sets": sets}


def _claims(claims: tuple[Claim, ...]) -> list[Json]:
    return [{"method": shown(one.method), "result": shown(one.result), "domain": shown(one.domain)} for one in claims]


def _ledger(ledger: Ledgered | None) -> Json:
    if ledger is None:
        return None
    return {
        "known": bool(ledger.by_id),
        "knows_order": bool(ledger.by_order),
        "recipient_fits": ledger.recipient_fits,
        "time_fits": ledger.time_fits,
        "order_fits": ledger.order_fits,
    }
