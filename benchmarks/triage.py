"""How well are words alone read? On the held-out third of our own sentences, and on public sets where they are at hand.

Beside it stands a list of keywords, which is what many a contact form has. The public sets are not part of this
project; their folders hold the files under their own names: `banking77/train.csv`, `clinc150/train_val.json`,
`bitext-cs/dev.csv`, `nlupp-banking/dev.json`. What counts as a denial in them is in `banking77/intent_map.json`.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import nan
from pathlib import Path

from benchmarks.row import Row, typical
from takeback.core.triage import Need
from takeback.intake.reading import read
from takeback.intake.sentences import HELD_OUT, LANGUAGES, Kind, sentences

MISSED, FALSE, MILLISECONDS = 2.0, 10.0, 1.0  # recall 0.98 at 0.10 of the others; a message of usual length
KEYWORDS = re.compile(
    r"hack|fraud|stolen|unauthori[sz]ed|someone|somebody|didn't|did not|never|not mine|not me|"
    r"乗っ取|不正|身に覚え|覚えのない|勝手に|知らない|第三者|盗"
)
PEER = "keywords"
MAP = Path("banking77") / "intent_map.json"
Alarm = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Told:
    """Texts of takeovers (somebody else did it), and of everything else."""

    takeovers: Sequence[str]
    others: Sequence[str]


def rows() -> Iterator[Row]:
    """The held-out third, and how long a message takes."""
    for language in LANGUAGES:
        held = [one for one in sentences() if one.third == HELD_OUT and one.language == language]
        takeovers = [one.text for one in held if one.kind is Kind.TAKEOVER]
        others = [one.text for one in held if one.kind is not Kind.TAKEOVER]
        yield from figures(f"held out, {language}", Told(takeovers, others), MISSED, FALSE)
        usual = sorted(takeovers, key=len)[len(takeovers) // 2]
        took = typical(partial(read, usual), 201) * 1000
        by_keyword = typical(partial(KEYWORDS.search, usual), 201) * 1000
        yield Row(f"a message of {len(usual)} letters, {language}", took, "ms", PEER, by_keyword, MILLISECONDS)


def public(folder: Path) -> Iterator[Row]:
    """The public sets that are there: official development splits, or training where there is no other."""
    if not (folder / MAP).is_file():
        return
    for name, told in sorted(_sets(folder).items()):
        yield from figures(name, told)


def figures(name: str, told: Told, missed: float | None = None, false: float | None = None) -> Iterator[Row]:
    """The share of takeovers missed and of others called takeovers, in percent."""
    if told.takeovers:
        value, peer = (100 - _percent(alarm, told.takeovers) for alarm in (says_takeover, has_keyword))
        yield Row(f"{name}: {len(told.takeovers):,} takeovers, missed", value, "%", PEER, peer, missed)
    value, peer = (_percent(alarm, told.others) for alarm in (says_takeover, has_keyword))
    yield Row(f"{name}: {len(told.others):,} others, called takeovers", value, "%", PEER, peer, false)


def says_takeover(text: str) -> bool:
    """What we say."""
    return read(text).need is Need.TAKEOVER


def has_keyword(text: str) -> bool:
    """What the list says."""
    return KEYWORDS.search(text.lower()) is not None


def _percent(alarm: Alarm, texts: Sequence[str]) -> float:
    return 100 * sum(map(alarm, texts)) / len(texts) if texts else nan


def _sets(folder: Path) -> dict[str, Told]:
    mapped = json.loads((folder / MAP).read_text(encoding="utf-8"))
    found = {}
    for name, (file, readable) in _READERS.items():
        if (folder / name / file).is_file():
            found[name] = _told(readable(folder / name / file), _of(mapped, name))
    return found


def _of(mapped: dict[str, dict[str, list[str]]], name: str) -> tuple[set[str], set[str]]:
    return set(mapped["unauthorised"].get(name, ())), set(mapped["adjacent_do_not_score"].get(name, ()))


def _told(lines: Iterable[tuple[str, set[str]]], kinds: tuple[set[str], set[str]]) -> Told:
    denied, arguable = kinds
    takeovers, others = [], []
    for text, intents in lines:
        if intents & denied:
            takeovers.append(text)
        elif not intents & arguable:
            others.append(text)
    return Told(takeovers, others)


def _csv(text: str, intent: str, path: Path) -> Iterator[tuple[str, set[str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            yield line[text], {line[intent]}


def _clinc(path: Path) -> Iterator[tuple[str, set[str]]]:
    whole = json.loads(path.read_text(encoding="utf-8"))
    for part in ("val", "oos_val"):
        for text, intent in whole[part]:
            yield text, {intent}


def _nlupp(path: Path) -> Iterator[tuple[str, set[str]]]:
    for line in json.loads(path.read_text(encoding="utf-8")):
        yield line["text"], set(line.get("intents", ()))


_READERS: dict[str, tuple[str, Callable[[Path], Iterator[tuple[str, set[str]]]]]] = {
    "banking77": ("train.csv", partial(_csv, "text", "category")),
    "bitext-cs": ("dev.csv", partial(_csv, "utterance", "intent")),
    "clinc150": ("train_val.json", _clinc),
    "nlupp-banking": ("dev.json", _nlupp),
}
