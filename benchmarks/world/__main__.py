"""A world in three files: `python -m benchmarks.world --accounts N [--test] --out FOLDER`.

`events.ndjson` has all accounts' events as they arrive, interleaved by time; `truth.ndjson` has a line an account with
its kind, episode and who caused which event; `said.ndjson` has the customers' words, one for each attacked account.
"""

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.world import Life, test, training


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.world", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--accounts", type=int, required=True, help="how many accounts")
    parser.add_argument("--test", action="store_true", help="the accounts to measure on, not those to learn from")
    parser.add_argument("--out", type=Path, required=True, help="the folder, made if it is not there")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    events: list[tuple[datetime, bytes]] = []
    with (asked.out / "truth.ndjson").open("w") as truth, (asked.out / "said.ndjson").open("w") as said:
        for life in (test if asked.test else training)(asked.accounts):
            events += zip(_clock(life), life.lines, strict=True)
            known = {"account": life.account, "kind": life.kind, "attacked": life.attacked, "now": life.now.isoformat()}
            truth.write(json.dumps({**known, "said": life.said, "episode": life.episode, "truth": life.truth}) + "\n")
            if life.said:
                said.write(json.dumps(life.said) + "\n")
    events.sort(key=lambda event: event[0])
    with (asked.out / "events.ndjson").open("wb") as file:
        file.writelines(line + b"\n" for _, line in events)


def _clock(life: Life) -> Iterator[datetime]:
    """For each line the latest time up to it: late and repeated lines stay where they arrived."""
    latest = datetime.min.replace(tzinfo=UTC)
    for line in life.lines:
        latest = max(latest, datetime.fromisoformat(json.loads(line)["time"]))
        yield latest


if __name__ == "__main__":
    main()
