"""What does `takeback notice` take? Its work is imported when it is called."""

import argparse
from pathlib import Path

MOST_DAYS = 365


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """`takeback notice`."""
    notice = commands.add_parser("notice", help="what the rules over the events would have done in the past")
    notice.add_argument(
        "--try",
        dest="file",
        type=Path,
        metavar="FILE",
        help="TOML with [[notice.rules]]; without it, those of the settings; writes nothing",
    )
    notice.add_argument(
        "--days", type=_days, default=90, metavar="N", help="the events of the last so many days; without it, 90"
    )
    notice.add_argument("--json", action="store_true", help="as JSON")
    notice.add_argument(
        "--language", choices=("ja", "en"), help="the language of the readable form; without it, LANG's"
    )
    notice.set_defaults(run=_notice)


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 4 or not 1 <= int(text) <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {MOST_DAYS}")
    return int(text)


def _notice(arguments: argparse.Namespace) -> int:
    from takeback.terminal.notice import run

    return run(arguments.file, days=arguments.days, as_json=arguments.json, language=arguments.language)
