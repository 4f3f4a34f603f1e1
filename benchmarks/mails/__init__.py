"""What does a verdict on a mail cost? Beside the DKIM verification that it contains, made by dkimpy alone."""

from collections.abc import Iterator

from benchmarks.mails import bombs, large, mixed
from benchmarks.row import Row


def rows() -> Iterator[Row]:
    """The mixed set, the largest mail that is taken, and mails made to exhaust whoever reads them."""
    yield from mixed.rows()
    yield from large.rows()
    yield from bombs.rows()
