"""`takeback cases` and `takeback approve`: with what are they called?"""

import argparse

from takeback.core.case import Stage
from takeback.core.errors import InputError

SHOWN = 100  # cases, without --limit
PAUSE, RESUME = "pause", "resume"
_CALLS = "say `takeback cases`, `takeback cases CASE`, or `takeback cases pause|resume` with CASE or --all, and --why"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Both commands."""
    cases = commands.add_parser("cases", help="the open cases, or one of them; pause and resume them")
    cases.add_argument("words", nargs="*", metavar="CASE", help="the case's id; before it, pause or resume")
    cases.add_argument("--all", action="store_true", help="with pause and resume: every case, new ones too")
    cases.add_argument("--why", metavar="WORDS", help="with pause and resume: the reason, for the log and the book")
    cases.add_argument("--stage", choices=[stage.value for stage in Stage], help="those at this stage alone")
    cases.add_argument(
        "--limit", type=int, default=SHOWN, metavar="N", help=f"the newest so many, {SHOWN} without it; 0: all"
    )
    cases.add_argument("--json", action="store_true", help="as JSON")
    cases.add_argument("--language", choices=("ja", "en"), help="of the words; without it, the terminal's")
    cases.set_defaults(run=_cases)

    approve = commands.add_parser("approve", help="approve a case's plan by its hash")
    approve.add_argument("case", metavar="CASE")
    approve.add_argument("--hash", required=True, metavar="HASH", help="of the plan that you have read")
    approve.add_argument("--by", required=True, metavar="NAME", help="who approves")
    approve.add_argument("--role", choices=("agent", "lead"), default="agent")
    approve.set_defaults(run=_approve)


def _cases(said: argparse.Namespace) -> int:
    from takeback.terminal.cases import listed, pause, show

    which = [*said.words, ""][0]
    if which in (PAUSE, RESUME):
        case = said.words[1] if len(said.words) == 2 else ""
        if len(said.words) > 2 or bool(case) is said.all or not (said.why or "").strip():
            raise InputError(_CALLS)
        return pause(case, why=said.why.strip(), resuming=which == RESUME)
    if len(said.words) > 1 or said.all or said.why is not None or said.limit < 0:
        raise InputError(_CALLS)
    if which:
        return show(which, as_json=said.json, language=said.language)
    stage = None if said.stage is None else Stage(said.stage)
    return listed(stage, limit=said.limit or None, as_json=said.json, language=said.language)


def _approve(said: argparse.Namespace) -> int:
    from takeback.terminal.cases import approve

    return approve(said.case, plan_hash=said.hash, by=said.by, role=said.role)
