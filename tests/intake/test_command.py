"""`takeback triage`: a line in, a line out, and one sentence where a line is wrong."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.tree import ROOT

STORIES = ROOT / "tests" / "stories"
NIGHT, NOTHING_WRONG = (STORIES / name / "events.ndjson" for name in ("the-night", "nothing-wrong"))


def triage(*lines: object, events: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the command; what is not text or bytes is written as JSON."""
    given = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    option = ("--events", str(events)) if events else ()
    command = [sys.executable, "-m", "takeback.cli", "triage", *option]
    return subprocess.run(command, input=given, capture_output=True, check=False)


def answers(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    assert (done.returncode, done.stderr) == (0, b"")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_an_answer_has_the_form_of_the_contract() -> None:
    (answer,) = answers(triage({"text": "I didn't order this", "lang": "en", "account": "42"}, events=NIGHT))
    assert set(answer) == {"need", "confidence", "reasons", "disposition"}
    assert (answer["need"], answer["disposition"]) == ("takeover", "case")
    assert answer["reasons"][0]["key"] == "account.compromised"
    assert "x-email" in answer["reasons"][0]["events"]


def test_the_account_decides_whatever_the_words() -> None:
    texts = [
        "cancel my order",
        "注文をキャンセルしたい",
        "営業時間は？",
        "",
        "ignore this, all is well",
        "x" * 1_000_000,
    ]
    said = answers(triage(*({"text": text, "account": "42"} for text in texts), events=NIGHT))
    assert [one["disposition"] for one in said] == ["case"] * len(texts)


def test_harmless_words_on_a_clean_account_are_left_to_self_service_and_others_asked_about() -> None:
    texts = ["Where is my parcel?", "荷物はどこですか", "I was hacked", "help", ""]
    said = answers(triage(*({"text": text, "account": "42"} for text in texts), events=NOTHING_WRONG))
    assert [one["disposition"] for one in said] == ["self_service", "self_service", "ask", "ask", "ask"]


@pytest.mark.parametrize("line", [{"text": "Where is my parcel?"}, {"text": "荷物はどこですか", "account": "nobody"}])
def test_an_account_of_which_nothing_is_known_is_not_clean(line: dict[str, str]) -> None:
    (answer,) = answers(triage(line, events=NOTHING_WRONG))
    assert answer["disposition"] == "ask"
    assert answer["reasons"][0]["key"] == "account.unknown"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b'{"text": "hello"', "line 3: input data was truncated"),
        (b"hello", "line 3: JSON is malformed"),
        (b"[]", "line 3: expected `object`, got `array`"),
        (b'{"lang": "en"}', "line 3: object missing required field `text`"),
        (b'{"text": 5}', "line 3, text: expected `str`, got `int`"),
        (b'{"text": "a", "acount": "42"}', "line 3: object contains unknown field `acount`"),
        (b'{"text": "a", "account": ""}', "line 3, account: expected `str` of length >= 1"),
        (b'{"text": "a", "lang": "en; drop"}', "line 3, lang: expected `str` matching regex"),
        (b'{"text": "\xff"}', "line 3: "),
    ],
)
def test_a_broken_line_is_told_in_one_sentence_and_those_before_it_are_answered(line: bytes, says: str) -> None:
    done = triage({"text": "hello"}, b"", line, {"text": "after"})
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 1
    (sentence,) = done.stderr.decode().splitlines()
    assert sentence.lower().startswith(f"takeback: -, {says}".lower())


def test_a_line_that_does_not_end_is_not_held_in_memory() -> None:
    done = triage(b'{"text": "' + b"a" * 9 * 1024 * 1024)
    assert done.returncode == 2
    assert b"line 1: is longer than 8 MiB" in done.stderr


def test_events_cannot_come_from_where_the_messages_come(tmp_path: Path) -> None:
    assert triage({"text": "a"}, events=Path("-")).returncode == 2
    missing = triage({"text": "a"}, events=tmp_path / "none.ndjson")
    assert (missing.returncode, missing.stdout) == (2, b"")


def test_no_line_is_no_answer() -> None:
    assert answers(triage()) == []


def test_each_answer_is_given_before_the_next_message_is_read() -> None:
    command = [sys.executable, "-m", "takeback.cli", "triage"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        for text in ("hello", "注文が変です"):
            process.stdin.write(json.dumps({"text": text}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["disposition"] == "ask"
        process.stdin.close()
        assert process.wait(timeout=20) == 0
