"""What is a worker that can be watched? `takeback work` in a process of its own, whose one phase takes its time."""

import os
import time
from contextlib import nullcontext
from pathlib import Path

from takeback.bootstrap import House
from takeback.casework import engine, guard
from takeback.casework.phases import PHASES
from takeback.casework.progress import Progress
from takeback.configuration import load_configuration
from tests.conftest import use_database


def work(folder: Path, takes: float, grace: int) -> None:
    """Work until SIGTERM, by the settings in `folder`. The phase leaves `begun-ID` and `done-ID` there; the first one
    takes `takes` seconds.
    """
    os.environ["TAKEBACK_CONFIG"] = str(folder / "takeback.toml")  # the server of processes has that of the first test
    use_database(load_configuration())
    first = folder / "first"

    def slow(_house: House, request: str, *_: str) -> Progress:
        (folder / f"begun-{request}").touch()
        if not first.exists():
            first.touch()
            time.sleep(takes)
        (folder / f"done-{request}").touch()
        return Progress.DONE

    PHASES["call"] = slow
    engine.AT_ONCE = dict.fromkeys(engine.AT_ONCE, 1)
    guard.GRACE, guard.LOOKED = grace, 0.3
    from takeback.terminal.work import run

    run(lambda _house: nullcontext())
