"""May the machine that handed the mail in send for the envelope's domain? (SPF: RFC 7208, by pyspf.)

Asked only with what a believed Received line says. It never makes a mail genuine: it knows nothing of its author.
"""

from collections.abc import Iterator
from contextvars import ContextVar
from functools import cache
from importlib import import_module
from types import ModuleType
from warnings import catch_warnings, simplefilter

from takeback.core.authenticity.facts import Spf, SpfState
from takeback.mail.authenticity import tags
from takeback.mail.authenticity.received import Receipt
from takeback.mail.dns.port import AnswerState, Resolver

SECONDS = 4  # pyspf's own limit for all questions; the resolver's deadline usually comes first

_STATES = {
    "none": SpfState.NONE,
    "neutral": SpfState.NEUTRAL,
    "pass": SpfState.PASS,
    "fail": SpfState.FAIL,
    "softfail": SpfState.SOFTFAIL,
    "temperror": SpfState.UNREACHABLE,
    "permerror": SpfState.MALFORMED,
}
_asked: ContextVar[Resolver] = ContextVar("the resolver of the check that runs in this thread")


def spf(receipt: Receipt, resolver: Resolver) -> Spf:
    """What SPF says of the machine that handed the mail in; not checked where no believed line says which.

    Never raises. The questions go to `resolver`, one after the other.
    """
    domain = tags.domain((receipt.mail_from.rpartition("@")[2] or receipt.helo).encode("utf-8", "replace"))
    if not receipt.ip or not domain:
        return Spf()
    library = _pyspf()
    token = _asked.set(resolver)
    try:
        query = library.query(i=receipt.ip, s=receipt.mail_from, h=receipt.helo, timeout=SECONDS, querytime=SECONDS)
        said = str(query.check()[0])
    except Exception:  # whatever a library makes of a hostile record, the verdict goes on without it
        said = "permerror"
    finally:
        _asked.reset(token)
    return Spf(_STATES.get(said, SpfState.MALFORMED), domain, receipt.ip)


@cache
def _pyspf() -> ModuleType:
    """pyspf, asking our resolver. Imported late: it loads dnspython, and most mails need neither.

    Its hook is one name for the whole process, so it is set once, and whom it asks is said per thread.
    """
    with catch_warnings():
        simplefilter("ignore")  # the library's docstrings hold escapes that Python has come to warn of
        library = import_module("spf")
    library.DNSLookup = _look_up  # type: ignore[attr-defined]  # the library's own hook
    return library


def _look_up(name: str, kind: str, *_: object) -> list[tuple[tuple[str, str], object]]:
    """A question of pyspf (which also says how long it would wait), put to the resolver of this thread."""
    answer = _asked.get().ask(name, kind)
    if answer.state is AnswerState.UNREACHABLE:
        raise _pyspf().TempError("the DNS does not answer")
    return [((name, kind), value) for value in _values(kind, answer.records)]


def _values(kind: str, records: tuple[str, ...]) -> Iterator[object]:
    for record in records:
        if kind in ("TXT", "SPF"):
            yield (record.encode("utf-8", "replace"),)
        elif kind == "MX":
            preference, _, host = record.partition(" ")
            yield (int(preference) if preference.isdigit() else 0, host.strip())
        else:
            yield record
