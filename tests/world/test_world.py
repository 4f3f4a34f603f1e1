"""Is the simulated world what the measurements take it for? The same everywhere, valid, complete, and not easy."""

import json
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks import world
from benchmarks.world import Life
from takeback.core.events import Event, parse_event

ACCOUNTS = 500
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def lives() -> list[Life]:
    return list(world.training(ACCOUNTS))


@pytest.fixture(scope="module")
def events(lives: list[Life]) -> list[tuple[Life, list[Event]]]:
    return [(life, [parse_event(line) for line in life.lines]) for life in lives]


def test_the_same_seed_gives_the_same_lives_in_another_process(lives: list[Life]) -> None:
    code = (
        "import hashlib; from benchmarks import world; "
        "print(hashlib.sha256(b''.join(b''.join(one.lines) for one in world.training(12))).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
    assert lives[:12] == list(world.training(12))


def test_an_account_is_the_same_however_many_there_are(lives: list[Life]) -> None:
    assert world.life(7, seed=1) == lives[7]


def test_training_and_test_are_other_people_in_other_years(lives: list[Life]) -> None:
    other = list(world.test(20))
    assert not {life.account for life in other} & {life.account for life in lives}
    first = [min(parse_event(line).time for line in life.lines).year for life in other]
    assert min(first) == 2025


def test_every_event_belongs_to_the_account_and_lies_before_the_investigation(
    events: list[tuple[Life, list[Event]]],
) -> None:
    for life, log in events:
        assert {event.account for event in log} == {life.account}
        assert max(event.time for event in log) < life.now


def test_the_truth_covers_exactly_what_customers_did(events: list[tuple[Life, list[Event]]]) -> None:
    for life, log in events:
        assert {event.id for event in log if event.by_customer} == set(life.truth)


def test_every_kind_occurs_in_about_its_share(lives: list[Life]) -> None:
    kinds = Counter(life.kind for life in lives)
    assert set(kinds) == {world.ORDINARY, *world.HONEST, *world.INTRUDERS}
    attacked = sum(life.attacked for life in lives) / ACCOUNTS
    assert 0.24 < attacked < 0.36
    assert 0.29 < kinds[world.ORDINARY] / ACCOUNTS < 0.41


def test_an_attacked_account_has_an_intruder_an_owner_and_a_word(lives: list[Life]) -> None:
    for life in lives:
        assert life.attacked == (life.kind in world.INTRUDERS)
        assert ("intruder" in life.truth.values()) == life.attacked
        assert "owner" in life.truth.values()
        assert (life.said is not None) == life.attacked


def test_the_word_not_mine_is_about_something_of_the_intruders(events: list[tuple[Life, list[Event]]]) -> None:
    for life, log in events:
        if life.said is None:
            continue
        assert life.said["mine"] is False
        if "order" in life.said:
            named = {e.id for e in log if getattr(getattr(e.data, "order", None), "id", None) == life.said["order"]}
        elif "session" in life.said:
            named = {e.id for e in log if e.data.client.session == life.said["session"]}
        else:
            named = {str(life.said["event"])}
        assert named
        assert {life.truth[name] for name in named} == {"intruder"}


def test_an_episode_is_of_the_one_whom_the_account_is_about(lives: list[Life]) -> None:
    for life in lives:
        assert bool(life.episode) == (life.kind != world.ORDINARY)
        side = "intruder" if life.attacked else "owner"
        assert {life.truth[name] for name in life.episode} <= {side}


def test_some_events_come_late_and_some_twice(events: list[tuple[Life, list[Event]]]) -> None:
    late = repeated = total = 0
    for _, log in events:
        total += len(log)
        repeated += len(log) - len({event.id for event in log})
        late += sum(after.time < before.time for before, after in pairwise(log))
    assert 0.002 < repeated / total < 0.01
    assert 0.005 < late / total < 0.05


def test_histories_are_neither_short_nor_long_in_the_middle(lives: list[Life]) -> None:
    sizes = sorted(len(life.lines) for life in lives)
    assert 100 <= sizes[ACCOUNTS // 2] <= 200


def test_shops_differ_in_what_they_know(events: list[tuple[Life, list[Event]]]) -> None:
    known = Counter()
    for _, log in events:
        clients = [event.data.client for event in log if event.by_customer]
        known[tuple(any(getattr(c, name) is not None for c in clients) for name in ("session", "device", "asn"))] += 1
    assert len(known) == 8
    assert known[True, True, True] < 0.6 * ACCOUNTS


def test_no_act_is_the_intruders_alone(events: list[tuple[Life, list[Event]]]) -> None:
    acts: dict[str, set[object]] = {"owner": set(), "intruder": set()}
    for life, log in events:
        for event in log:
            if event.id in life.truth:
                what = getattr(event.data, "field", None) or getattr(event.data, "collection", None)
                acts[life.truth[event.id]].add((event.type, what or getattr(event.data, "what", None)))
    assert acts["intruder"] <= acts["owner"]


def test_networks_and_browsers_are_shared_by_both_sides(events: list[tuple[Life, list[Event]]]) -> None:
    seen: dict[str, list[set[object]]] = {"owner": [set(), set()], "intruder": [set(), set()]}
    for life, log in events:
        for event in log:
            client = event.data.client
            if event.id in life.truth and client.asn is not None:
                networks, agents = seen[life.truth[event.id]]
                networks.add(str(client.asn).removeprefix("AS"))
                agents.add(client.user_agent)
    his, hers = seen["intruder"], seen["owner"]
    assert len(his[0] & hers[0]) > 20
    assert len(his[1] & hers[1]) / len(his[1]) > 0.4


def test_the_command_writes_a_world_that_lies_in_order(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.world", "--accounts", "6", "--test", "--out", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    lines = (tmp_path / "events.ndjson").read_bytes().splitlines()
    truth = [json.loads(line) for line in (tmp_path / "truth.ndjson").read_text().splitlines()]
    said = (tmp_path / "said.ndjson").read_text().splitlines()
    assert sorted(lines) == sorted(line for life in world.test(6) for line in life.lines)
    assert len({parse_event(line).account for line in lines}) == len(truth) == 6
    assert [json.loads(line) for line in said] == [known["said"] for known in truth if known["attacked"]]
