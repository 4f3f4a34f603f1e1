"""`takeback investigate`, called as its user calls it."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard

from tests.places.files import COUNTRY, write

STORIES = Path(__file__).parents[1] / "stories"
NIGHT = STORIES / "the-night" / "events.ndjson"
AT = ("--at", "2026-11-22T09:00:00+09:00")
CARD = "4242 4242 4242 4242"


def call(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "takeback.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def investigate(file: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return call("investigate", file, "--account", "42", *AT, *more)


def test_json_has_the_form_of_the_contract() -> None:
    told = json.loads(investigate(NIGHT, "--json").stdout)
    assert set(told) == {"account", "compromised", "window", "sessions", "events", "contacts", "ask", "plan"}
    assert set(told["plan"]) == {"hash", "actions", "kept", "questions", "irreversible"}
    assert set(told["window"]) == {"from", "to"}
    assert set(told["sessions"][0]) == {"session", "strand", "actor", "probability", "reasons", "events"}
    assert set(told["plan"]["actions"][0]) == {"id", "action", "args", "undoes"}
    assert set(told["contacts"][0]) == {"field", "value", "trusted", "since"}
    assert set(told["events"].values()) <= {"owner", "intruder", "unknown"}


def test_the_containment_comes_first_and_in_order() -> None:
    plan = json.loads(investigate(NIGHT, "--json").stdout)["plan"]
    first = [action["action"] for action in plan["actions"][:6]]
    assert first == ["freeze", "end_sessions", "expire_links", "disable_password", "lock_cards", "mask_cards"]


def test_contact_points_are_masked_in_both_forms() -> None:
    for form in ((), ("--json",)):
        told = investigate(NIGHT, *form).stdout
        assert "h***@example.jp" in told
    readable = investigate(NIGHT).stdout
    assert "hanako@example.jp" not in readable
    assert "+819012345678" not in readable


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", ("第三者", "取り消し計画", "これまで使われたことのない端末")),
        ("en", ("third party", "The plan", "never used here")),
    ],
)
def test_the_readable_form_is_complete_in_both_languages(language: str, words: tuple[str, ...]) -> None:
    told = investigate(NIGHT, "--language", language).stdout
    assert all(word in told for word in words)


def test_packed_files_give_the_same_answer(tmp_path: Path) -> None:
    plain = investigate(NIGHT, "--json").stdout
    for name, pack in (("events.gz", gzip.compress), ("events.zst", zstandard.ZstdCompressor().compress)):
        packed = tmp_path / name
        packed.write_bytes(pack(NIGHT.read_bytes()))
        assert investigate(packed, "--json").stdout == plain


def test_what_the_customer_said_is_weighed(tmp_path: Path) -> None:
    said = tmp_path / "said.ndjson"
    said.write_text('{"order": "1043", "mine": false}\n')
    told = json.loads(investigate(NIGHT, "--json", "--said", str(said)).stdout)
    [session] = [session for session in told["sessions"] if session["session"] == "s-x"]
    assert session["reasons"][0]["key"] == "said.not_mine"


@pytest.mark.parametrize("which", [("--account", "42"), ("--all",)])
def test_a_word_against_the_evidence_makes_the_question_that_would_decide_most(
    tmp_path: Path, which: tuple[str, ...]
) -> None:
    said = tmp_path / "said.ndjson"
    said.write_text('{"session": "s-x", "mine": true}\n')
    told = json.loads(call("investigate", NIGHT, *which, *AT, "--json", "--said", said).stdout)
    asked = told["ask"]
    assert (asked["session"], asked["strand"]) == ("s-x", "s-x")
    assert set(asked["events"]) <= {name for name, actor in told["events"].items() if actor == "unknown"}
    assert asked["settles"] == sum(actor == "unknown" for actor in told["events"].values())
    assert json.loads(investigate(NIGHT, "--json").stdout)["ask"] is None


def test_a_word_about_something_unknown_is_passed_over_and_said(tmp_path: Path) -> None:
    said = tmp_path / "said.ndjson"
    said.write_text('\n{"order": "9999", "mine": false}\n')
    done = investigate(NIGHT, "--json", "--said", str(said), "--language", "en")
    assert done.returncode == 0
    assert done.stderr == f"takeback: {said}, line 2: the order '9999' is not in this account's events (passed over)\n"


def test_all_gives_a_line_for_each_account(tmp_path: Path) -> None:
    two = tmp_path / "two.ndjson"
    other = NIGHT.read_text().replace('"subject":"42"', '"subject":"43"').replace('"id":"', '"id":"z')
    two.write_text(NIGHT.read_text() + other)
    lines = call("investigate", two, "--all", *AT, "--json").stdout.splitlines()
    assert [json.loads(line)["account"] for line in lines] == ["42", "43"]
    readable = call("investigate", two, "--all", *AT, "--language", "en").stdout.splitlines()
    assert [line.split("\t")[0] for line in readable] == ["42", "43"]


def broken(**changes: object) -> str:
    """The story with its ninth line, an order, changed."""
    lines = NIGHT.read_text().splitlines()
    event = json.loads(lines[8])
    assert event["type"] == "order.placed"
    for key, value in changes.items():
        if value is None:
            event.pop(key)
        else:
            event[key] = value
    lines[8] = json.dumps(event)
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            NIGHT.read_text()[:5000].rsplit("\n", 1)[0] + '\n{"specversion": "1.0", "id"',
            "is not a JSON object in UTF-8",
        ),
        (broken(type="order.eaten"), "line 9, type: unknown event type 'order.eaten'"),
        (broken(subject=None), "line 9, subject: is missing"),
        (broken(data={"order": {"total": {"amount": "1", "currency": "JPY"}}}), "line 9, data.order.id: is missing"),
        (broken(time="2026-11-21T02:13:00"), "line 9, time: must have an offset"),
        (
            broken(data={"order": {"id": "1", "card": CARD}}),
            "line 9, data: carries a full card number; it was not stored",
        ),
        ("", "holds no event"),
        ("\n\n", "holds no event"),
        ("x" * 2_000_000, "line 1: is longer than 1024 KiB"),
    ],
    ids=[
        "broken line",
        "unknown type",
        "missing attribute",
        "missing field",
        "no offset",
        "card",
        "empty",
        "blank",
        "long",
    ],
)
def test_bad_input_is_one_sentence_with_its_place_and_nothing_else(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "events.ndjson"
    file.write_text(text)
    done = investigate(file, "--json")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"takeback: {file}")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert "4242" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((NIGHT, "--account", "43"), "holds no event of the account '43'"),
        ((NIGHT,), "--account"),
        ((NIGHT, "--account", "42", "--at", "2026-11-22"), "has no offset"),
        ((NIGHT, "--account", "42", "--at", "noon"), "is not an RFC 3339 time"),
        ((NIGHT.parent / "nothing.ndjson", "--account", "42"), "cannot be read: No such file or directory"),
        ((NIGHT, "--account", "42", "--said", NIGHT.parent / "nothing"), "cannot be read: No such file or directory"),
        ((NIGHT, "--account", "42", "--said", NIGHT), "line 1"),
    ],
)
def test_a_wrong_call_is_said_and_ends_with_2(arguments: tuple, says: str) -> None:
    done = call("investigate", *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert says in done.stderr


def test_a_reader_who_has_seen_enough_is_no_error() -> None:
    command = f"{sys.executable} -m takeback.cli investigate {NIGHT} --account 42 --json | head -c 10"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout == '{"account"'
    assert "Traceback" not in done.stderr


def test_an_event_file_may_come_in_a_pipe() -> None:
    command = [sys.executable, "-m", "takeback.cli", "investigate", "-", "--account", "42", *AT, "--json"]
    for given in (NIGHT.read_bytes(), gzip.compress(NIGHT.read_bytes())):
        done = subprocess.run(command, input=given, capture_output=True, timeout=60, check=False)
        assert done.stdout.decode() == investigate(NIGHT, "--json").stdout


def test_a_standard_input_that_is_closed_is_said_to_be() -> None:
    command = f"exec {sys.executable} -m takeback.cli investigate - --account 42 <&-"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "takeback: -: cannot be read: Bad file descriptor\n"


def without_places(path: Path) -> Path:
    """The story as a shop tells it that knows addresses and nothing of them; the intruder's is far away."""
    lines = []
    for line in NIGHT.read_text().splitlines():
        event = json.loads(line)
        for name in ("country", "asn"):
            event["data"].get("client", {}).pop(name, None)
        lines.append(json.dumps(event))
    path.write_text("\n".join(lines))
    return path


def reasons(told: str) -> set[str]:
    return {reason["key"] for session in json.loads(told)["sessions"] for reason in session["reasons"]}


@pytest.mark.parametrize("which", [("--account", "42"), ("--all",)])
def test_places_that_the_shop_left_out_are_filled_in(tmp_path: Path, which: tuple[str, ...]) -> None:
    file, places = without_places(tmp_path / "events.ndjson"), write(tmp_path / "country.mmdb", COUNTRY)
    arguments = ("investigate", file, *which, *AT, "--json")
    bare, filled = reasons(call(*arguments).stdout), reasons(call(*arguments, "--places", places).stdout)
    assert not any(key.startswith("country.") for key in bare)
    assert any(key.startswith("country.") for key in filled)


@pytest.mark.parametrize("which", [("--account", "42"), ("--all",)])
def test_a_file_of_places_that_is_none_is_one_sentence(tmp_path: Path, which: tuple[str, ...]) -> None:
    (tmp_path / "places.mmdb").write_bytes(b"nothing")
    done = call("investigate", NIGHT, *which, "--places", tmp_path / "places.mmdb")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"takeback: The file of places {tmp_path / 'places.mmdb'} is not")
    assert done.stderr.count("\n") == 1
