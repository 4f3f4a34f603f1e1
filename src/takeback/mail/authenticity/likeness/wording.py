"""Is a label the shop's name with words added to it, as in `shop-security` or `loginshop`?"""

from functools import cache

from takeback.mail.authenticity.likeness.letters import paired, undigited
from takeback.mail.authenticity.likeness.vocabulary import ORDINARY, PRESSING

LONGEST_WORD = max(map(len, PRESSING | ORDINARY))


@cache
def _words(pairs: bool) -> dict[str, bool]:
    """Every word as a folded label shows it, with whether it presses."""
    words = dict.fromkeys(ORDINARY, False) | dict.fromkeys(PRESSING, True)
    folded = {undigited(word): presses for word, presses in words.items()}
    return {paired(word): presses for word, presses in folded.items()} if pairs else folded | words


def adds_words(label: str, name: str, careful: bool, *, pairs: bool = False) -> bool:
    """True where `label` is `name` with words before or after it. Both in the same form (`paired` with `pairs`).

    At a hyphen, any words count beside a name of its own; without one, all that is added must be words of the lists.
    A careful name (short, everyday) needs a pressing word among them either way.
    """
    if name not in label or name == label:
        return False
    at = label.find(name)
    while at >= 0:
        before, after = label[:at], label[at + len(name) :]
        apart = (not before or before[-1] == "-") and (not after or after[0] == "-")
        if apart and not careful:
            return True
        found = [_split(part, pairs) for part in (*before.split("-"), *after.split("-")) if part]
        near = [_split(part, pairs) for part in (before.split("-")[-1], after.split("-")[0]) if part]
        if found and None not in near and (not careful or True in found):
            return True
        at = label.find(name, at + 1)
    return False


def presses(part: str) -> bool:
    """True where a `shape` or `undigited` part of a label consists of words of the lists."""
    return _split(part, False) is not None


def _split(part: str, pairs: bool) -> bool | None:
    """None where the part does not fall into words; else whether one of them presses. Numbers are words too."""
    if len(part) > 63:
        return None
    words = _words(pairs)
    reached: list[bool | None] = [False] + [None] * len(part)
    for start in range(len(part)):
        so_far = reached[start]
        if so_far is None:
            continue
        if part[start].isdigit():
            reached[start + 1] = reached[start + 1] or so_far
        for end in range(start + 1, min(len(part), start + LONGEST_WORD) + 1):
            pressing = words.get(part[start:end])
            if pressing is not None:
                reached[end] = reached[end] or so_far or pressing
    return reached[-1]
