"""Who is the shop, as far as its mail goes? What every other question about a mail is measured against.

This says only what is held to be the shop's. `takeback.mail.authenticity.likeness.make_shop` builds one from what a
person typed and refuses what cannot be meant (a whole public suffix such as `co.jp`); it needs a list that the core,
which reads no file, does not have.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop. Domains and host names are lower-case A-labels (`xn--…`) without the final dot."""

    domains: tuple[str, ...]  # each stands for itself and for everything under it
    names: tuple[str, ...] = ()  # how the shop calls itself: "Example Shop", "例のお店"
    receivers: tuple[
        str, ...
    ] = ()  # authserv-ids and host names whose Received and Authentication-Results are believed
    sealers: tuple[str, ...] = ()  # domains whose ARC seals are believed
