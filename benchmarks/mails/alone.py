"""What does one verdict take in a process of its own? `python -m benchmarks.mails.alone MAIL ZONE.json [--peer]`.

Prints `{"seconds", "peak", "verdict"}`; `peak` is the most memory that was resident, in MB, everything counted
(proc(5), VmHWM; the kernel's `ru_maxrss` would tell of the process that started this one).
"""

import json
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from subprocess import TimeoutExpired, run
from time import perf_counter

from benchmarks.mails.peer import Peer
from takeback.core.authenticity.shop import Shop
from takeback.mail.authenticity.checking import check_mail
from takeback.mail.dns.zone import ZoneResolver
from tests.mail.table.making import RECEIVED, Whole

LONGEST = 60  # seconds, after which a measurement is given up


@dataclass(frozen=True)
class Found:
    """What one process took: seconds, and MB at its worst."""

    seconds: float
    peak: float
    verdict: str


def measured(mail: Path, zone: Path, *more: str) -> Found:
    """The figures of another process, which starts afresh."""
    command = [sys.executable, "-m", __name__, str(mail), str(zone), *more]
    try:
        done = run(command, capture_output=True, check=True, timeout=LONGEST)
    except TimeoutExpired:
        return Found(LONGEST, 0.0, "given up")
    return Found(**json.loads(done.stdout))


def main() -> None:
    """Measure one mail and print what was found."""
    raw, records = Path(sys.argv[1]).read_bytes(), json.loads(Path(sys.argv[2]).read_bytes())
    start = perf_counter()
    if "--peer" in sys.argv:
        told = str(Peer(records).verify(raw))
    else:
        shop = Shop(Whole().domains, Whole().names, Whole().receivers, Whole().sealers)
        later = RECEIVED + timedelta(hours=1)
        checked = check_mail(raw, shop, ZoneResolver(records), received=RECEIVED, now=later, ledger=None)
        told = checked.verdict.verdict.value
    print(json.dumps({"seconds": perf_counter() - start, "peak": peak(), "verdict": told}))


def peak() -> float:
    """The most memory that this process held, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    line = next(line for line in lines if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    main()
