"""`takeback import`: how do millions of past events get into the event log, and go on where they were left?

A file is read as a stream. While one batch is being stored, the next one is read and checked. After each batch it is
written down how far the file is; a batch that was stored before its place was kept is stored once more, which counts
its events as repeats. So it may be ended at any moment, and called again.
"""

import argparse
import json
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from takeback.core.errors import InputError, OutsideError
from takeback.core.events import Event
from takeback.store.files import STANDARD_INPUT
from takeback.store.imported import Place, Places, identity, is_of_the_log, open_places
from takeback.terminal.badlines import BadLines
from takeback.terminal.ending import ended_in_order
from takeback.terminal.import_reading import Batch, batches
from takeback.terminal.import_told import Teller, teller

if TYPE_CHECKING:
    from takeback.casework.ports import EventLog, House

INTERRUPTED = 130  # as a shell tells of a command that Ctrl-C ended
Noticed = Callable[[list[Event]], None]


def run(arguments: argparse.Namespace) -> int:
    """Import the files one after the other. `InputError` for the first wrong line, with all before it stored."""
    from takeback.bootstrap import house, watch

    with ExitStack() as stack:
        stack.enter_context(ended_in_order())
        here = house()
        stack.callback(here.close)
        noticed: Noticed = partial(_learn_anew, here)
        if arguments.notice:
            watching = watch()
            stack.callback(watching.close)
            noticed = watching.touched
        places = open_places(here.configuration)
        stack.callback(places.close)
        bad = stack.enter_context(BadLines(arguments.skip_bad)) if arguments.skip_bad is not None else None
        told = stack.enter_context(teller(quiet=arguments.quiet))
        importer = Importer(here.event_log, places, told, source=arguments.source, bad=bad, noticed=noticed)
        for name in arguments.files:
            try:
                importer.run(name, again=arguments.again)
            except KeyboardInterrupt:
                return INTERRUPTED
            finally:
                told.clear()
                _tell(name, importer.begun, importer.place, as_json=arguments.json)
    return 0


@dataclass
class Importer:
    """Takes one file after the other into the log. `begun`, `place`: where the last one was begun, and where it is."""

    log: "EventLog"
    places: Places
    told: Teller
    source: str | None = None
    bad: BadLines | None = None
    noticed: Noticed | None = None
    begun: Place = field(default_factory=Place)
    place: Place = field(default_factory=Place)

    def run(self, name: str, *, again: bool = False) -> None:
        """Go on from where the file was left, or begin. What was stored before an error is stored, and its place kept.

        `InputError` says the file, the line and the field; `OutsideError` what the database said.
        """
        self.begun = self.place = Place()
        try:
            file = identity(name, self.source) if name != STANDARD_INPUT else None
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", file=name) from None
        if file is not None and not again:
            self.begun = self.place = self.places.find(file)
        if self.begun.whole:
            return
        self.told.begin(name, self.begun.lines)
        fault = None
        with ThreadPoolExecutor(1, "import") as storing:  # leaving the block waits for what is being stored
            stored: Future[None] | None = None
            for batch in batches(name, self.begun.lines, self.source, self.told.read, skip=self.bad is not None):
                if stored is not None:
                    stored.result()
                    self.told.done(self.place.lines)
                stored, fault = storing.submit(self._store, name, file, batch), batch.fault
            if stored is not None:
                stored.result()
        if fault is not None:
            raise fault

    def _store(self, name: str, file: str | None, batch: Batch) -> None:
        before = self.place
        try:
            accepted = self.log.append(batch.events)
            if self.bad is not None and batch.wrong:
                self.bad.write(name, batch.wrong)
            self.place = Place(
                lines=batch.line,
                stored=before.stored + accepted.stored,
                repeated=before.repeated + accepted.repeated,
                skipped=before.skipped + len(batch.wrong),
                whole=batch.whole,
            )
            if file is not None:
                self.places.keep(file, Path(name).name, self.place)
        except Exception as error:
            if not (is_of_the_log(error) or isinstance(error, OSError)):
                raise
            said = str(error).splitlines()[0] if str(error) else type(error).__name__
            where = f"{name}: it could not be stored what comes after line {before.lines}"
            raise OutsideError(f"{where}: {said}. The same command goes on from there.", permanent=False) from error
        if self.noticed is not None:
            fresh = range(len(batch.events)) if accepted.fresh is None else sorted(accepted.fresh)
            self.noticed([batch.events[place][0] for place in fresh])


def _learn_anew(here: "House", events: list[Event]) -> None:
    """What is usual in these accounts is made anew at their next event, with the past that came in."""
    with here.released(), closing(here.profiles) as profiles:
        profiles.drop({event.account for event in events})


def _tell(name: str, begun: Place, place: Place, *, as_json: bool) -> None:
    if as_json:
        told = {"file": name, "from": begun.lines, "lines": place.lines, "stored": place.stored}
        told |= {"repeated": place.repeated, "skipped": place.skipped, "whole": place.whole}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    elif begun.whole:
        sys.stdout.write(f"{name}: imported already, on {begun.at}. With --again it is read once more.\n")
    else:
        since = f", from line {begun.lines + 1:,} on" if begun.lines else ""
        skipped = f", {place.skipped:,} lines passed over" if place.skipped else ""
        end = "" if place.whole else ". It is not finished: the same command goes on from there"
        counts = f"{place.stored:,} events stored, {place.repeated:,} were there already{skipped}"
        sys.stdout.write(f"{name}: {place.lines:,} lines{since}: {counts}{end}.\n")
    sys.stdout.flush()
