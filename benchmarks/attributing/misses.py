"""`python -m benchmarks.attributing.misses [--kind K] [--world M] [--accounts N] [--worst N] [--word] [--test]`

Where is it most wrong? Prints the worst mistakes: the truth, what was said, and the reasons with their weights. The
lives are those of the training unless `--test` is given: whoever looks at the mistakes of the test works towards them.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from benchmarks.attributing import world
from benchmarks.attributing.judging import Judged, outcome, read
from benchmarks.attributing.running import ACCOUNTS, each
from benchmarks.attributing.strands import Strand, strands
from benchmarks.attributing.world import Trial
from takeback.core.investigate.findings import Actor, Findings, SessionFinding
from takeback.core.investigation import investigate

SEVERITY = {Actor.OWNER: 0.0, Actor.UNKNOWN: 0.5, Actor.INTRUDER: 1.0}


@dataclass(frozen=True, slots=True)
class Miss:
    """A true strand that was not called what it is."""

    account: str
    kind: str
    strand: Strand
    judged: Judged
    acts: tuple[str, ...]
    findings: tuple[SessionFinding, ...]

    @property
    def error(self) -> float:
        """How far verdict and score lie from the truth, each 0..1, together."""
        truth = 1.0 if self.judged.intruders else 0.0
        return abs(SEVERITY[self.judged.verdict] - truth) + abs(self.judged.score - truth)


def misses(trial: Trial) -> list[Miss]:
    """The trial's mistakes, without the customer's word."""
    return _misses(trial, spoken=False)


def misses_despite_word(trial: Trial) -> list[Miss]:
    """The mistakes that are left with the customer's word."""
    return _misses(trial, spoken=True)


def _misses(trial: Trial, *, spoken: bool) -> list[Miss]:
    events = read(trial)
    words = (trial.said,) if spoken and trial.said else ()
    findings = investigate(trial.account, events, now=trial.now, words=words).findings
    true = strands(trial, events)
    kinds = {event.id: event.type.value for event in events}
    found = []
    for strand, judged in zip(true, outcome(trial, true, findings).judged, strict=True):
        if judged.verdict is not (Actor.INTRUDER if strand.intruders else Actor.OWNER):
            acts = tuple(kinds[name] for name in strand.events)
            found.append(Miss(trial.account, trial.kind, strand, judged, acts, _holding(strand, findings)))
    return found


def _holding(strand: Strand, findings: Findings) -> tuple[SessionFinding, ...]:
    names = set(strand.events)
    return tuple(finding for finding in findings.sessions if not names.isdisjoint(finding.events))


def lines(miss: Miss) -> Iterator[Text]:
    """A mistake for a reader."""
    truth = "intruder" if miss.judged.intruders else "owner"
    episode = ", in the episode" if miss.strand.of_episode else ""
    yield Text(
        f"{miss.account} · {miss.kind} · strand {miss.strand.name}{episode}: truly {truth}, "
        f"called {miss.judged.verdict} at {miss.judged.score:.4f}",
        style="bold",
    )
    yield Text(f"    did {', '.join(miss.acts[:12])}{' …' if len(miss.acts) > 12 else ''}")
    for finding in miss.findings:
        yield Text(f"    finding {finding.strand} ({len(finding.events)} events): {finding.probability:.4f}")
        for reason in finding.reasons:
            yield Text(f"      {reason.weight:+6.2f}  {reason.key}  {', '.join(reason.events[:3])}")


def worst(found: Iterable[Miss], many: int) -> list[Miss]:
    """The furthest off first; equal ones by account and strand."""
    return sorted(found, key=lambda miss: (-miss.error, miss.account, miss.strand.name))[:many]


def main() -> int:
    """Print the worst mistakes; 0 always, for this measures nothing."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.attributing.misses", description=__doc__)
    arguments.add_argument("--kind", help="only lives of this kind")
    arguments.add_argument("--truth", choices=("owner", "intruder"), help="only strands that truly are theirs")
    arguments.add_argument(
        "--world", type=world.named, default=world.OURS, metavar="MODULE", help="another world's module"
    )
    arguments.add_argument("--accounts", type=int, default=ACCOUNTS, metavar="N", help=f"default {ACCOUNTS}")
    arguments.add_argument("--worst", type=int, default=20, metavar="N", help="how many to print (default 20)")
    arguments.add_argument("--word", action="store_true", help="with the customer's one word")
    arguments.add_argument("--test", action="store_true", help="the test's lives, not the training's")
    chosen = arguments.parse_args()
    of_all = (world.measured_on if chosen.test else world.training)(chosen.accounts, chosen.world)
    lives = (one for one in of_all if chosen.kind in (None, one.kind))
    work = misses_despite_word if chosen.word else misses
    found = [miss for life in each(work, lives, chosen.accounts, "investigating") for miss in life]
    if chosen.truth:
        found = [miss for miss in found if miss.judged.intruders == (chosen.truth == "intruder")]
    console = Console()
    for miss in worst(found, chosen.worst):
        for line in lines(miss):
            console.print(line, soft_wrap=True)
    console.print(f"{len(found):,} strands in all were not called what they are")
    return 0


if __name__ == "__main__":
    sys.exit(main())
