"""What does Freeman's model say of each true strand? It scores the first act of a strand, as it would a sign-in.

It is given more than a shop could give it: it is told where a strand begins, also inside a stolen session. Of the
papers' two terms the likelihood ratio is taken alone, because that is the stronger baseline here: with every account
attacked alike, p(u|A) = 1/|U|, the first sign-in of each new account outscores most intruders and uses up the false
alarms. The threshold is the one that 1 % of the owners' strands of the training accounts reach.
"""

from collections.abc import Iterable, Sequence

from benchmarks.attributing.judging import Outcome, judged
from benchmarks.attributing.measures import FALSE_ALARMS, threshold
from benchmarks.attributing.strands import Strand
from benchmarks.freeman import Freeman
from takeback.core.investigate.findings import Actor


class Baseline:
    """The model, learning as it runs, and its threshold once it has been trained."""

    def __init__(self) -> None:
        self.model = Freeman()
        self.threshold = float("inf")

    def train(self, lives: Iterable[Sequence[Strand]]) -> None:
        """Learn the training accounts: the population from all of them, then the threshold from each owner's strand
        against what that account had shown before it. Only the population is kept; the test's accounts are others.
        """
        owned = [[strand for strand in life if not strand.intruders] for life in lives]
        for life in owned:
            for strand in life:
                if strand.entered:
                    self.model.learn(strand.first)
        self.model.forget_accounts()
        scores = []
        for life in owned:
            for strand in life:
                scores.append(self.model.likelihood(strand.first))
                if strand.entered:
                    self.model.learn_own(strand.first)
        self.model.forget_accounts()
        self.threshold = threshold(scores, FALSE_ALARMS)

    def judge(self, life: Iterable[Strand], like: Outcome) -> Outcome:
        """The same life as `like`, judged by this model. It learns what it lets in, and what it doubts if that is the
        owner's: whoever is asked to prove themselves, and does, is in (the papers' re-authentication).
        """
        found = []
        for strand in life:
            score = self.model.likelihood(strand.first)
            suspected = score >= self.threshold
            said = [Actor.INTRUDER if suspected else Actor.OWNER] * len(strand.events)
            found.append(judged(strand, score, said))
            if strand.entered and not (suspected and strand.intruders):
                self.model.learn(strand.first)
        return Outcome(
            account=like.account,
            kind=like.kind,
            attacked=like.attacked,
            hard_negative=like.hard_negative,
            compromised=any(one.verdict is Actor.INTRUDER for one in found),
            judged=tuple(found),
        )
