"""How does the domain in question look? Its labels in every form that they are compared in, worked out once."""

from typing import NamedTuple

from takeback.mail.authenticity.likeness.letters import SLASHES, loosened, paired, shape, undigited
from takeback.mail.authenticity.likeness.reading import Reading

MOST_LABELS = 128  # more than a name of 255 octets can have


class Label(NamedTuple):
    """One label in the forms of `letters`."""

    shape: str
    undigited: str
    paired: str
    loosened: str


class Seen(NamedTuple):
    """A domain: what stands before its suffix (`org` next to the suffix, `subs` before it) and the whole."""

    plain: bool  # written with nothing but the ASCII letters that it consists of
    whole: str  # undigited
    digits: bool  # the whole has digits that read as letters
    org: Label
    subs: tuple[Label, ...]
    letters: frozenset[str]  # all that stands in the coarsest form


def label_of(shaped: str) -> Label:
    """The forms of one `shape`."""
    plain = undigited(shaped)
    pairs = paired(plain)
    return Label(shaped, plain, pairs, loosened(pairs))


def look_at(reading: Reading, owner: str) -> Seen:
    """Split the domain as people see it; `owner` is its registrable part, "" where it has none."""
    whole = shape(reading.shown)
    plain = reading.plain and whole == reading.machine
    if not plain:
        for slash in SLASHES:
            whole = whole.replace(slash, ".")
    labels = [label for label in whole.split(".")[:MOST_LABELS] if label]
    before = labels[: len(labels) - owner.count(".")] if owner else []
    whole = ".".join(labels)
    folded = undigited(whole)
    return Seen(
        plain=plain,
        whole=folded,
        digits=folded != whole,
        org=label_of(before[-1] if before else ""),
        subs=tuple(label_of(label) for label in before[:-1]),
        letters=frozenset(loosened(paired(folded))),
    )
