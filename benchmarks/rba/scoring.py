"""How suspicious is each sign-in, by Freeman's model and by ours? Each against what the account had shown before it.

The file is read twice: first for who was taken over, then for the sign-ins. The population is learned from every
known user; histories are kept of the users taken over and of a sample of the others. The first 39 sign-ins of a
user's own are scored, and every takeover. A takeover enters no history, nor does a failed try enter Freeman's.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

from benchmarks.attributing.running import each
from benchmarks.freeman import Freeman
from benchmarks.rba.rows import Row, event, rows, sign_in
from takeback.core.events import Event
from takeback.core.investigation import investigate

LONGEST = 39  # sign-ins of a user that are scored: the last of the points at which re-authentication is counted


@dataclass(slots=True)
class Scores:
    """Scores of one model: of the takeovers, and of each user's own sign-ins in order of time."""

    attacks: list[float] = field(default_factory=list)
    owners: dict[str, list[float]] = field(default_factory=dict)


@dataclass(slots=True)
class User:
    """What is kept of one user for ours: the events so far, and which of them are to be scored."""

    name: str
    events: list[Event] = field(default_factory=list)
    own: int = 0  # sign-ins of the user's own
    due: list[tuple[int, bool]] = field(default_factory=list)  # place in `events`, and whether it is a takeover


@dataclass(slots=True)
class Read:
    """What a reading of the file found."""

    rows: int = 0
    users: int = 0  # who signed in at least once
    takeovers: int = 0
    freeman: Scores = field(default_factory=Scores)  # S_u(x) as in the papers, every account attacked alike
    likelihood: Scores = field(default_factory=Scores)  # its likelihood ratio alone
    kept: dict[str, User] = field(default_factory=dict)


def read(path: Path, one_in: int, opened: Callable[[Path, str], Iterable[str]]) -> Read:
    """Both passes over the file; one in `one_in` users is sampled, always the same ones."""
    attacked = {row.user for row in rows(opened(path, "who was taken over")) if row.takeover}
    found, model = Read(), Freeman()
    signed_in: set[str] = set()
    for row in rows(opened(path, "reading sign-ins")):
        found.rows += 1
        chosen = row.user in attacked or crc32(row.user.encode()) % one_in == 0
        if chosen:
            _keep(found, model, row, attacked=row.user in attacked)
        elif row.successful:
            model.learn_other(sign_in(row), new=row.user not in signed_in)
        if row.successful:
            signed_in.add(row.user)
    found.users = len(signed_in)
    return found


def _keep(found: Read, model: Freeman, row: Row, *, attacked: bool) -> None:
    user = found.kept.setdefault(row.user, User(row.user))
    if row.takeover:
        found.takeovers += 1
        found.freeman.attacks.append(model.score(sign_in(row)))
        found.likelihood.attacks.append(model.likelihood(sign_in(row)))
    elif row.successful:
        user.own += 1
        if user.own <= LONGEST:
            found.freeman.owners.setdefault(row.user, []).append(model.score(sign_in(row)))
            found.likelihood.owners.setdefault(row.user, []).append(model.likelihood(sign_in(row)))
        model.learn(sign_in(row))
    if user.own <= LONGEST or attacked:
        if row.takeover or (row.successful and user.own <= LONGEST):
            user.due.append((len(user.events), row.takeover))
        user.events.append(event(row))


def ours(users: Iterable[User], many: int) -> Scores:
    """Our scores of the same sign-ins, on all cores."""
    found = Scores()
    for name, scores in each(scored, users, many, "investigating"):
        for score, takeover in scores:
            if takeover:
                found.attacks.append(score)
            else:
                found.owners.setdefault(name, []).append(score)
    return found


def scored(user: User) -> tuple[str, list[tuple[float, bool]]]:
    """Each due sign-in's probability in an investigation of everything up to and including it."""
    return user.name, [(probability(user.events, place, user.due), takeover) for place, takeover in user.due]


def probability(events: list[Event], place: int, due: list[tuple[int, bool]]) -> float:
    """The probability of the finding that holds the sign-in; takeovers before it are left out, as the labels are
    known: the question is what one sign-in looks like after a past that is the owner's.
    """
    takeovers = {at for at, takeover in due if takeover and at < place}
    past = [one for at, one in enumerate(events[: place + 1]) if at not in takeovers]
    asked = events[place]
    findings = investigate(asked.account, past, now=asked.time).findings
    return max((one.probability for one in findings.sessions if asked.id in one.events), default=0.0)
