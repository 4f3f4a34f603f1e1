"""Which items are there? One row for each number of the list in docs/reference/checklist.md."""

from tests.checklist import (
    rows_credentials,
    rows_goods,
    rows_identifiers,
    rows_sessions,
    rows_ties,
    rows_value,
)
from tests.checklist.row import Row

ITEMS = 53
ROWS: tuple[Row, ...] = (
    *rows_credentials.ROWS,
    *rows_sessions.ROWS,
    *rows_identifiers.ROWS,
    *rows_ties.ROWS,
    *rows_value.ROWS,
    *rows_goods.ROWS,
)
