"""`takeback audit`: was anything that was written down altered? And the book for other tools, and the anchor's line."""

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import msgspec

from takeback import __version__
from takeback.bootstrap import house
from takeback.casework import auditbook_told, ocsf
from takeback.casework.auditbook import Act
from takeback.casework.ports import House
from takeback.casework.verifying import Trouble, Verdict
from takeback.casework.verifying_noted import give_anchor, own_up, verify
from takeback.core.errors import InputError
from takeback.core.permission import Verb
from takeback.terminal.language import chosen
from takeback.terminal.user import who

if TYPE_CHECKING:
    from rich.progress import Progress

BAD_NEWS = 1
DRAWN_AFTER = 2.0  # seconds
A_PAGE = 1000  # lines of the book read at once
MARK = "takeback-anchor:"


def run(arguments: Namespace) -> int:
    """Do what `arguments.do` says. Who runs it is noted as `cli:` and the name of this machine's user."""
    here = house()
    if arguments.do == "verify":
        return _verify(here, arguments)
    if arguments.do == "export":
        return _export(here, arguments)
    return _anchor(here, arguments.restored)


def _verify(here: House, arguments: Namespace) -> int:
    against = [line for path in arguments.against for line in _kept(path)]
    with _bar() as told:
        verdict = verify(here, who(), against=against, told=told)
    if arguments.json:
        sys.stdout.write(msgspec.json.encode(_data(verdict)).decode() + "\n")
    else:
        language = chosen(arguments.language)
        for sentence in auditbook_told.verdict(language, verdict):
            sys.stdout.write(f"{sentence}\n")
    return 0 if verdict.good else BAD_NEWS


def _kept(path: Path) -> list[str]:
    """The lines of a file that was kept elsewhere. `InputError` where there is no anchor's line in it."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    if not any(MARK in line for line in lines):
        raise InputError(f"{path} has no line of an anchor in it: such a line begins with {MARK}")
    return lines


def _data(verdict: Verdict) -> dict[str, object]:
    return {
        "at": verdict.at.isoformat(),
        "good": verdict.good,
        "lines": verdict.lines,
        "cases": verdict.cases,
        "case_lines": verdict.case_lines,
        "anchors": verdict.anchors,
        "wrong": verdict.wrong,
        "troubles": [_trouble(one) for one in verdict.troubles],
        "excused": [_trouble(one) for one in verdict.excused],
    }


def _trouble(one: Trouble) -> dict[str, object]:
    where = {"case": one.case or None, "line": one.seq or None}
    return {"what": one.what.value, **where, **one.values, "says": auditbook_told.trouble("en", one)}


def _export(here: House, arguments: Namespace) -> int:
    since, until = arguments.since, arguments.until
    if since is not None and until is not None and since >= until:
        raise InputError("--from is not before --to: nothing would be written")
    form: Callable[[Act], object] = (lambda act: ocsf.event(act, __version__)) if arguments.ocsf else ocsf.line
    evidence = {
        "from": None if since is None else since.isoformat(),
        "to": None if until is None else until.isoformat(),
        "form": "ocsf" if arguments.ocsf else "plain",
    }
    here.audit.note(Act(here.clock.now(), who(), Verb.EXPORT_AUDIT.value, evidence=evidence))
    for act in auditbook_told.every(here, since, until, A_PAGE):
        sys.stdout.buffer.write(msgspec.json.encode(form(act)) + b"\n")
    sys.stdout.buffer.flush()
    return 0


def _anchor(here: House, restored: str | None) -> int:
    if restored is not None:
        if not restored.strip():
            raise InputError("--restored wants to know why: a ticket's number, a sentence")
        own_up(here, who(), restored.strip())
    sys.stdout.write(f"{give_anchor(here, who())}\n")
    return 0


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """What is told how many lines of how many were read; a bar where the error stream is a terminal, after two
    seconds.
    """
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    began, drawn = monotonic(), _Drawn()
    try:
        yield lambda done, of: drawn.told(done, of) if monotonic() - began > DRAWN_AFTER else None
    finally:
        drawn.close()


class _Drawn:
    """The bar."""

    def __init__(self) -> None:
        self._progress: Progress | None = None

    def told(self, done: int, of: int) -> None:
        if self._progress is None:
            from rich.console import Console
            from rich.progress import Progress

            self._progress = Progress(console=Console(stderr=True), transient=True)
            self._task = self._progress.add_task("", total=of)
            self._progress.start()
        self._progress.update(self._task, completed=done, total=of)

    def close(self) -> None:
        if self._progress is not None:
            self._progress.stop()
