"""`takeback`: which command was called, and with what? Each command's work is imported only when it is called."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from takeback import __version__
from takeback.core.errors import InputError, OutsideError, SettingsError, TakebackError

WRONG_CALL = 2
MOST_JOBS = 256
MOST_DAYS = 365


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Exit status: 0 done; 1 bad news where the command says so; 2 the call or the input is wrong."""
    arguments = parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
    except (InputError, SettingsError) as error:
        print(f"takeback: {error}", file=sys.stderr)
        return WRONG_CALL
    except (TakebackError, OutsideError) as error:
        print(f"takeback: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us has seen enough
        return 0
    except Exception as error:
        from takeback.store.start import is_of_the_database

        if not is_of_the_database(error):
            raise
        print(f"takeback: the database says: {error}. `takeback migrate` makes its tables.", file=sys.stderr)
        return 1
    return status


def parser() -> argparse.ArgumentParser:
    """The commands and their arguments; docs/reference/commands.md says the same at length, and a test compares
    them.
    """
    top = argparse.ArgumentParser(prog="takeback", description="Takeback undoes an account takeover.")
    top.add_argument("--version", action="version", version=f"takeback {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    investigate = commands.add_parser("investigate", help="say who did what in an event file, and what to take back")
    investigate.add_argument(
        "events", type=Path, metavar="EVENTS", help="CloudEvents, one a line; also .gz or .zst; - reads standard input"
    )
    which = investigate.add_mutually_exclusive_group(required=True)
    which.add_argument("--account", metavar="ID", help="the account to investigate")
    which.add_argument("--all", action="store_true", help="every account of the file, a line each")
    investigate.add_argument(
        "--said", type=Path, metavar="FILE", help='what the customer said: {"order": "1043", "mine": false}'
    )
    investigate.add_argument("--at", type=_time, metavar="TIME", help="as of this time (RFC 3339); without it, now")
    investigate.add_argument(
        "--places",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="fill in country and network from this MaxMind-format file; may be given several times",
    )
    investigate.add_argument(
        "--jobs", type=_jobs, metavar="N", help="with --all: at most so many worker processes; without it, one a core"
    )
    investigate.add_argument("--json", action="store_true", help="the answer as JSON")
    _language(investigate)
    investigate.set_defaults(run=_investigate)

    mail = commands.add_parser("check-mail", help="say whether a mail is really from the shop, and why")
    mail.add_argument(
        "mail", type=Path, metavar="FILE", help="the mail with its headers (.eml); - reads standard input"
    )
    mail.add_argument(
        "--dns", type=Path, metavar="ZONE.json", help="ask this zone instead of the DNS; what is not in it is not there"
    )
    mail.add_argument(
        "--ledger", type=Path, metavar="EVENTS", help="an event file whose message.sent events say what was really sent"
    )
    mail.add_argument(
        "--shop-domain",
        action="append",
        default=[],
        metavar="D",
        help="a domain of the shop's; may be given several times; without it, the settings are read",
    )
    mail.add_argument(
        "--shop-name",
        action="append",
        default=[],
        metavar="N",
        help="how the shop calls itself; may be given several times",
    )
    mail.add_argument(
        "--at", type=_time, metavar="TIME", help="received at this time (RFC 3339); else what the mail says"
    )
    mail.add_argument("--json", action="store_true", help="the answer as JSON")
    _language(mail)
    mail.set_defaults(run=_check_mail)

    _inbound_command(commands)

    triage = commands.add_parser("triage", help="say what each message of a customer leads to, a line in, a line out")
    triage.add_argument("--events", type=Path, metavar="FILE", help="the accounts' events, as investigate takes them")
    triage.add_argument("--json", action="store_true", help="the answers as JSON, which they always are")
    triage.set_defaults(run=_triage)

    demo = commands.add_parser("demo", help="the whole story on a real shop, in a terminal")
    demo.add_argument("--json", action="store_true", help="the result as JSON")
    demo.add_argument("--keep", action="store_true", help="stay after the end, to look around in a browser")
    demo.add_argument("--into", type=Path, metavar="DIR", help="leave all that was written in this new folder")
    _language(demo)
    demo.set_defaults(run=_demo)

    serve = commands.add_parser("serve", help="the web side: events in, reports, the case page")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.set_defaults(run=_serve)
    commands.add_parser("work", help="a worker: carries cases through the stages").set_defaults(run=_work)
    commands.add_parser("migrate", help="create or bring up to date both schemas").set_defaults(run=_migrate)

    check = commands.add_parser("check", help="say in plain sentences what is wrong with a set-up")
    check.add_argument("--json", action="store_true", help="the findings as JSON")
    check.set_defaults(run=_check)

    cases = commands.add_parser("cases", help="the open cases, or one of them")
    cases.add_argument("case", nargs="?", metavar="CASE")
    cases.add_argument("--json", action="store_true", help="as JSON")
    _language(cases)
    cases.set_defaults(run=_cases)

    approve = commands.add_parser("approve", help="approve a case's plan by its hash")
    approve.add_argument("case", metavar="CASE")
    approve.add_argument("--hash", required=True, metavar="HASH", help="of the plan that you have read")
    approve.add_argument("--by", required=True, metavar="NAME", help="who approves")
    approve.add_argument("--role", choices=("agent", "lead"), default="agent")
    approve.set_defaults(run=_approve)
    _rules_command(commands)
    _staff_command(commands)
    _audit_command(commands)
    _forget_command(commands)
    return top


def _staff_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    staff = commands.add_parser("staff", help="who works at the desk, and in what role")
    staff.set_defaults(run=_staff)
    do = staff.add_subparsers(dest="do", required=True, metavar="DO")
    listed = do.add_parser("list", help="all who ever worked there")
    listed.add_argument("--json", action="store_true", help="as JSON")
    add = do.add_parser("add", help="take somebody on, and print a link to set password and second factor with")
    add.add_argument("--mail", default="", metavar="ADDRESS", help="what the company's own sign-in knows her by")
    roles = do.add_parser("roles", help="give a member these roles and no others")
    disable = do.add_parser("disable", help="let a member go, and end what is open")
    enable = do.add_parser("enable", help="let a member in again")
    link = do.add_parser("link", help="print a new link for a member")
    for command in (add, roles, disable, enable, link):
        command.add_argument("name", metavar="NAME")
    for command in (add, roles):
        command.add_argument(
            "--role",
            action="append",
            default=[],
            choices=("agent", "lead", "auditor", "admin"),
            help="may be given several times",
        )


def _rules_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    rules = commands.add_parser("rules", help="the rules that hold, or what would have been under others")
    rules.add_argument(
        "--try",
        dest="file",
        type=Path,
        metavar="FILE",
        help="TOML with rules, to be tried on past cases; writes nothing",
    )
    rules.add_argument(
        "--days",
        type=_days,
        default=90,
        metavar="N",
        help="with --try: the cases of the last so many days; without it, 90",
    )
    rules.add_argument("--json", action="store_true", help="as JSON")
    _language(rules)
    rules.set_defaults(run=_rules)


def _audit_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    audit = commands.add_parser(
        "audit", help="was anything that was written down altered? And the book for other tools"
    )
    audit.set_defaults(run=_audit)
    do = audit.add_subparsers(dest="do", required=True, metavar="DO")
    verify = do.add_parser("verify", help="look at every line of every log, and at the anchor")
    verify.add_argument(
        "--against",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="text with lines of the anchor that were kept elsewhere; may be given several times",
    )
    verify.add_argument("--json", action="store_true", help="the verdict as JSON")
    _language(verify)
    export = do.add_parser("export", help="the lines of the book, one a line of JSON, oldest first")
    export.add_argument("--from", dest="since", type=_time, metavar="TIME", help="from this time on (RFC 3339)")
    export.add_argument("--to", dest="until", type=_time, metavar="TIME", help="to before this time (RFC 3339)")
    export.add_argument("--ocsf", action="store_true", help="as events of the Open Cybersecurity Schema Framework")
    anchor = do.add_parser("anchor", help="print how everything stands, to keep it elsewhere")
    anchor.add_argument(
        "--restored", metavar="WHY", help="note that the database was put back to a copy on purpose, and why"
    )


def _forget_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    forget = commands.add_parser("forget", help="erase what is kept no longer")
    which = forget.add_mutually_exclusive_group()
    which.add_argument("--dry-run", action="store_true", help="only say what would be erased")
    which.add_argument("--keep", metavar="CASE", help="keep all of this case: it is disputed")
    which.add_argument("--let-go", metavar="CASE", help="the dispute is over")
    forget.add_argument("--why", metavar="TEXT", help="with --keep and --let-go: why; noted in the book")
    _language(forget)
    forget.set_defaults(run=_forget)


def _inbound_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    inbound = commands.add_parser("inbound", help="answer customers who forward a doubtful mail")
    inbound.add_argument("--pipe", action="store_true", help="one mail on standard input, for a mail server's pipe")
    inbound.add_argument(
        "--sender", metavar="ADDRESS", help='with --pipe: the envelope\'s sender, "" for none; else Return-Path says it'
    )
    inbound.set_defaults(run=_inbound)


def _language(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--language", choices=("ja", "en"), help="the language of the readable form; without it, LANG's"
    )


def _jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_JOBS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {MOST_JOBS}")
    return int(text)


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 4 or not 1 <= int(text) <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {MOST_DAYS}")
    return int(text)


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not an RFC 3339 time") from None
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no offset (write +09:00 or Z)")
    return at


def _investigate(arguments: argparse.Namespace) -> int:
    from takeback.terminal.investigate import run

    return run(arguments)


def _check_mail(arguments: argparse.Namespace) -> int:
    from takeback.terminal.check_mail import run

    return run(arguments)


def _inbound(arguments: argparse.Namespace) -> int:
    _without_desk()
    from takeback.terminal.inbound import serve, take

    return take(arguments.sender) if arguments.pipe else serve()


def _triage(arguments: argparse.Namespace) -> int:
    from takeback.terminal.triage import run

    return run(arguments)


def _demo(arguments: argparse.Namespace) -> int:
    from takeback.demo.story import run

    return run(as_json=arguments.json, keep=arguments.keep, language=arguments.language, into=arguments.into)


def _serve(arguments: argparse.Namespace) -> int:
    from takeback.bootstrap import house
    from takeback.web.serve import run

    run(house(), host=arguments.host, port=arguments.port)
    return 0


def _work(_: argparse.Namespace) -> int:
    _without_desk()
    from takeback.bootstrap import house
    from takeback.casework.engine import run_worker

    run_worker(house())
    return 0


def _without_desk() -> None:
    """Start without what signs staff in: this process shows no pages."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "takeback.worker_settings")


def _migrate(_: argparse.Namespace) -> int:
    from takeback.terminal.setup import migrate

    return migrate()


def _check(arguments: argparse.Namespace) -> int:
    from takeback.terminal.setup import check

    return check(as_json=arguments.json)


def _cases(arguments: argparse.Namespace) -> int:
    from takeback.terminal.cases import show

    return show(arguments.case, as_json=arguments.json, language=arguments.language)


def _approve(arguments: argparse.Namespace) -> int:
    from takeback.terminal.cases import approve

    return approve(arguments.case, plan_hash=arguments.hash, by=arguments.by, role=arguments.role)


def _staff(arguments: argparse.Namespace) -> int:
    from takeback.terminal.staff import run

    return run(arguments)


def _rules(arguments: argparse.Namespace) -> int:
    from takeback.terminal.rules import run

    return run(arguments.file, days=arguments.days, as_json=arguments.json, language=arguments.language)


def _audit(arguments: argparse.Namespace) -> int:
    from takeback.terminal.audit import run

    return run(arguments)


def _forget(arguments: argparse.Namespace) -> int:
    from takeback.terminal.retention import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
