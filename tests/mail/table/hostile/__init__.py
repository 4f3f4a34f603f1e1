"""What do forgers do? One row a trick; whatever else a row says, none of these is ever genuine."""

from tests.mail.table.hostile import addresses, domains, files, links, proofs, sendings, signatures
from tests.mail.table.making import Row

ROWS: tuple[Row, ...] = (
    *signatures.ROWS,
    *proofs.ROWS,
    *addresses.ROWS,
    *domains.ROWS,
    *links.ROWS,
    *files.ROWS,
    *sendings.ROWS,
)
