"""How long does a mail of 25 MB take, and how much memory? Each in a process of its own."""

import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks.mails.alone import measured
from benchmarks.mails.mailbag import newsletter
from benchmarks.row import Row
from tests.mail.table.making import File, Letter, arrived, signed
from tests.mail.table.zone import zone

SIZE = 25_000_000
RUNS = 3
SECONDS, MEGABYTES = 2.0, 300.0


def rows() -> Iterator[Row]:
    """A film attached, and a text of that length."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "zone.json").write_text(json.dumps(zone()), encoding="utf-8")
        for what, raw in (("25 MB, a film attached", film()), ("25 MB of HTML", page())):
            (folder / "mail").write_bytes(raw)
            ours = [measured(folder / "mail", folder / "zone.json") for _ in range(RUNS)]
            assert {one.verdict for one in ours} == {"genuine"}, ours
            peer = measured(folder / "mail", folder / "zone.json", "--peer")
            yield Row(what, median(one.seconds for one in ours), "s", "dkimpy alone", peer.seconds, SECONDS)
            yield Row(f"{what}, peak", max(one.peak for one in ours), "MB", "dkimpy alone", peer.peak, MEGABYTES)


def film() -> bytes:
    """An order confirmation to which 18 MB are attached, which base64 makes 25 MB."""
    content = random.Random(7).randbytes(SIZE * 57 // 78)
    return arrived(signed(replace(newsletter(1, random.Random(7)), files=(File("film.mp4", content, "video/mp4"),))))


def page() -> bytes:
    """A newsletter without end."""
    raw = newsletter(1, random.Random(7), SIZE)
    return arrived(signed(Letter(html=raw.html)))
