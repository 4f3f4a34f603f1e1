"""`takeback rules`: which rules hold, and what would have been in past cases under others?"""

import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from takeback.bootstrap import House, house
from takeback.casework.rulebook import written
from takeback.casework.rules_words import bounds, name, problem, rebuilt, told, value
from takeback.casework.wouldhave import ROWS, Trial, try_rules
from takeback.core.errors import InputError
from takeback.core.events import Json
from takeback.core.rules import RULES, Rules, Wrong, changes, less_careful, problems, value_of
from takeback.terminal.language import chosen
from takeback.words import say

_COLUMNS = ("happened", "today", "tried")


def run(file: Path | None, *, days: int, as_json: bool, language: str | None) -> int:
    """The rules that hold, or with `file` what would have been with the rules that it says. 1 when these could not be
    set at the desk.
    """
    home, words = house(), chosen(language)
    if file is None:
        return _show(home, as_json=as_json, language=words)
    now = home.rules.now()
    wished, wrong = _wished(home, file, now, words)
    trial = Trial()
    for step in try_rules(home, wished, days=days, patience=float("inf")):
        trial = step
        if sys.stderr.isatty():
            words_now = say(words, "desk_rules.tried_step", done=trial.done, total=trial.total)
            sys.stderr.write(f"\r{words_now}\x1b[K")
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    if as_json:
        _print_json(_told(home, trial, now, wished, wrong))
    else:
        _readable(home, trial, now, wished, wrong, words)
    return 1 if wrong else 0


def _show(home: House, *, as_json: bool, language: str) -> int:
    now, defaults = home.rules.now(), home.rules.defaults
    if as_json:
        rules: dict[str, Json] = {
            rule.name: {
                "value": written(value_of(now, rule.name)),
                "default": written(value_of(defaults, rule.name)),
                "unit": rule.unit.value,
                "lowest": rule.bounds(defaults)[0],
                "highest": rule.bounds(defaults)[1],
            }
            for rule in RULES
        }
        _print_json({"version": home.rules.number(), "currency": now.currency, "rules": rules})
        return 0
    table = Table(box=None, pad_edge=False)
    for column in ("rule", "now", "default", "bounds"):
        table.add_column(say(language, f"desk_rules.col_{column}"), overflow="fold")
    for rule in RULES:
        values = (value(language, rule, value_of(one, rule.name), now.currency) for one in (now, defaults))
        table.add_row(f"{name(language, rule.name)} ({rule.name})", *values, bounds(language, rule, defaults))
    number = home.rules.number()
    out = Console(highlight=False)
    out.print(
        say(language, "desk_rules.version", number=number) if number else say(language, "desk_rules.version_none")
    )
    out.print(table)
    return 0


def _wished(home: House, file: Path, now: Rules, language: str) -> tuple[Rules, list[str]]:
    """The rules of now with the file's over them, and why these could not be set. `InputError` for what is no file of
    rules.
    """
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{file}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{file} is not TOML: {error}") from None
    wished, unread, unknown = told(now, said)
    defaults = home.rules.defaults
    if unknown:
        raise InputError(f"{file}: {say(language, 'desk_rules.terminal_unknown', name=unknown[0])}")
    if unread:
        raise InputError(f"{file}: {problem(language, unread[0], defaults)}")
    found = [one for one in problems(wished, now, defaults) if one.wrong is not Wrong.NOTHING]
    return wished, [problem(language, one, defaults) for one in found]


def _readable(home: House, trial: Trial, now: Rules, wished: Rules, wrong: list[str], language: str) -> None:
    out = Console(highlight=False)
    by_name = {rule.name: rule for rule in RULES}
    for change in changes(now, wished):
        before, after = (
            value(language, by_name[change.name], one, now.currency) for one in (change.before, change.after)
        )
        title = name(language, change.name)
        out.print(say(language, "desk_rules.history_change", rule=title, before=before, after=after))
    for line in wrong:
        out.print(line, style="bold")
    daring = [name(language, one) for one in less_careful(wished, now, home.rules.defaults)]
    if daring:
        out.print(say(language, "desk_rules.change_second", rules=", ".join(daring)))
    table = Table(box=None, pad_edge=False)
    for column in ("what", *_COLUMNS):
        table.add_column(say(language, f"desk_rules.col_{column}"), justify="left" if column == "what" else "right")
    for row, counts in _counts(trial).items():
        table.add_row(say(language, f"desk_rules.row_{row}"), *("–" if n is None else str(n) for n in counts.values()))
    out.print(table if table.rows else say(language, "desk_rules.tried_none"))
    summary = {"done": trial.done, "total": trial.total, "plans": trial.plans, "seconds": f"{trial.seconds:.1f}"}
    out.print(say(language, "desk_rules.tried_summary", **summary))
    out.print(rebuilt(language, trial.rebuilt, trial.plans), style="dim")
    if trial.erased:
        out.print(say(language, "desk_rules.tried_erased", erased=trial.erased), style="dim")
    if trial.cut:
        out.print(say(language, "desk_rules.tried_cut"), style="dim")


def _counts(trial: Trial) -> dict[str, dict[str, int | None]]:
    """The counts that are not empty; None where a column means nothing."""
    columns = {"happened": trial.happened, "today": trial.today, "tried": trial.tried}
    counted = {row: {one: columns[one][row] if one in told else None for one in _COLUMNS} for row, told in ROWS}
    return {row: counts for row, counts in counted.items() if any(counts.values())}


def _told(home: House, trial: Trial, now: Rules, wished: Rules, wrong: list[str]) -> Mapping[str, object]:
    return {
        "changes": {
            one.name: {"before": written(one.before), "after": written(one.after)} for one in changes(now, wished)
        },
        "refused": wrong,
        "second_for": less_careful(wished, now, home.rules.defaults),
        "cases": trial.done,
        "of": trial.total,
        "cut": trial.cut,
        "plans": trial.plans,
        "rebuilt": trial.rebuilt,
        "erased": trial.erased,
        "counts": _counts(trial),
        "different": [{"case": one.case, "before": one.before, "after": one.after} for one in trial.different],
        "seconds": round(trial.seconds, 1),
    }


def _print_json(told: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
