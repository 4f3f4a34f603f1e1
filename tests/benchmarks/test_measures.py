"""Each measure counts what its definition says, on outcomes that are small enough to count on one's fingers."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from math import inf, isnan

import pytest

from benchmarks.attributing import measures, running, targets, world
from benchmarks.attributing.baseline import Baseline
from benchmarks.attributing.judging import Judged, Outcome, outcome, read, tried
from benchmarks.attributing.misses import lines as told
from benchmarks.attributing.misses import misses, worst
from benchmarks.attributing.strands import strands
from benchmarks.attributing.world import Trial, trial
from takeback.core.investigate.attribution import Word
from takeback.core.investigate.findings import Actor, Findings, SessionFinding
from tests.benchmarks import small_world
from tests.benchmarks.small_world import NOW, Life, event

OWNER, INTRUDER, UNKNOWN = Actor.OWNER, Actor.INTRUDER, Actor.UNKNOWN
SMALL = "tests.benchmarks.small_world"


def strand(score: float, verdict: Actor = OWNER, *, intruders: bool = False, of_episode: bool = False) -> Judged:
    counts = [2 * (verdict is actor) for actor in (OWNER, UNKNOWN, INTRUDER)]
    return Judged("s", intruders, of_episode, score, verdict, *counts)


def life(*judged: Judged, kind: str = "ordinary", attacked: bool = False, compromised: bool = False) -> Outcome:
    return Outcome("a", kind, attacked, not attacked and kind != "ordinary", compromised, judged)


def test_the_auc_is_the_share_of_pairs_in_order_with_ties_as_half() -> None:
    # intruders 0.9 and 0.5 against owners 0.1, 0.5, 0.7: 3 of 3, and 1.5 of 3
    outcomes = [life(*map(strand, (0.1, 0.5, 0.7)), strand(0.9, intruders=True), strand(0.5, intruders=True))]
    assert measures.auc(outcomes) == pytest.approx(4.5 / 6)


def test_at_most_one_in_a_hundred_reaches_the_threshold() -> None:
    scores = [number / 1000 for number in range(1000)]
    limit = measures.threshold(scores)
    assert sum(score >= limit for score in scores) == 10


def test_ties_do_not_push_false_alarms_over_the_limit() -> None:
    scores = [0.2] * 900 + [0.8] * 100
    assert sum(score >= measures.threshold(scores) for score in scores) == 0


def test_without_owners_there_is_no_threshold_to_reach() -> None:
    assert measures.threshold([]) == inf


def test_recall_counts_intruders_at_or_above_the_threshold() -> None:
    outcomes = [
        life(*(strand(number / 1000) for number in range(200))),
        life(strand(0.199, intruders=True), strand(0.198, intruders=True), kind="stuffing", attacked=True),
        life(strand(0.0, intruders=True), kind="sleeper", attacked=True),
    ]
    # 2 of 200 may reach it: those at 0.199 and 0.198, so it lies just above 0.197
    assert measures.recall(outcomes) == pytest.approx(2 / 3)
    assert measures.recall(outcomes, kind="sleeper") == 0.0
    assert measures.recall(outcomes, 0.199) == pytest.approx(1 / 3)


def test_a_takeover_is_found_when_its_own_strand_is_called_or_asked_about() -> None:
    right = strand(1, INTRUDER, intruders=True)
    wrong_one = [strand(1, INTRUDER), strand(0, OWNER, intruders=True)]
    outcomes = [
        life(right, kind="x", attacked=True, compromised=True),
        life(strand(0, OWNER, intruders=True), kind="x", attacked=True),
        life(*wrong_one, kind="x", attacked=True, compromised=True),
        life(strand(0.5, UNKNOWN, intruders=True), kind="x", attacked=True, compromised=True),
        life(strand(0)),
    ]
    assert measures.found(outcomes) == 0.5
    assert measures.found(outcomes, by=measures.CALLED) == 0.25


@pytest.mark.parametrize(
    ("verdict", "stopped", "raised"), [(OWNER, 0.0, 0.0), (UNKNOWN, 0.0, 0.5), (INTRUDER, 0.5, 0.5)]
)
def test_a_hard_negative_is_disturbed_by_an_accusation_and_its_questions_are_counted_too(
    verdict: Actor, stopped: float, raised: float
) -> None:
    outcomes = [
        life(strand(0.4, verdict, of_episode=True), kind="holiday"),
        life(strand(0.0, of_episode=True), strand(0.4, UNKNOWN), kind="holiday"),
        life(strand(0.9, INTRUDER, of_episode=True), kind="x", attacked=True),
        life(strand(0.9, INTRUDER)),
    ]
    assert measures.disturbed(outcomes) == measures.disturbed(outcomes, "holiday") == stopped
    assert measures.disturbed(outcomes, by=measures.RAISED) == raised
    assert isnan(measures.disturbed(outcomes, "house move"))


def test_an_ordinary_account_is_disturbed_by_any_strand_of_its_own() -> None:
    outcomes = [life(strand(0), strand(0.4, UNKNOWN)), life(strand(0)), life(strand(1, INTRUDER), kind="holiday")]
    assert measures.ordinary_disturbed(outcomes) == 0.0
    assert measures.ordinary_disturbed(outcomes, by=measures.RAISED) == 0.5


def test_owner_strands_are_counted_over_all_accounts() -> None:
    outcomes = [
        life(strand(0), strand(1, INTRUDER)),
        life(strand(1, INTRUDER, intruders=True), strand(0.5, UNKNOWN), kind="x", attacked=True),
        life(strand(0), kind="holiday"),
    ]
    assert measures.owners_called(outcomes, INTRUDER) == 0.25
    assert measures.owners_called(outcomes, UNKNOWN) == 0.25
    assert measures.intruders_called(outcomes, INTRUDER) == 1.0


def test_events_missed_are_weighed_by_event() -> None:
    missed = replace(strand(0, intruders=True), owners_events=3)
    outcomes = [life(missed, strand(1, INTRUDER, intruders=True), kind="x", attacked=True)]
    assert measures.events_missed(outcomes) == pytest.approx(3 / 5)


# -- strands as the truth has them


def made(*events: tuple[str, bytes], truth: Mapping[str, str], episode: tuple[str, ...] = ()) -> Trial:
    lines = tuple(line for _, line in events)
    return trial(Life("a", lines, truth, "x", True, episode, None, NOW))


def act(name: str, minutes: int, session: str | None, device: str = "d") -> tuple[str, bytes]:
    return event(
        name,
        "a",
        "account.viewed",
        NOW - timedelta(minutes=minutes),
        {"session": session, "device": device},
        {"what": "orders"},
    )


def test_one_session_with_two_actors_is_two_strands() -> None:
    stolen = made(
        act("1", 50, "s"),
        act("2", 40, "s", "x"),
        act("3", 30, "s"),
        truth={"1": "owner", "2": "intruder", "3": "owner"},
    )
    found = strands(stolen, read(stolen))
    assert [(one.events, one.intruders) for one in found] == [(("1", "3"), False), (("2",), True)]


def test_acts_without_a_session_belong_together_by_client_within_half_an_hour() -> None:
    loose = made(
        act("1", 90, None),
        act("2", 80, None),
        act("3", 79, None, "e"),
        act("4", 30, None),
        truth=dict.fromkeys("1234", "owner"),
    )
    assert [one.events for one in strands(loose, read(loose))] == [("1", "2"), ("3",), ("4",)]


def test_what_the_truth_is_silent_about_is_in_no_strand() -> None:
    shops = made(act("1", 50, "s"), act("2", 40, "s"), truth={"1": "owner"}, episode=("1",))
    (only,) = strands(shops, read(shops))
    assert only.events == ("1",)
    assert only.of_episode


def test_a_truth_about_an_event_that_does_not_exist_is_refused() -> None:
    wrong = made(act("1", 50, "s"), truth={"1": "owner", "9": "intruder"})
    with pytest.raises(ValueError, match="not among its lines"):
        strands(wrong, read(wrong))


def test_a_truth_that_is_neither_owner_nor_intruder_is_refused() -> None:
    with pytest.raises(ValueError, match="owner and intruder"):
        made(act("1", 50, "s"), truth={"1": "unknown"})


# -- from findings to outcomes


def finding(probability: float, *events: str) -> SessionFinding:
    return SessionFinding("s", UNKNOWN, probability, (), NOW, NOW, "s", events)


def test_a_strand_scores_the_mean_over_its_events_and_the_worst_verdict_on_one() -> None:
    mixed = made(
        act("1", 50, "s"),
        act("2", 40, "s"),
        act("3", 30, "s"),
        act("4", 20, "s"),
        truth=dict.fromkeys("1234", "intruder"),
    )
    verdicts = {"1": OWNER, "2": INTRUDER, "3": UNKNOWN}
    said = Findings("a", True, None, (finding(0.1, "1", "2"), finding(0.9, "2")), verdicts, ())
    (only,) = outcome(mixed, strands(mixed, read(mixed)), said).judged
    # 0.1; the higher of 0.1 and 0.9; in no finding and called unknown; in no finding and not spoken of
    assert only.score == pytest.approx((0.1 + 0.9 + 0.5 + 0.5) / 4)
    assert only.verdict is INTRUDER
    assert (only.owners_events, only.unknown_events, only.intruders_events) == (1, 2, 1)


def test_the_word_is_given_to_the_second_investigation_alone() -> None:
    robbed = trial(next(one for one in small_world.lives(3, seed=1) if one.attacked))
    assert robbed.said == Word("session", "last", mine=False)
    spoken, silent = tried(robbed), tried(replace(robbed, said=None))
    assert spoken.silent == silent.silent
    assert silent.spoken is silent.silent


# -- the whole of it


def test_both_models_are_measured_over_the_same_strands() -> None:
    run = running.measure(12, SMALL)
    assert len(run.silent) == len(run.spoken) == len(run.freeman) == 12
    for ours, his in zip(run.silent, run.freeman, strict=True):
        assert [one.name for one in ours.judged] == [one.name for one in his.judged]
    figures = {one.what: one for one in targets.figures(run)}
    assert figures["hard negatives disturbed (stopped)"].over == 4
    assert figures["session AUC"].freeman == pytest.approx(1.0)


def test_the_threshold_of_the_baseline_comes_from_its_training() -> None:
    lives = [running.learned(one) for one in world.training(60, SMALL)]
    baseline = Baseline()
    baseline.train(lives)
    test = [baseline.judge(running.learned(one), life(attacked=one.attacked)) for one in world.measured_on(30, SMALL)]
    assert measures.recall(test, baseline.threshold) == 1.0
    assert measures.false_alarms(test, baseline.threshold) <= 0.03
    roaming = Baseline()
    roaming.train([[replace(strand, intruders=False) for strand in one] for one in lives])
    assert roaming.threshold > baseline.threshold  # owners who sign in from far away ask for more patience


def called(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", "attributing", *arguments], capture_output=True, text=True, check=False
    )


def test_the_command_prints_each_figure_and_ends_well_when_every_target_is_reached() -> None:
    done = called("--world", SMALL, "--accounts", "24", "--json")
    figures = [json.loads(line) for line in done.stdout.splitlines()]
    held = [one for one in figures if one["target"] is not None]
    assert len(held) == 7
    assert done.returncode == (0 if all(one["kept"] for one in held) else 1)


def test_a_world_that_does_not_exist_is_told_in_one_sentence() -> None:
    done = called("--world", "no.such.world")
    assert done.returncode == 2
    assert "there is no module 'no.such.world'" in done.stderr


def test_a_target_that_nothing_was_counted_for_is_not_kept() -> None:
    nothing = targets.Figure("x", float("nan"), None, 0.03, at_least=False)
    assert nothing.kept is False
    assert nothing.as_dict()["value"] is None


def test_a_miss_says_what_it_was_and_why_it_was_called_that() -> None:
    robbed = next(one for one in small_world.lives(3, seed=1) if one.attacked)
    lie = trial(replace(robbed, truth=dict.fromkeys(robbed.truth, "owner")))
    found = worst(misses(lie), 1)
    text = "\n".join(str(line) for line in told(found[0]))
    assert "truly owner, called intruder" in text
    assert "order.placed" in text
    assert next(iter(found[0].findings[0].reasons)).key in text
