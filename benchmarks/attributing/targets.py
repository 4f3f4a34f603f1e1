"""What is the table held to? Each figure with its target, and Freeman's figure beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from math import isnan

from benchmarks.attributing import measures
from benchmarks.attributing.judging import Outcome
from benchmarks.attributing.running import Measured
from takeback.core.investigate.findings import Actor

AUC, RECALL, RECALL_SPOKEN, FOUND = 0.99, 0.85, 0.97, 0.92
DISTURBED, DISTURBED_KIND, OWNERS_WRONG = 0.03, 0.06, 0.003


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table. All values are shares, 0..1; NaN where there was nothing to count. `freeman` is None where
    the measure has no meaning for it; `over` is how many accounts or strands were counted, where that varies.
    """

    what: str
    value: float
    freeman: float | None
    target: float | None = None
    at_least: bool = True
    over: int | None = None

    @property
    def kept(self) -> bool | None:
        """Whether it holds; None where there is no target. Nothing counted is nothing shown."""
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target

    def as_dict(self) -> dict[str, object]:
        """The line as data; NaN, which JSON does not know, as null."""
        told = {
            key: None if isinstance(value, float) and isnan(value) else value for key, value in asdict(self).items()
        }
        return {**told, "kept": self.kept}


def figures(run: Measured) -> Iterator[Figure]:
    """The table, the lines with targets first."""
    yield from _held(run)
    yield from _told(run)
    yield from _by_intruder(run)


def _held(run: Measured) -> Iterator[Figure]:
    silent, freeman = run.silent, run.freeman
    at = run.freeman_threshold
    yield Figure("session AUC", measures.auc(silent), measures.auc(freeman), AUC)
    by_freeman = measures.recall(freeman, at)
    yield Figure("recall at 1 % false alarms, no word", measures.recall(silent), by_freeman, RECALL)
    yield Figure("  with one “not mine”", measures.recall(run.spoken), None, RECALL_SPOKEN)
    yield Figure("takeovers found (called his, or asked about)", measures.found(silent), measures.found(freeman), FOUND)
    for kind in (None, *measures.kinds(silent, attacked=False)):
        what = "hard negatives disturbed (stopped)" if kind is None else f"  {kind}"
        limit = DISTURBED if kind is None else DISTURBED_KIND
        many = sum(one.hard_negative and kind in (None, one.kind) for one in silent)
        ours, his = measures.disturbed(silent, kind), measures.disturbed(freeman, kind)
        yield Figure(what, ours, his, limit, at_least=False, over=many)
    wrong = [measures.owners_called(outcomes, Actor.INTRUDER) for outcomes in (silent, freeman)]
    many = len(measures.owners(silent))
    yield Figure("owner strands called intruder", wrong[0], wrong[1], OWNERS_WRONG, at_least=False, over=many)


def _told(run: Measured) -> Iterator[Figure]:
    """Without a target, so that a good figure above cannot be bought by a bad one that nobody sees."""
    silent, spoken, freeman = run.silent, run.spoken, run.freeman

    def owners(outcomes: Sequence[Outcome], actor: Actor) -> float:
        return measures.owners_called(outcomes, actor)

    def intruders(outcomes: Sequence[Outcome], actor: Actor) -> float:
        return measures.intruders_called(outcomes, actor)

    unknown, intruder, worded = Actor.UNKNOWN, Actor.INTRUDER, "  with the word"
    at = measures.threshold(one.score for one in measures.owners(silent))
    alarms = [measures.false_alarms(silent, at), measures.false_alarms(freeman, run.freeman_threshold)]
    yield Figure("false alarms at the threshold", alarms[0], alarms[1])
    fitted = [measures.recall(outcomes) for outcomes in (silent, freeman)]
    yield Figure("recall, thresholds set on these accounts", fitted[0], fitted[1])
    outright = [measures.found(outcomes, by=measures.CALLED) for outcomes in (silent, freeman)]
    yield Figure("takeovers called outright", outright[0], outright[1])
    yield Figure("hard negatives stopped or asked", measures.disturbed(silent, by=measures.RAISED), None)
    ordinary = [measures.ordinary_disturbed(outcomes) for outcomes in (silent, freeman)]
    yield Figure("ordinary accounts stopped", ordinary[0], ordinary[1])
    yield Figure("  stopped or asked", measures.ordinary_disturbed(silent, by=measures.RAISED), None)
    yield Figure("owners called intruder, with the word", owners(spoken, intruder), None)
    yield Figure("owner strands called unknown", owners(silent, unknown), None)
    yield Figure(worded, owners(spoken, unknown), None)
    yield Figure("intruder strands called intruder", intruders(silent, intruder), intruders(freeman, intruder))
    yield Figure(worded, intruders(spoken, intruder), None)
    yield Figure("intruder strands called unknown", intruders(silent, unknown), None)
    missed = [measures.events_missed(outcomes) for outcomes in (silent, freeman)]
    yield Figure("intruder events called the owner's", missed[0], missed[1])
    yield Figure(worded, measures.events_missed(spoken), None)
    yield Figure("takeovers found, with the word", measures.found(spoken), None)
    yield Figure("  called outright", measures.found(spoken, by=measures.CALLED), None)


def _by_intruder(run: Measured) -> Iterator[Figure]:
    limits = [
        measures.threshold(one.score for one in measures.owners(outcomes)) for outcomes in (run.silent, run.spoken)
    ]
    for kind in measures.kinds(run.silent, attacked=True):
        many = sum(one.attacked and one.kind == kind for one in run.silent)
        his = measures.recall(run.freeman, run.freeman_threshold, kind)
        yield Figure(f"recall, {kind}", measures.recall(run.silent, limits[0], kind), his, over=many)
        yield Figure("  with the word", measures.recall(run.spoken, limits[1], kind), None, over=many)
        found = measures.found(run.silent, kind), measures.found(run.freeman, kind)
        yield Figure("  found", *found, over=many)
