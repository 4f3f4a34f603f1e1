"""Where on the page, or on which page of events, does an event stand? What refers to events links to them.

The page lists the events that something refers to, up to a bound; the rest is on the pages of all events.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from takeback.core.events import Event
from takeback.web.desk.case.phrases import Phrases

MOST = 140  # events on the page of a case
A_PAGE = 200  # events on a page of events
FEW = 4  # links of one line


@dataclass(frozen=True, slots=True)
class Link:
    """A link to an event: where, and what it says (its time)."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Links:
    """Links to the first of several events, and how many more there are."""

    links: tuple[Link, ...] = ()
    more: int = 0


class Refs:
    """The events of one case by their place in time, and which of them are on the page."""

    def __init__(self, named: Mapping[str, Event], case_id: str, phrases: Phrases) -> None:
        self._named, self._case, self._phrases = named, case_id, phrases
        self._places = {name: place for place, name in enumerate(named)}
        self._here: frozenset[str] = frozenset()

    def choose(self, groups: Iterable[Iterable[str]]) -> list[str]:
        """Take events onto the page, those of the first groups first, up to the bound; in order of time."""
        chosen: dict[str, None] = {}
        for group in groups:
            for name in group:
                if len(chosen) >= MOST:
                    break
                if name in self._places:
                    chosen[name] = None
        self._here = frozenset(chosen)
        return sorted(chosen, key=self._places.__getitem__)

    def place(self, name: str) -> int:
        """The event's place in time, which names its anchor."""
        return self._places[name]

    def page_of(self, name: str) -> int:
        """The page of all events on which it is, from 1."""
        return self._places[name] // A_PAGE + 1

    def href(self, name: str) -> str:
        """Where it stands."""
        anchor = f"#e{self._places[name]}"
        return anchor if name in self._here else f"/desk/case/{self._case}/events?page={self.page_of(name)}{anchor}"

    def links(self, names: Iterable[str]) -> Links:
        """Links to these events; names of none are passed over."""
        found = [name for name in names if name in self._places]
        shown = tuple(Link(self.href(name), self._phrases.clock(self._named[name].time)) for name in found[:FEW])
        return Links(shown, max(len(found) - FEW, 0))
