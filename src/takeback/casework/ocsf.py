"""How does a line of the book read in another tool? As an event of the Open Cybersecurity Schema Framework, 1.3.0.

Source of the classes, activities and required attributes: the schema's own text, github.com/ocsf/ocsf-schema, events
`iam/authentication`, `iam/account_change`, `iam/entity_management` and `application/web_resources_activity`.
docs/reference/audit.md has the table. What the schema has no place for is in `unmapped`, as the book has it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

from takeback.casework import retention, verifying
from takeback.casework.auditbook import Act
from takeback.core.events import Json
from takeback.core.permission import Verb
from takeback.core.secrets import without_card_numbers

VERSION = "1.3.0"
_CREATE, _READ, _UPDATE, _DELETE, _SEARCH, _EXPORT, _OTHER = 1, 2, 3, 4, 5, 7, 99
_SUCCESS, _FAILURE = 1, 2
_INFORMATIONAL, _LOW, _MEDIUM, _CRITICAL = 1, 2, 3, 5
_USER, _ADMIN, _SYSTEM = 1, 2, 3  # user.type_id


class Class(IntEnum):
    """Event classes; the thousands are the category."""

    ACCOUNT_CHANGE = 3001
    AUTHENTICATION = 3002
    ENTITY_MANAGEMENT = 3004
    WEB_RESOURCES_ACTIVITY = 6001


NAMES = {
    Class.ACCOUNT_CHANGE: "Account Change",
    Class.AUTHENTICATION: "Authentication",
    Class.ENTITY_MANAGEMENT: "Entity Management",
    Class.WEB_RESOURCES_ACTIVITY: "Web Resources Activity",
}


@dataclass(frozen=True, slots=True)
class Form:
    """Which class and activity an act is, on what kind of thing, and how grave."""

    of: Class
    activity: int
    thing: str = "case"
    severity: int = _INFORMATIONAL
    failed: bool = False


def _read(thing: str, activity: int = _READ) -> Form:
    return Form(Class.WEB_RESOURCES_ACTIVITY, activity, thing)


def _managed(activity: int, thing: str = "case", severity: int = _INFORMATIONAL) -> Form:
    return Form(Class.ENTITY_MANAGEMENT, activity, thing, severity)


def _staff(activity: int) -> Form:
    return Form(Class.ACCOUNT_CHANGE, activity, "member of staff")


FORMS: dict[str, Form] = {
    Verb.LIST_CASES: _read("queue of cases", _SEARCH),
    Verb.READ_CASE: _read("case"),
    Verb.PRINT_CASE: _read("case", _EXPORT),
    Verb.READ_NUMBER: _read("telephone number"),
    Verb.READ_AUDIT: _read("audit book"),
    Verb.EXPORT_AUDIT: _read("audit book", _EXPORT),
    Verb.READ_RULES: _read("rules"),
    Verb.READ_STAFF: _read("list of staff"),
    Verb.CLAIM_CASE: _managed(_UPDATE),
    Verb.TAKE_OVER_CASE: _managed(_UPDATE),
    Verb.REOPEN_CASE: _managed(_UPDATE),
    Verb.ANSWER_QUESTION: _managed(_UPDATE),
    Verb.TRY_PLAN: _managed(_READ, "plan"),
    Verb.APPROVE_PLAN: _managed(_UPDATE, "plan"),
    Verb.APPROVE_AS_LEAD: _managed(_UPDATE, "plan"),
    Verb.MOVE_HOLD: _managed(_UPDATE, "hold"),
    Verb.SHORTEN_HOLD: _managed(_UPDATE, "hold", _LOW),
    Verb.TAKE_REPORT: _managed(_CREATE, "case"),
    Verb.REFUSE_REPORT: _managed(_UPDATE, "report"),
    Verb.MERGE_REPORT: _managed(_UPDATE, "report"),
    Verb.HAND_TASK: _managed(_UPDATE, "task"),
    Verb.CLOSE_TASK: _managed(_UPDATE, "task"),
    Verb.RECORD_CALL: _managed(_UPDATE, "call"),
    Verb.TRY_RULES: _managed(_READ, "rules"),
    Verb.CHANGE_RULES: _managed(_UPDATE, "rules", _LOW),
    Verb.CHANGE_STAFF: _staff(_OTHER),
    retention.ERASED: _managed(_DELETE, "personal data"),
    retention.KEPT: _managed(_UPDATE),
    retention.LET_GO: _managed(_UPDATE),
    verifying.BEHIND: _managed(_OTHER, "database", _CRITICAL),
    verifying.PINNED: _managed(_UPDATE, "audit book"),
    verifying.VERIFIED: _managed(_READ, "audit book"),
    verifying.ANCHORED: _managed(_READ, "audit book"),
    verifying.RESTORED: _managed(_UPDATE, "database", _MEDIUM),
    "key.added": _managed(_CREATE, "key of a service"),
    "key.rotated": _managed(_CREATE, "key of a service"),
    "key.revoked": _managed(_DELETE, "key of a service"),
    "staff.signed_in": Form(Class.AUTHENTICATION, 1),
    "staff.signed_out": Form(Class.AUTHENTICATION, 2),
    "staff.sign_in_failed": Form(Class.AUTHENTICATION, 1, severity=_LOW, failed=True),
    "staff.sessions_ended": Form(Class.AUTHENTICATION, 2),
    "staff.added": _staff(1),
    "staff.enabled": _staff(2),
    "staff.password_changed": _staff(3),
    "staff.invited": _staff(4),
    "staff.disabled": _staff(5),
    "staff.roles_changed": _staff(_OTHER),
    "staff.factor_added": _staff(10),
    "staff.codes_made": _staff(10),
    "staff.factor_removed": _staff(11),
}
_ANY = _managed(_OTHER)
_ACTIVITIES = {
    Class.ENTITY_MANAGEMENT: {_CREATE: "Create", _READ: "Read", _UPDATE: "Update", _DELETE: "Delete"},
    Class.WEB_RESOURCES_ACTIVITY: {_READ: "Read", _SEARCH: "Search", _EXPORT: "Export"},
    Class.AUTHENTICATION: {1: "Logon", 2: "Logoff"},
    Class.ACCOUNT_CHANGE: {
        1: "Create",
        2: "Enable",
        3: "Password Change",
        4: "Password Reset",
        5: "Disable",
        10: "MFA Factor Enable",
        11: "MFA Factor Disable",
    },
}


def event(act: Act, product_version: str) -> dict[str, Json]:
    """A line of the book as an OCSF event. Times are in milliseconds since 1970, UTC."""
    form = FORMS.get(act.what, _ANY)
    wrong = (act.evidence or {}).get("wrong")
    failed = form.failed or (act.what == verifying.VERIFIED and bool(wrong))
    severity = _CRITICAL if act.what == verifying.VERIFIED and wrong else form.severity
    activity = _ACTIVITIES[form.of].get(form.activity, act.what)
    told: dict[str, Json] = {
        "activity_id": form.activity,
        "activity_name": activity,
        "category_uid": form.of // 1000,
        "class_uid": int(form.of),
        "class_name": NAMES[form.of],
        "type_uid": form.of * 100 + form.activity,
        "time": _milliseconds(act.at),
        "severity_id": severity,
        "status_id": _FAILURE if failed else _SUCCESS,
        "message": f"{act.who} {act.what}" + (f" {act.case}" if act.case else ""),
        "actor": {"user": _user(act.who)},
        "metadata": {
            "version": VERSION,
            "product": {"name": "Takeback", "vendor_name": "Takeback", "version": product_version},
            "uid": str(act.seq),
            "sequence": act.seq,
            "event_code": act.what,
            "log_name": "audit book",
        },
        "unmapped": _unmapped(act),
    }
    thing: dict[str, Json] = {"uid": act.case or act.what, "type": form.thing}
    match form.of:
        case Class.AUTHENTICATION:
            told |= {"user": _user(act.who), "service": {"name": "Takeback desk"}}
        case Class.ACCOUNT_CHANGE:
            told["user"] = _user(_about(act))
        case Class.ENTITY_MANAGEMENT:
            told["entity"] = thing
            if act.why:
                told["comment"] = without_card_numbers(act.why)
        case Class.WEB_RESOURCES_ACTIVITY:
            told["web_resources"] = [thing]
    return told


def line(act: Act) -> dict[str, Json]:
    """A line of the book as it is, for a tool that knows nothing of OCSF."""
    return {
        "seq": act.seq,
        "at": act.at.astimezone(UTC).isoformat(),
        "who": act.who,
        "what": act.what,
        "case": act.case,
        **_unmapped(act),
    }


def _unmapped(act: Act) -> dict[str, Json]:
    return {"why": without_card_numbers(act.why), "evidence": dict(act.evidence or {}), "digest": act.digest}


def _about(act: Act) -> str:
    """Whose account was changed: the evidence names the member."""
    member = (act.evidence or {}).get("member") or (act.evidence or {}).get("name")
    return f"staff:{member}" if isinstance(member, str) else act.who


def _user(who: str) -> dict[str, Json]:
    kind, _, name = who.partition(":")
    type_id = {"staff": _USER, "cli": _ADMIN}.get(kind, _SYSTEM)
    return {"name": name or kind, "uid": who, "type_id": type_id}


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
