"""Which keys can the core give? Read from its source, so that a new one cannot be forgotten."""

import ast
from collections.abc import Iterator
from pathlib import Path

from takeback.core.events import Who
from takeback.core.investigate.findings import Actor
from takeback.core.investigate.reasons import Because
from tests.architecture.tree import CORE, SOURCE, calls, modules, parsed


def literals(name: str, place: int) -> set[str]:
    """What stands at this place in every call of `name` in the core: text as it is, else the expression."""
    found = set()
    for path in modules(CORE):
        for call in calls(path, name):
            if len(call.args) > place:
                value = call.args[place]
                found.add(str(value.value) if isinstance(value, ast.Constant) else ast.unparse(value))
    return found


def reasons() -> set[str]:
    """Every reason key that the core can give."""
    return {reason.value for reason in Because}


def members_spoken_of(of: str, apart_from: str = "") -> set[str]:
    """The names of an enumeration's members that the core speaks of (`of.NAME`), one module left aside."""
    spoken = set()
    for path in modules(CORE):
        if path.name == apart_from and path.parent.name == "authenticity":
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == of:
                spoken.add(node.attr)
    return spoken


def whys() -> set[str]:
    """Why something is kept or asked."""
    writers = {*Actor, *Who} - {Actor.INTRUDER, Who.CUSTOMER}
    kept = {key for key in literals("Kept", 1) if not key.startswith(("f'", '"'))}
    compensated = {f"{who.value}.compensated" for who in (Who.STAFF, Who.SYSTEM)}
    return literals("Question", 1) | kept | compensated | {f"{writer.value}.wrote_later" for writer in writers}


def lost() -> set[str]:
    """What cannot be undone."""
    return {"viewed" if key.startswith("f'viewed.") else key for key in literals("Irreversible", 1)}


def refusals() -> set[str]:
    """Why a person's act on a case is not taken: what the core gives, and the rules that casework names."""
    tree = ast.walk(parsed(CORE / "handback.py"))
    appended = (node for node in tree if isinstance(node, ast.Call) and ast.unparse(node.func) == "why.append")
    given = {str(node.args[0].value) for node in appended if isinstance(node.args[0], ast.Constant)}
    return given | set(_refused(SOURCE / "casework"))


def _refused(folder: Path) -> Iterator[str]:
    for path in modules(folder):
        for call in calls(path, "CaseRefused"):
            if isinstance(call.args[0], ast.Constant):
                yield str(call.args[0].value)
