"""How is a change tried on past cases? Its page is sent as it grows, case by case, and only at its end is the button by
which the change can be made. Nothing is written but that somebody tried.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from threading import Lock
from time import monotonic
from typing import NamedTuple

from django.http import HttpResponse, StreamingHttpResponse
from django.template.loader import render_to_string

from takeback.bootstrap import house
from takeback.casework.auditbook import Act
from takeback.casework.rulebook import written
from takeback.casework.rules_words import problem, rebuilt, wished
from takeback.casework.wouldhave import LONGEST_DAYS, ROWS, Trial, try_rules
from takeback.core.case import Language
from takeback.core.events import Json
from takeback.core.permission import Verb
from takeback.core.rules import RULES, Rules, changes, less_careful, problems
from takeback.web.desk.guard import DeskRequest, desk
from takeback.web.desk.rules.pages import reader_of, sealed, shown
from takeback.web.desk.rules.shown import lines, names
from takeback.web.desk.shown import page, stand
from takeback.web.words import language_of
from takeback.words import say

HEARD_EVERY = 1.0  # seconds between two words on how far a trial is
_PLACE = b"<!-- trial -->"
_one_at_a_time = Lock()  # a trial reads many accounts: customers' pages of this process come first


class Asked(NamedTuple):
    """What is to be tried, by whom."""

    by: str
    base: int
    now: Rules
    wished: Rules
    days: int


@desk(Verb.TRY_RULES, post=True)
def try_(request: DeskRequest) -> HttpResponse:
    """Try what the form says on past cases."""
    here, language = house(), language_of(request)
    newest = here.rules.table.newest()
    base = 0 if newest is None else newest.number
    if request.POST.get("base", "") != str(base):
        return shown(request, problems=(say(language, "refusal.rules.stale"),), status=HTTPStatus.CONFLICT)
    texts = {rule.name: request.POST[rule.name] for rule in RULES if rule.name in request.POST}
    now = here.rules.at(newest)
    new, unread = wished(now, texts)
    days = _days(request.POST.get("days", ""))
    wrong = [problem(language, one, here.rules.defaults) for one in unread or problems(new, now, here.rules.defaults)]
    if days is None:
        wrong.append(say(language, "desk_rules.wrong_days", most=LONGEST_DAYS))
    if wrong or days is None:
        written_days = request.POST.get("days", "")[:9]
        return shown(request, texts=texts, days=written_days, problems=tuple(wrong), status=HTTPStatus.BAD_REQUEST)
    return _streamed(request, Asked(request.staff.name, base, now, new, days), texts)


def _days(said: str) -> int | None:
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 5 else 0
    return number if 1 <= number <= LONGEST_DAYS else None


def _streamed(request: DeskRequest, asked: Asked, texts: Mapping[str, str]) -> HttpResponse:
    language = language_of(request)
    found = changes(asked.now, asked.wished)
    values = {
        "lines": lines(reader_of(request), found, asked.now.currency),
        "days": asked.days,
        "caption": say(language, "desk_rules.tried_caption", days=asked.days),
    }
    whole = page(request, "rules_tried", values)
    head, _, tail = whole.content.partition(_PLACE)
    answer = StreamingHttpResponse(_grown(request, asked, texts, head, tail), headers=dict(whole.headers))
    answer.cookies = whole.cookies
    return answer  # type: ignore[return-value]  # as good as one that is sent at once


def _grown(request: DeskRequest, asked: Asked, texts: Mapping[str, str], head: bytes, tail: bytes) -> Iterator[bytes]:
    yield head
    if _one_at_a_time.acquire(blocking=False):
        try:
            yield from _tried(request, asked)
        finally:
            _one_at_a_time.release()
    else:
        yield _part(request, "rules_busy", {"texts": texts.items(), "days": asked.days, "base": asked.base})
    yield tail


def _tried(request: DeskRequest, asked: Asked) -> Iterator[bytes]:
    here, language, heard, trial = house(), language_of(request), monotonic(), Trial()
    for step in try_rules(here, asked.wished, days=asked.days):
        trial = step
        if monotonic() - heard > HEARD_EVERY:
            heard = monotonic()
            words = say(language, "desk_rules.tried_step", done=trial.done, total=trial.total)
            yield f'<p class="step">{words}</p>\n'.encode()
    evidence: dict[str, Json] = {
        "base": asked.base,
        "days": asked.days,
        "cases": trial.done,
        "tried": {one.name: _masked(written(one.after)) for one in changes(asked.now, asked.wished)},
    }
    here.audit.note(Act(here.clock.now(), f"staff:{asked.by}", Verb.TRY_RULES.value, evidence=evidence))
    yield _part(request, "rules_trial", _result(request, asked, trial))


def _masked(value: Json) -> Json:
    return len(value) if isinstance(value, list) else value


def _result(request: DeskRequest, asked: Asked, trial: Trial) -> Mapping[str, object]:
    language = language_of(request)
    daring = less_careful(asked.wished, asked.now, house().rules.defaults)
    return {
        "rows": _rows(language, trial),
        "days": asked.days,
        "caption": say(language, "desk_rules.tried_caption", days=asked.days),
        "summary": say(
            language,
            "desk_rules.tried_summary",
            done=trial.done,
            total=trial.total,
            plans=trial.plans,
            seconds=f"{trial.seconds:.1f}",
        ),
        "rebuilt": rebuilt(language, trial.rebuilt, trial.plans),
        "erased": say(language, "desk_rules.tried_erased", erased=trial.erased) if trial.erased else "",
        "trial": trial,
        "different": [
            (one.case, *(say(language, f"desk_rules.need_{need.value}") for need in (one.before, one.after)))
            for one in trial.different
        ],
        "may_read": request.staff.may(Verb.READ_CASE),
        "may_change": request.staff.may(Verb.CHANGE_RULES),
        "second": say(language, "desk_rules.change_second", rules=names(language, daring)) if daring else "",
        "tried": sealed(asked.base, asked.wished, asked.by),
    }


def _rows(language: Language, trial: Trial) -> list[tuple[str, list[int | None]]]:
    """The counts; a row that is empty in every column is left out."""
    columns = {"happened": trial.happened, "today": trial.today, "tried": trial.tried}
    counted = ((name, [columns[column][name] if column in told else None for column in columns]) for name, told in ROWS)
    return [(say(language, f"desk_rules.row_{name}"), counts) for name, counts in counted if any(counts)]


def _part(request: DeskRequest, template: str, values: Mapping[str, object]) -> bytes:
    return render_to_string(f"desk/{template}.html", stand(request) | dict(values), request=request).encode()
