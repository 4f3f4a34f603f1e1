"""Who must approve a plan? One hash, one approval (rule 8); a big plan needs a second person.

The shop's standing rule may approve a small plan by itself, once the owner has proven who she is: a report alone never
undoes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from takeback.core.undo.plan import ActionKind, Plan


class Needed(StrEnum):
    """How many must say yes."""

    RULE = "rule"  # the standing rule, after the owner's proof
    ONE = "one"
    TWO = "two"


@dataclass(frozen=True, slots=True)
class Limits:
    """Up to where the standing rule goes, and from where on two people are needed: orders to stop and their value in
    `currency`.
    """

    rule_orders: int = 20
    rule_value: Decimal = Decimal(200_000)
    two_orders: int = 50
    two_value: Decimal = Decimal(500_000)
    currency: str = "JPY"


def needed(plan: Plan, limits: Limits, order_values: Mapping[str, Decimal]) -> Needed:
    """Who must approve `plan`. `order_values` by order id, in the limits' currency; an order whose value is not known
    counts as too dear.
    """
    stopped = [
        str(action.args["order"])
        for action in plan.undoing
        if action.action in (ActionKind.CANCEL_ORDER, ActionKind.INTERCEPT_ORDER)
    ]
    known = all(order in order_values for order in stopped)
    value = sum((order_values.get(order, Decimal(0)) for order in stopped), Decimal(0))
    if len(stopped) > limits.two_orders or value > limits.two_value:
        return Needed.TWO
    if not known or len(stopped) > limits.rule_orders or value > limits.rule_value:
        return Needed.ONE
    return Needed.RULE


@dataclass(frozen=True, slots=True)
class Vote:
    """One approval of one plan hash; `role` is `rule`, `agent` or `lead`."""

    plan_hash: str
    by: str
    role: str


def approved(plan_hash: str, votes: Iterable[Vote], need: Needed) -> bool:
    """True when enough have approved exactly this hash. Two means two different people, one of them a lead."""
    valid: Sequence[Vote] = [vote for vote in votes if vote.plan_hash == plan_hash]
    people = {vote.by for vote in valid if vote.role in ("agent", "lead")}
    if need is Needed.TWO:
        return len(people) >= 2 and any(vote.role == "lead" for vote in valid)
    if need is Needed.ONE:
        return bool(people)
    return bool(people) or any(vote.role == "rule" for vote in valid)
