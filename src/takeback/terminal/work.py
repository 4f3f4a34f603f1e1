"""`takeback work`: a worker, shown to Prometheus and traced as the settings have it."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from takeback import tracing
from takeback.bootstrap import House, house
from takeback.casework.engine import run_worker
from takeback.casework.guard import still_running


def run(shown: Callable[[House], AbstractContextManager[None]]) -> int:
    """Work until SIGTERM or SIGINT; `shown` lets the measures be seen meanwhile, where they are to be."""
    here = house()
    tracing.start(here.configuration.traces.endpoint, "work")
    try:
        with nullcontext() if here.configuration.metrics.work_port is None else shown(here):
            run_worker(here)
    finally:
        tracing.stop()
    if still_running():  # a phase that did not end in its time is run again by whoever works next
        os._exit(0)
    return 0
