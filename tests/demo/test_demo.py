"""The demo, as a newcomer runs it: all is real, every result read back, every replay refused, nothing left running.

Only the price of a hash is spared: the customer signs in some thirty times, and each hash takes the shop a third of a
second.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def alive(mark: str) -> list[str]:
    """The processes whose environment carries `mark`."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


@pytest.mark.timeout(280)
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes that were left running in /proc")
def test_the_whole_story_ends_well_and_leaves_nothing_running(tmp_path: Path) -> None:
    mark = f"the-demo-of-test-{os.getpid()}"
    environment = {**os.environ, "DEMO_MARK": mark, "SHOP_QUICK_PASSWORDS": "1", "TMPDIR": str(tmp_path)}
    for name in ("TAKEBACK_CONFIG", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "takeback.cli", "demo", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert set(told["results"]) == {
        "cards_locked",
        "cards_masked",
        "password_void",
        "changes_undone",
        "orders_cancelled",
    }
    assert all(told["results"].values())
    assert len(told["replays_refused"]) == 8
    assert all(told["replays_refused"].values())
    assert told["owner_signed_in"] == {"shop": True, "video": True}
    assert (told["orders_placed"], told["orders_cancelled"], told["orders_shipped"]) == (12, 10, 2)
    assert alive(mark) == []
    assert list(tmp_path.iterdir()) == []
