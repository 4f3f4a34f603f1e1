"""Which rules over the events can a shop write, and when is one nonsense? Steps in an account, or many
accounts at once.

A rule is no program: a closed list of acts, what of them is new to the owner, how often, and within how long. So what
has to be remembered for it is bounded, and what it would have done can be tried on the past.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from takeback.core.online.acts import Act

MOST_RULES = 32
MOST_STEPS = 20  # each counted as often as it is asked for
MOST_NAMED = 20  # of one rule, before they are counted
MOST_ACCOUNTS = 100
LONGEST = 7 * 86_400  # seconds
# Anybody can bring these about in anybody's account, without being in it.
FROM_OUTSIDE = frozenset({Act.SIGN_IN_FAILED, Act.RESET_REQUESTED})


class Does(StrEnum):
    """What a rule does: open a case, ask the customer, or have the account looked at as a whole."""

    CASE = "case"
    ASK = "ask"
    LOOK = "look"


class New(StrEnum):
    """What of an act the owner never showed before. Address and card are those of an order."""

    DEVICE = "device"
    NETWORK = "network"
    COUNTRY = "country"
    ADDRESS = "address"
    CARD = "card"


class By(StrEnum):
    """What many accounts have in common."""

    DEVICE = "device"
    IP = "ip"
    BLOCK = "block"  # /24 of IPv4, /48 of IPv6
    NETWORK = "network"  # the autonomous system


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """One act of a rule. `over`: an order of more than that, in whole units of `currency`."""

    act: Act
    new: tuple[New, ...] = ()
    times: Annotated[int, Meta(ge=1, le=MOST_STEPS)] = 1
    over: Annotated[int, Meta(ge=0, le=10**12)] | None = None
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "JPY"


class StreamRule(Struct, frozen=True, forbid_unknown_fields=True):
    """A rule: its steps in one account `within` so many seconds, in their order or in any; or with `accounts`, its one
    step in so many accounts that show the same (`by`). It is off until it is switched on.
    """

    name: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]{0,59}$")]
    does: Does
    within: Annotated[int, Meta(ge=1, le=LONGEST)]
    steps: Annotated[tuple[Step, ...], Meta(min_length=1, max_length=MOST_NAMED)]
    any_order: bool = False
    accounts: Annotated[int, Meta(ge=2, le=MOST_ACCOUNTS)] | None = None
    by: By | None = None
    on: bool = False


def problems(rules: Iterable[StreamRule]) -> Iterator[str]:
    """Why these rules are refused, a sentence each; nothing where they are not."""
    known: set[str] = set()
    for rule in rules:
        if rule.name in known:
            yield f"Two rules are called {rule.name}."
        known.add(rule.name)
        if (why := _problem(rule)) is not None:
            yield f"The rule {rule.name} {why}."
    if len(known) > MOST_RULES:
        yield f"There are {len(known)} rules; at most {MOST_RULES} are watched for."


def _problem(rule: StreamRule) -> str | None:
    """What is wrong with a rule by itself, as the end of a sentence."""
    if (why := next((why for step in rule.steps if (why := _of_step(step)) is not None), None)) is not None:
        return why
    if sum(step.times for step in rule.steps) > MOST_STEPS:
        return f"has more than {MOST_STEPS} steps, counted with their times"
    if (rule.accounts is None) is not (rule.by is None):
        return "needs accounts and by together: so many accounts that have what in common"
    last = rule.steps[-1]
    if last.act in FROM_OUTSIDE or (rule.any_order and all(step.act in FROM_OUTSIDE for step in rule.steps)):
        return f"ends in {last.act}, which anybody can bring about from outside"
    if rule.accounts is not None:
        return _of_crowd(rule)
    if rule.any_order and (len(rule.steps) < 2 or any(step.times > 1 for step in rule.steps)):
        return "has any_order, which needs two or more steps, each once"
    if len(rule.steps) == 1 and last.times == 1 and not last.new and last.over is None:
        return f"would meet every {last.act} of every account"
    return None


def _of_crowd(rule: StreamRule) -> str | None:
    step = rule.steps[0]
    if len(rule.steps) > 1 or step.times > 1 or rule.any_order:
        return "counts accounts, which needs one step, once"
    if rule.by is By.NETWORK and New.NETWORK not in step.new:
        return 'counts accounts by network, where all of a carrier\'s customers meet: add new = ["network"] to its step'
    return None


def _of_step(step: Step) -> str | None:
    if step.act is not Act.ORDERED and (step.over is not None or {New.ADDRESS, New.CARD} & set(step.new)):
        return f"asks of {step.act} what only an order has: over, a new address or a new card"
    if step.new and step.act is Act.SIGN_IN_FAILED:
        return "asks what is new of a sign-in that failed, which is nobody's visit"
    return None
