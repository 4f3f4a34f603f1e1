"""Who may do what at the desk? A verb for each act, and what each role may; whatever is not listed is refused.

Roles are apart on purpose: an admin hires and sets rules but sees no customer's account, an auditor reads and changes
nothing, and no one person both asks for a large undoing and has the last word on it (`core.approval`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is hired for; a person may have several."""

    AGENT = "agent"
    LEAD = "lead"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Verb(StrEnum):
    """Each act of the desk. The values are what settings, logs and the audit say."""

    LIST_CASES = "desk:case:list"
    READ_CASE = "desk:case:read"
    PRINT_CASE = "desk:case:print"
    CLAIM_CASE = "desk:case:claim"
    TAKE_OVER_CASE = "desk:case:take-over"  # a claim of somebody else's
    REOPEN_CASE = "desk:case:reopen"
    ANSWER_QUESTION = "desk:question:answer"
    TRY_PLAN = "desk:plan:try"
    APPROVE_PLAN = "desk:plan:approve"
    APPROVE_AS_LEAD = "desk:plan:approve-as-lead"
    MOVE_HOLD = "desk:hold:move"
    SHORTEN_HOLD = "desk:hold:shorten"
    TAKE_REPORT = "desk:report:take"
    REFUSE_REPORT = "desk:report:refuse"
    MERGE_REPORT = "desk:report:merge"
    HAND_TASK = "desk:task:hand"
    CLOSE_TASK = "desk:task:close"
    READ_NUMBER = "desk:call:read-number"
    RECORD_CALL = "desk:call:record"
    READ_AUDIT = "desk:audit:read"
    EXPORT_AUDIT = "desk:audit:export"
    READ_RULES = "desk:rules:read"
    TRY_RULES = "desk:rules:try"
    CHANGE_RULES = "desk:rules:change"
    READ_STAFF = "desk:staff:read"
    CHANGE_STAFF = "desk:staff:change"


_AGENT = frozenset(
    {
        Verb.LIST_CASES,
        Verb.READ_CASE,
        Verb.PRINT_CASE,
        Verb.CLAIM_CASE,
        Verb.ANSWER_QUESTION,
        Verb.TRY_PLAN,
        Verb.APPROVE_PLAN,
        Verb.MOVE_HOLD,
        Verb.TAKE_REPORT,
        Verb.HAND_TASK,
        Verb.CLOSE_TASK,
        Verb.READ_NUMBER,
        Verb.RECORD_CALL,
        Verb.READ_RULES,
    }
)
GRANTS: Mapping[Role, frozenset[Verb]] = {
    Role.AGENT: _AGENT,
    Role.LEAD: _AGENT
    | {
        Verb.TAKE_OVER_CASE,
        Verb.REOPEN_CASE,
        Verb.APPROVE_AS_LEAD,
        Verb.SHORTEN_HOLD,
        Verb.REFUSE_REPORT,
        Verb.MERGE_REPORT,
        Verb.TRY_RULES,
    },
    Role.AUDITOR: frozenset(
        {Verb.LIST_CASES, Verb.READ_CASE, Verb.PRINT_CASE, Verb.READ_AUDIT, Verb.EXPORT_AUDIT, Verb.READ_RULES}
    ),
    Role.ADMIN: frozenset(
        {Verb.READ_STAFF, Verb.CHANGE_STAFF, Verb.READ_RULES, Verb.TRY_RULES, Verb.CHANGE_RULES, Verb.READ_AUDIT}
    ),
}
FRESH = frozenset(
    {
        Verb.APPROVE_PLAN,
        Verb.APPROVE_AS_LEAD,
        Verb.SHORTEN_HOLD,
        Verb.REOPEN_CASE,
        Verb.REFUSE_REPORT,
        Verb.MERGE_REPORT,
        Verb.EXPORT_AUDIT,
        Verb.CHANGE_RULES,
        Verb.CHANGE_STAFF,
    }
)  # what takes a proof of who one is that is only some minutes old: a browser may have been left open


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff. `name` is unique, goes into logs and approvals, and is never given to another person."""

    name: str
    roles: frozenset[Role]

    def may(self, verb: Verb) -> bool:
        """True where one of the roles grants it."""
        return may(self.roles, verb)


def may(roles: Collection[Role], verb: Verb) -> bool:
    """True where one of the roles grants the verb."""
    return any(verb in GRANTS[role] for role in roles)
