"""Where does a domain begin to belong to somebody? The Public Suffix List, private suffixes included.

`alice.github.io` and `bob.github.io` have different owners, as `amazon.co.jp` and `rakuten.co.jp` have. A suffix that
the list does not know counts as one label (`shop.example`).
"""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


@cache
def _list() -> "PublicSuffixList":
    """Read once, when first asked for: loading it takes some seventy milliseconds."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def registrable(domain: str) -> str:
    """The part that one owner holds (`shop.co.jp` of `www.shop.co.jp`), "" for a suffix itself. A-labels."""
    return _list().privatesuffix(domain) or ""
