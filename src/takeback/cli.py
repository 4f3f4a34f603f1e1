"""`takeback`: which command was called, and with what? Each command's work is imported only when it is called."""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from takeback import __version__
from takeback.core.errors import InputError, OutsideError, SettingsError, TakebackError
from takeback.terminal import case_call, import_call, noticing, upkeep

if TYPE_CHECKING:
    from takeback.bootstrap import House

WRONG_CALL = 2
MOST_JOBS = 256
MOST_DAYS = 365
MOST_KEY_DAYS = 3_650
MOST_OVERLAP = 30 * 24  # hours


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
    work = commands.add_parser("work", help="a worker: carries cases through the stages")
    work.add_argument("--processes", type=_jobs, default=1, metavar="N", help="so many workers; without it, one")
    work.set_defaults(run=_work)
    commands.add_parser("migrate", help="create or bring up to date both schemas").set_defaults(run=_migrate)

    check = commands.add_parser("check", help="say in plain sentences what is wrong with a set-up")
    check.add_argument("--json", action="store_true", help="the findings as JSON")
    check.set_defaults(run=_check)

    case_call.add(commands)
    _rules_command(commands)
    noticing.add(commands)
    _staff_command(commands)
    _keys_command(commands)
    _audit_command(commands)
    upkeep.add(commands)
    import_call.add(commands)
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


def _keys_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    keys = commands.add_parser("keys", help="with what services send events")
    keys.set_defaults(run=_keys)
    do = keys.add_subparsers(dest="do", required=True, metavar="DO")
    add = do.add_parser("add", help="make a key for a service, and show it once")
    add.add_argument("--source", required=True, metavar="S", help="the source of the events that it may send")
    add.add_argument(
        "--scope", action="append", default=[], choices=("events", "check-mail"), help="what it is for; else events"
    )
    add.add_argument("--name", default="", metavar="TEXT", help="what people call it")
    add.add_argument("--days", type=_key_days, metavar="N", help="how long it lasts; else until it is revoked")
    listed = do.add_parser("list", help="all that were ever made, without their secrets")
    listed.add_argument("--json", action="store_true", help="as JSON")
    rotate = do.add_parser("rotate", help="make a key in the place of another, which goes on for a while")
    rotate.add_argument("--overlap", type=_hours, metavar="HOURS", help="for how long; else 24")
    revoke = do.add_parser("revoke", help="end a key now")
    for command in (rotate, revoke):
        command.add_argument("id", metavar="ID")


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


def _key_days(text: str) -> int:
    return _count(text, 1, MOST_KEY_DAYS)


def _hours(text: str) -> int:
    return _count(text, 0, MOST_OVERLAP)


def _count(text: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 6 or not least <= int(text) <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from {least} to {most}")
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


def _work(arguments: argparse.Namespace) -> int:
    _without_desk()
    if arguments.processes > 1:
        from takeback.configuration import load_configuration
        from takeback.terminal.workers import run as run_several

        return run_several(arguments.processes, load_configuration())
    from takeback.terminal.work import run

    return run(_shown)


def _shown(here: "House") -> AbstractContextManager[None]:
    from takeback.web.metrics import showing_work

    return showing_work(here)


def _without_desk() -> None:
    """Start without what signs staff in: this process shows no pages."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "takeback.worker_settings")


def _migrate(_: argparse.Namespace) -> int:
    from takeback.terminal.setup import migrate

    return migrate()


def _check(arguments: argparse.Namespace) -> int:
    from takeback.terminal.setup import check

    return check(as_json=arguments.json)


def _staff(arguments: argparse.Namespace) -> int:
    from takeback.terminal.staff import run

    return run(arguments)


def _keys(arguments: argparse.Namespace) -> int:
    from takeback.terminal.keys import run

    return run(arguments)


def _rules(arguments: argparse.Namespace) -> int:
    from takeback.terminal.rules import run

    return run(arguments.file, days=arguments.days, as_json=arguments.json, language=arguments.language)


def _audit(arguments: argparse.Namespace) -> int:
    from takeback.terminal.audit import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
