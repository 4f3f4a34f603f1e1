"""What does an investigation say of each true strand? Through the public call alone, as any user of it would."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.attributing.strands import Strand, strands
from benchmarks.attributing.world import Trial
from takeback.core.events import Event, parse_event
from takeback.core.investigate.attribution import Word
from takeback.core.investigate.findings import Actor, Findings
from takeback.core.investigation import investigate

SILENT = {Actor.OWNER: 0.0, Actor.UNKNOWN: 0.5, Actor.INTRUDER: 1.0}  # the score of an event that no finding holds


@dataclass(frozen=True, slots=True)
class Judged:
    """One true strand, judged. `score` orders strands by suspicion; `verdicts` counts its events by what was said."""

    name: str
    intruders: bool
    of_episode: bool
    score: float
    verdict: Actor
    owners_events: int
    unknown_events: int
    intruders_events: int

    @property
    def events(self) -> int:
        """How many events it has."""
        return self.owners_events + self.unknown_events + self.intruders_events


@dataclass(frozen=True, slots=True)
class Outcome:
    """One life, judged."""

    account: str
    kind: str
    attacked: bool
    hard_negative: bool
    compromised: bool  # as was said
    judged: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """A life with what ours says without a word and with the one (the same, where none was said)."""

    strands: tuple[Strand, ...]
    silent: Outcome
    spoken: Outcome


def read(trial: Trial) -> list[Event]:
    """Its events."""
    return [parse_event(line) for line in trial.lines]


def tried(trial: Trial) -> Tried:
    """The trial investigated, once without a word and once with it."""
    events = read(trial)
    true = strands(trial, events)
    silent = outcome(trial, true, _findings(trial, events, ()))
    spoken = silent if trial.said is None else outcome(trial, true, _findings(trial, events, (trial.said,)))
    return Tried(tuple(true), silent, spoken)


def _findings(trial: Trial, events: Iterable[Event], words: Sequence[Word]) -> Findings:
    return investigate(trial.account, events, now=trial.now, words=words).findings


def outcome(trial: Trial, true: Iterable[Strand], findings: Findings) -> Outcome:
    """What the findings say of each true strand.

    The score of a strand is the mean, over its events, of the probability of the finding that holds the event (the
    highest, should several hold it); an event in no finding counts 0, 0.5 or 1 as its own verdict is.
    """
    probability: dict[str, float] = {}
    for finding in findings.sessions:
        for name in finding.events:
            probability[name] = max(finding.probability, probability.get(name, 0.0))
    return Outcome(
        account=trial.account,
        kind=trial.kind,
        attacked=trial.attacked,
        hard_negative=trial.hard_negative,
        compromised=findings.compromised,
        judged=tuple(_judged(strand, findings, probability) for strand in true),
    )


def _judged(strand: Strand, findings: Findings, probability: dict[str, float]) -> Judged:
    said = [findings.events.get(name, Actor.UNKNOWN) for name in strand.events]  # silence is no acquittal
    scores = [probability.get(name, SILENT[actor]) for name, actor in zip(strand.events, said, strict=True)]
    return judged(strand, sum(scores) / len(scores), said)


def judged(strand: Strand, score: float, said: Sequence[Actor]) -> Judged:
    """The strand with the verdicts on its events: the intruder's if one event is, else unknown if one is."""
    verdict = Actor.OWNER
    if Actor.INTRUDER in said:
        verdict = Actor.INTRUDER
    elif Actor.UNKNOWN in said:
        verdict = Actor.UNKNOWN
    counts = (said.count(actor) for actor in (Actor.OWNER, Actor.UNKNOWN, Actor.INTRUDER))
    return Judged(strand.name, strand.intruders, strand.of_episode, score, verdict, *counts)
