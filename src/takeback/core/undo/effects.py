"""What did the intruder's events do to the account, and which actions take it back?

Replay everything, replay all but the intruder's events, and the plan is the difference. What Takeback itself has done
since is left out of the second replay as well: it is the undoing of the intruder's part, not the owner's history.
"""

from collections.abc import Iterator, Mapping, Sequence

from takeback.core.account import CONTACT_FIELDS
from takeback.core.events import Event
from takeback.core.investigate.findings import Findings
from takeback.core.undo.balances import compensated, kept_balances, owed, refunded
from takeback.core.undo.carried import Carried, containments
from takeback.core.undo.differences import action, differences, digital
from takeback.core.undo.irreversible import irreversible
from takeback.core.undo.kept import kept
from takeback.core.undo.look import Look, Sight, believed
from takeback.core.undo.plan import CONTAINMENT, Action, ActionKind, Plan, canonical, make
from takeback.core.undo.questions import gaps, questions
from takeback.core.undo.replay import replays
from takeback.core.undo.touched import intruders, on_touched, touched

__all__ = ["action", "plan_undo"]
# Safe to stop anywhere: goods first, then what the owner had comes back before what the intruder brought goes.
ORDER = (
    ActionKind.CANCEL_ORDER,
    ActionKind.INTERCEPT_ORDER,
    ActionKind.SET_ORDER_FIELD,
    ActionKind.ADD_ITEM,
    ActionKind.SET_FIELD,
    ActionKind.REMOVE_ITEM,
    ActionKind.ADJUST_BALANCE,
)
_PLACES = {kind: place for place, kind in enumerate(ORDER)}
NO_LOOKS: Mapping[str, Look] = {}


def plan_undo(
    events: Sequence[Event],
    findings: Findings,
    carried: Sequence[Carried] = (),
    looks: Mapping[str, Look] = NO_LOOKS,
) -> Plan:
    """The plan for one account's `events` (in order of time), given who did what and what Takeback has done since.

    `looks` are the accounts as the services showed them, by source; where there is none, the log alone is believed.
    """
    if not findings.compromised:
        return make(findings.account, (), (), questions(events, findings), ())
    his = intruders(events, findings)
    names = {event.id for event in his}
    by = touched(his)
    # A target that he never touched is the same in both replays; so only what happened to the others is replayed.
    replayed = on_touched(events, by)
    both = replays(replayed, without=names | {event.id for event in replayed if event.data.takeback is not None})
    now, unlogged = believed(both.now, by, sight := Sight(looks, replayed))
    given = compensated(replayed, names, by, both.gone)
    back = refunded(looks, his, both.now, unlogged)
    debts = {key: owed(key, now, both.clean, given.get(key, ()), back.get(key)) for key in by.balances}
    handed_out = digital(replayed)
    found = differences(findings.account, now, both.clean, by, sight, debts, handed_out)
    done = {act.id for act in carried}
    undoing = sorted((act for act in found.actions if act.id not in done), key=_place)
    stays = (*kept(replayed, names, findings, both, found.undone), *found.kept, *kept_balances(given))
    return make(
        findings.account,
        (*_containment(events, his, findings.account, carried), *undoing),
        tuple(sorted(stays, key=lambda one: (one.target, one.why, one.keys, one.events))),
        (*questions(events, findings), *gaps(replayed, names, both.gaps), *found.questions),
        irreversible(his, replayed, now, both.clean, by, handed_out),
    )


def _containment(
    events: Sequence[Event], his: Sequence[Event], account: str, carried: Sequence[Carried]
) -> Iterator[Action]:
    """The six, unless each has been done since his last act: freezing everywhere, the others wherever they can be."""
    last = next(event.time for event in reversed(his) if event.by_customer)
    done = containments(carried)
    frozen = {source for source, at in done.get(ActionKind.FREEZE, {}).items() if at >= last}
    all_frozen = bool(frozen) and {event.source for event in events} <= frozen
    for kind in CONTAINMENT:
        if not (all_frozen and any(at >= last for at in done.get(kind, {}).values())):
            yield action(account, kind, {}, (), None)


def _place(act: Action) -> tuple[int, bool, str]:
    """The order of carrying out; contact points before other fields, then by name so that every run has the same."""
    contact = act.args.get("field") in CONTACT_FIELDS
    return _PLACES[act.action], not contact, canonical(act.args).decode()
