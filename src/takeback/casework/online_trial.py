"""What would these rules over the events have done in the past? Every account's events are weighed again, in turn.

Nothing is written and nobody is asked. Beside what each rule would have done stands how many of those accounts had a
case at any time: a rule that meets many others asks many owners for nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from takeback.casework.ports import House
from takeback.core.events import Event
from takeback.core.investigation import in_order
from takeback.core.online.matching import Matcher
from takeback.core.online.profile import Profile
from takeback.core.online.rules import StreamRule
from takeback.core.online.scoring import Noticed, notice

MOST_COUNTED = 2_000_000  # events that a rule over many accounts is tried on; what was left out is said


@dataclass(slots=True)
class Tried:
    """What one rule would have done: on how many days of how many accounts, and how many of those had a case."""

    rule: StreamRule
    days: set[tuple[str, int]] = field(default_factory=set)
    with_case: int = 0

    @property
    def accounts(self) -> set[str]:
        """The accounts that it would have met."""
        return {account for account, _ in self.days}


@dataclass(slots=True)
class Trial:
    """How far a trial is, and what it has found, rule by rule."""

    total: int
    tried: dict[str, Tried]
    done: int = 0
    events: int = 0
    cut: bool = False


def try_stream_rules(house: House, rules: Iterable[StreamRule], *, since: datetime) -> Iterator[Trial]:
    """Try rules, whether or not they are on, on what happened `since`; yields the one trial after each account.

    What happened before teaches what is usual in an account, and completes nothing.
    """
    known = tuple(rules)
    accounts, matcher = house.event_log.accounts(), Matcher(known)
    trial = Trial(len(accounts), {rule.name: Tried(rule) for rule in known})
    gathered: list[tuple[int, str, Noticed]] = []
    yield trial
    now = house.clock.now()
    for account in accounts:
        _live(trial, matcher, account, in_order(account, house.event_log.account(account), now), since, gathered)
        trial.done += 1
        yield trial
    gathered.sort(key=lambda one: one[:2])  # many accounts at once: by time, whosever they are
    for at, account, noticed in gathered:
        for fired in matcher.gathered(account, noticed):
            trial.tried[fired.rule.name].days |= {(one, at // 86_400) for one in fired.accounts}
    for one in trial.tried.values():
        one.with_case = sum(bool(house.cases.of_account(account)) for account in one.accounts)
    yield trial


def _live(
    trial: Trial,
    matcher: Matcher,
    account: str,
    events: Iterable[Event],
    since: datetime,
    gathered: list[tuple[int, str, Noticed]],
) -> None:
    profile = Profile()
    for event in events:
        noticed = notice(profile, event)
        completed = matcher.completed(account, profile, noticed, past=True)
        if event.time < since:
            continue
        trial.events += 1
        for fired in completed:
            trial.tried[fired.rule.name].days.add((account, noticed.at // 86_400))
        if not matcher.may_gather(noticed):
            continue
        if len(gathered) < MOST_COUNTED:
            gathered.append((noticed.at, account, noticed))
        else:
            trial.cut = True
