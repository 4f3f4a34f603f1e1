"""The wave that is measured is a wave: every account is stopped and put right, and each deed is done once."""

import json
import subprocess
import sys


def test_a_small_wave_ends_with_all_on_hold_and_no_deed_done_twice() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.wave.running", "12", "2"], capture_output=True, text=True, timeout=110
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["repeats"], found["missing"]) == (0, 0)
    assert 0 < found["frozen"] <= found["held"]
