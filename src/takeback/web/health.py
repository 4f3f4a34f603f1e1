"""Does this process live, and may it be given work? Two questions: the first asks nobody, the second the stores.

What the second found holds for a second, so that whoever asks often asks the database no oftener.
"""

import logging
import shutil
from collections.abc import Callable
from http import HTTPStatus
from threading import Lock
from time import monotonic

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from takeback.bootstrap import House, house
from takeback.core.errors import TakebackError
from takeback.store.start import waiting_migrations
from takeback.web.problem import problem

log = logging.getLogger("takeback.health")

HOLDS = 1.0  # seconds
DISK_FROM = 256 << 20  # bytes; below it a log or a write-ahead log may fill the disk before anybody has looked
NO_STORES = "the stores cannot be reached"
NO_TABLES = "the tables are not up to date: run takeback migrate"
NO_DISK = "the disk of the data directory is nearly full"


class Readiness:
    """Whether a house can be worked in, looked at once a second at most. Safe to share between threads.

    `more` are further things that must hold; each says what is wrong in one sentence, or None.
    """

    def __init__(self, here: Callable[[], House], *more: Callable[[], str | None]) -> None:
        self._here, self._more = here, more
        self._lock = Lock()
        self._until = 0.0
        self._said: str | None = None
        self._migrated = False

    def trouble(self) -> str | None:
        """What is wrong, in one sentence without a name or a path; None where nothing is."""
        with self._lock:
            if monotonic() >= self._until:
                self._said = self._look()
                self._until = monotonic() + HOLDS
            return self._said

    def _look(self) -> str | None:
        try:
            here = self._here()
            with here.released():
                here.cases.case("none")
                here.event_log.account("none")
                self._migrated = self._migrated or not waiting_migrations()  # once they are, they stay
                if not self._migrated:
                    return NO_TABLES
                if shutil.disk_usage(here.configuration.data_dir).free < DISK_FROM:
                    return NO_DISK
                return next((said for look in self._more if (said := look()) is not None), None)
        except (TakebackError, DatabaseError, OSError) as error:
            log.warning("not ready: %s", type(error).__name__)
            return NO_STORES
        except Exception as error:  # whatever a driver raises: nobody is sent here while it does
            log.warning("not ready: %s", type(error).__name__)
            return NO_STORES


_readiness = Readiness(house)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the shape of a view
    """200 `{"status": "ok"}`: the process lives and answers. No store is asked: one that is away is no reason to
    end this process.
    """
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the shape of a view
    """200 `{"status": "ready"}`, or 503 and why: send no request here for now. `takeback check` knows more."""
    said = _readiness.trouble()
    if said is not None:
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, said)
    return JsonResponse({"status": "ready"})
