"""Does each mail of the table get its verdict and main reason? And is nothing that was forged or changed genuine?"""

import random

import pytest

from tests.mail.table import genuine, hostile
from tests.mail.table.asking import verdict
from tests.mail.table.making import Row
from tests.mail.table.mutating import mutated

MUTATIONS, SEED = 2000, 20250520
EVERY = (*hostile.ROWS, *genuine.ROWS)
PROVED_BY_SEAL = {"signed.by_shop", "arc.attested"}
SEALED = [
    row
    for row in genuine.ROWS
    if row.verdict == {"genuine"} and row.because <= PROVED_BY_SEAL and row is not genuine.INSIDE
]


def test_the_table_is_as_large_as_it_is_said_to_be() -> None:
    assert len(hostile.ROWS) >= 80
    assert len(genuine.ROWS) >= 30
    assert len({row.name for row in EVERY}) == len(EVERY)
    assert {row.language for row in hostile.ROWS} == {"ja", "en"}
    assert not any("genuine" in row.verdict for row in hostile.ROWS)


@pytest.mark.parametrize("row", hostile.ROWS, ids=lambda row: row.name)
def test_a_hostile_mail_gets_its_verdict_and_its_main_reason(row: Row) -> None:
    told, reasons = verdict(row.make())
    assert told in row.verdict, reasons
    assert reasons[0] in row.because, reasons


@pytest.mark.parametrize("row", genuine.ROWS, ids=lambda row: row.name)
def test_an_honest_mail_gets_its_verdict_and_its_main_reason(row: Row) -> None:
    told, reasons = verdict(row.make())
    assert told in row.verdict, reasons
    assert reasons[0] in row.because, reasons


@pytest.mark.parametrize("row", SEALED, ids=lambda row: row.name)
def test_a_genuine_mail_is_not_genuine_once_it_is_changed(row: Row) -> None:
    """2,000 changes in all, each a mail of its own."""
    mail = row.make()
    chance = random.Random(f"{SEED} {row.name}")
    believed = []
    for _ in range(-(-MUTATIONS // len(SEALED))):
        done, raw = mutated(mail.raw, chance)
        told, reasons = verdict(mail.with_raw(raw))
        if told == "genuine":
            believed.append((done, reasons, raw))
    assert believed == []
