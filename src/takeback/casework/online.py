"""Stage 1 of 7, as events arrive.

Which of these events call for a look at the whole account? Each is weighed against the account's profile in one pass.

Profiles are kept in the store and, the newest of them, in this process. An account that has a case, or was handed back
lately, has none: it is looked at as a whole whatever it does, and what an intruder did in it must not be taken for its
owner's. When that is over, or where a profile is missing, it is made anew from the event log.
"""

import random
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from takeback.casework.online_ports import Kept, Profiles, Written
from takeback.casework.ports import House
from takeback.core.events import Event
from takeback.core.investigate.findings import OWNER
from takeback.core.investigation import in_order, investigate
from takeback.core.notice import LOOKED_BACK, WATCHED
from takeback.core.online.matching import Matcher
from takeback.core.online.profile import Profile, unpack
from takeback.core.online.rules import Does, StreamRule
from takeback.core.online.scoring import LOWEST, Noticed, notice
from takeback.core.online.thresholds import LOOK_FROM

MOST_KEPT = 5_000  # profiles in this process; about 10 kB each
MOST_READ = 3_000  # events of one account, the newest, that a profile is made of
FRESH = timedelta(days=1)  # news of an older event opens no case and asks nobody; it is looked at


@dataclass(slots=True)
class Found:
    """What calls for a look at an account: the highest score (log-odds) of its new events, the session that has it, and
    the rules that were completed. `watched`: it is looked at whatever it does.
    """

    score: float = LOWEST
    session: str = ""
    rules: dict[str, StreamRule] = field(default_factory=dict)
    watched: bool = False

    def does(self, what: Does) -> bool:
        """Does one of the rules do this?"""
        return any(rule.does is what for rule in self.rules.values())


@dataclass(slots=True)
class _Held:
    profile: Profile
    stamp: int


class Online:
    """Weighs events, batch by batch, in one thread."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._profiles: Profiles = house.profiles
        self._matcher = Matcher(rule for rule in house.configuration.notice.rules if rule.on)
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._stamps = random.Random()  # noqa: S311 - tells two writings apart, guards nothing

    def weigh(self, events: Iterable[Event], missed: Iterable[str] = ()) -> dict[str, Found]:
        """Weigh new events, which the log has. The accounts that call for a look, each with why.

        `missed`: accounts that had more news than could wait; what they did lately is weighed as the log has it.
        """
        new: dict[str, list[Event]] = {account: [] for account in missed}
        unseen = set(new)
        for event in events:
            new.setdefault(event.account, []).append(event)
        now = self._house.clock.now()
        watched = self._house.cases.watched(new, since=now - WATCHED)
        self._drop([account for account in new if account in watched or account in unseen])
        found = {account: Found(watched=True) for account in new if account in watched}
        rest = {account: told for account, told in new.items() if account not in watched}
        held = self._load(rest)
        for account, told in rest.items():
            one = held.get(account)
            if one is None:
                one, told = self._anew(account, told, now)
            for event in sorted(told, key=_when):
                noticed = notice(one.profile, event)
                self._take(found, account, one.profile, noticed, event.time, now)
            held[account] = one
        self._save(held)
        return found

    def close(self) -> None:
        """Let go of what is held."""
        self._held.clear()
        self._profiles.close()

    def _take(
        self, found: dict[str, Found], account: str, profile: Profile, noticed: Noticed, at: datetime, now: datetime
    ) -> None:
        """Keep what one event came to, where that is anything."""
        if noticed.score >= LOOK_FROM and at >= now - LOOKED_BACK:
            one = found.setdefault(account, Found())
            if noticed.score > one.score and noticed.visit is not None:
                one.score, one.session = noticed.score, noticed.visit.session or ""
        for fired in self._matcher.completed(account, profile, noticed):
            if at >= now - FRESH:
                for other in fired.accounts:
                    found.setdefault(other, Found()).rules[fired.rule.name] = fired.rule
                if noticed.visit is not None:
                    found[account].session = found[account].session or noticed.visit.session or ""

    def _load(self, accounts: Iterable[str]) -> dict[str, _Held]:
        """The profiles that there are, as they now are in the store."""
        held = {account: self._held.get(account) for account in accounts}
        stored = self._profiles.load({account: 0 if one is None else one.stamp for account, one in held.items()})
        return {
            account: one
            for account, was in held.items()
            if account in stored and (one := _as_stored(was, stored[account])) is not None
        }

    def _anew(self, account: str, told: Sequence[Event], now: datetime) -> tuple[_Held, list[Event]]:
        """A profile from the log, up to the events that are new; and those. Where it is not known which are, all are
        that a sign may be found in.
        """
        ids = {(event.source, event.id) for event in told}
        past = in_order(account, self._house.event_log.account(account), now)[-MOST_READ:]
        # An account with a case: only what was found to be the owner's may teach.
        hers = investigate(account, past, now=now).findings.events if self._house.cases.of_account(account) else {}
        profile, new = Profile(), list(told)
        for event in past:
            if not told and event.time >= now - LOOKED_BACK:
                new.append(event)
            elif (event.source, event.id) not in ids and hers.get(event.id, OWNER) is OWNER:
                self._matcher.completed(account, profile, notice(profile, event), past=True)
        return _Held(profile, 0), new

    def _save(self, held: Mapping[str, _Held]) -> None:
        """Store what was learned. Where another process has done so meanwhile, neither has it all: it is made anew."""
        written = []
        for account, one in held.items():
            stamp = self._stamps.getrandbits(62) + 1
            written.append(Written(account, one.stamp, stamp, one.profile.since, one.profile.pack()))
            one.stamp = stamp
        lost = self._profiles.save(written) if written else set()
        for account, one in held.items():
            self._held[account] = one
            self._held.move_to_end(account)
        self._drop(lost)
        while len(self._held) > MOST_KEPT:
            self._held.popitem(last=False)

    def _drop(self, accounts: Iterable[str]) -> None:
        gone = list(accounts)
        for account in gone:
            self._held.pop(account, None)
        if gone:
            self._profiles.drop(gone)


def _as_stored(was: _Held | None, kept: Kept) -> _Held | None:
    """The profile in this process where it is the stored one; else the stored one, if it can be read."""
    if was is not None and kept.packed is None:
        return was
    profile = unpack(kept.packed) if kept.packed is not None else None
    return None if profile is None else _Held(profile, kept.stamp)


def _when(event: Event) -> tuple[datetime, str, str]:
    return event.time, event.source, event.id
