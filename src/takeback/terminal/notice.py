"""`takeback notice`: which rules over the events there are, and what would they have done?"""

import sys
import tomllib
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from takeback.bootstrap import house
from takeback.casework.online_trial import Trial, try_stream_rules
from takeback.core.errors import InputError
from takeback.core.online.rules import Does, StreamRule, problems
from takeback.terminal.language import chosen
from takeback.words import say


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rules: tuple[StreamRule, ...]


class _File(msgspec.Struct, frozen=True):
    """A file with rules: `takeback.toml` itself, or one that has its section alone."""

    notice: _Section


def run(file: Path | None, *, days: int, as_json: bool, language: str | None) -> int:
    """Try the rules of `file`, or of the settings, on the last `days` days."""
    home, words = house(), chosen(language)
    rules = home.configuration.notice.rules if file is None else _read(file)
    trial = Trial(0, {})
    for step in try_stream_rules(home, rules, since=home.clock.now() - timedelta(days=days)):
        trial = step
        if sys.stderr.isatty():
            told = say(words, "notice.step", done=trial.done, total=trial.total)
            sys.stderr.write(f"\r{told}\x1b[K")
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    if as_json:
        sys.stdout.buffer.write(msgspec.json.encode(_told(trial)) + b"\n")
    else:
        _readable(trial, words, days)
    return 0


def _read(file: Path) -> Sequence[StreamRule]:
    """The rules of a file. `InputError` says in one sentence what is wrong with it."""
    try:
        rules = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), _File).notice.rules
    except OSError as error:
        raise InputError(f"{file}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{file} is not TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise InputError(f"{file}: {error}".replace("`", "")) from None
    for problem in problems(rules):
        raise InputError(f"{file}: {problem}")
    return rules


def _told(trial: Trial) -> dict[str, object]:
    return {
        "accounts": trial.done,
        "events": trial.events,
        "cut": trial.cut,
        "rules": {
            name: {
                "on": one.rule.on,
                "does": one.rule.does.value,
                "accounts": len(one.accounts),
                "with_case": one.with_case,
                "days": len(one.days),
            }
            for name, one in trial.tried.items()
        },
    }


def _readable(trial: Trial, language: str, days: int) -> None:
    out = Console(highlight=False)
    if not trial.tried:
        out.print(say(language, "notice.none"))
        return
    table = Table(box=None, pad_edge=False)
    for column in ("rule", "on", "accounts", "with_case", *(does.value for does in Does)):
        table.add_column(say(language, f"notice.col_{column}"), justify="left" if column in ("rule", "on") else "right")
    for name, one in trial.tried.items():
        on = say(language, "notice.on" if one.rule.on else "notice.off")
        does = (str(len(one.days)) if one.rule.does is what else "–" for what in Does)
        table.add_row(name, on, str(len(one.accounts)), str(one.with_case), *does)
    out.print(table)
    out.print(say(language, "notice.summary", accounts=trial.done, events=trial.events, days=days))
    if trial.cut:
        out.print(say(language, "notice.cut"), style="dim")
