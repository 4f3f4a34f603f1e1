"""What of a service outlives its process? What it answered `done`, and what it has to tell."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from examples.video import database
from takeback.core.service import ActionRequest, Outcome
from takeback.shops.pretend.journal import counts

from .contract import PASSWORD, Door, new_id
from .receiver import receiving
from .subjects import SECRET, VideoProcess, VideoSubject, client_of, wait_for

FREEZE = ActionRequest("a1", "42", "freeze", {})


@contextmanager
def pretend_process(data: Path, *more: str) -> Iterator[str]:
    """A pretend shop as a process, which is ended as roughly as can be; its base address."""
    command = [sys.executable, "-m", "takeback.shops.pretend", "--data", str(data), *more]
    environment = {**os.environ, "PRETEND_SECRET": SECRET}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.send_signal(signal.SIGKILL)


def live(door: Door, call: str, **args: object) -> object:
    answer = door.ask("POST", "/life", json.dumps({"call": call, "args": args}).encode())
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_pretend_shop_keeps_account_action_and_count_through_kill_9(tmp_path: Path) -> None:
    data = tmp_path / "shop.sqlite3"
    with pretend_process(data) as address, client_of("/shops/pretend", address) as service:
        fields = {"name": "花子", "email": "hanako@example.jp"}
        live(
            Door(address, SECRET), "register", account="42", at="2026-01-01T00:00:00+09:00", fields=fields, password="x"
        )
        assert service.act(FREEZE).outcome is Outcome.DONE
    with pretend_process(data) as address, client_of("/shops/pretend", address) as service:
        assert service.act(FREEZE).outcome is Outcome.ALREADY_DONE
        snapshot = service.account("42")
        assert snapshot is not None
        assert snapshot.frozen
        assert snapshot.fields == fields
    assert counts(data) == {"a1": (2, 1)}


def test_a_pretend_shop_tells_its_events(tmp_path: Path) -> None:
    with receiving(SECRET) as receiver, pretend_process(tmp_path / "s", "--takeback", receiver.url) as address:
        fields = {"name": "花子"}
        live(Door(address, SECRET), "register", account="42", at="2026-01-01T00:00:00Z", fields=fields, password="x")
        wait_for(lambda: receiver.of("42"), "the shop told nothing")
        [event] = receiver.of("42")
    assert event["data"] == {"actor": "system", "field": "name", "before": None, "after": "花子"}


def test_a_pretend_shop_without_a_secret_says_so(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "takeback.shops.pretend", "--data", str(tmp_path / "s")],
        env={**os.environ, "PRETEND_SECRET": "whsec_"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr == "PRETEND_SECRET must be a Standard Webhooks secret: whsec_ and base64.\n"


def test_a_video_service_keeps_what_it_answered_through_kill_9(video_alone: VideoProcess) -> None:
    with receiving(SECRET) as receiver:
        video_alone.takeback_url = receiver.url
        video_alone.start()
        with client_of("/services/video", f"{video_alone.url}/takeback") as service:
            subject = VideoSubject(video_alone, service, receiver)
            session, action_id = subject.sign_in(PASSWORD), new_id()
            assert subject.do("freeze", action_id).outcome is Outcome.DONE
            video_alone.end(signal.SIGKILL)
            video_alone.start()
            assert subject.do("freeze", action_id).outcome is Outcome.ALREADY_DONE
            assert not subject.is_in(session)
            assert len(subject.told_by(action_id)) == 1
            subject.leave()


@pytest.fixture
def told_later(video_alone: VideoProcess) -> Iterator[VideoSubject]:
    """A customer of a video service whose Takeback answers as the test wants before it takes anything."""
    with receiving(SECRET) as receiver:
        video_alone.takeback_url = receiver.url
        receiver.answers.extend([500, 401, 429])
        video_alone.start()
        with client_of("/services/video", f"{video_alone.url}/takeback") as service:
            subject = VideoSubject(video_alone, service, receiver)
            yield subject
            subject.leave()


def test_events_are_sent_again_until_takeback_takes_them(told_later: VideoSubject) -> None:
    assert len(told_later.told()) == 3
    assert told_later.receiver.requests >= 4


def test_one_refused_event_keeps_no_other_back_and_is_kept(told_later: VideoSubject) -> None:
    with closing(database.connect(told_later.video.database)) as db:
        [[bad]] = db.execute("SELECT id FROM outbox ORDER BY seq LIMIT 1").fetchall()
        told_later.receiver.refused_ids.add(bad)
        told = told_later.told()
        assert [event["data"]["field"] for event in told] == ["name", "language"]
        assert [row["id"] for row in db.execute("SELECT id FROM outbox WHERE refused IS NOT NULL")] == [bad]
