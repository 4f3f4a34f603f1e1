"""What does a text look like to a person who glances at it? The same for every spelling that looks the same.

Four forms, each coarser than the one before; two texts look alike when they agree in one of them:

* `shape`: compatibility forms (full width, mathematical letters), invisible characters, accents and letters of other
  scripts are gone, everything is lower-case: `Ａmáｚоn` reads `amazon`. Japanese look-alikes (カ and 力) become one.
* `undigited`: 0 reads o, 1 reads l, 5 reads s. One character stays one character.
* `paired`: rn reads m, vv reads w, cl reads d, nn reads m.
* `loosened`: i reads l, as a capital I does in most typefaces.

The table of Unicode's look-alikes (package confusable_homoglyphs) takes a tenth of a second to load, so it is opened
only for a letter that nothing else here explains.
"""

import re
import unicodedata
from functools import cache

# What neither Unicode's table nor the name of a letter explains, as a person reads it.
LOOKS: dict[str, str] = {
    **dict(zip("ɑαаɐ", "aaaa", strict=True)),
    **dict(zip("вьъβƅ", "bbbbb", strict=True)),
    **dict(zip("сϲⅽ", "ccc", strict=True)),
    **dict(zip("ԁð", "dd", strict=True)),
    **dict(zip("еєεҽ", "eeee", strict=True)),
    **dict(zip("ɡԍց", "ggg", strict=True)),
    **dict(zip("һнհ", "hhh", strict=True)),
    **dict(zip("ıɩιіɪ", "iiiii", strict=True)),
    **dict(zip("јϳ", "jj", strict=True)),
    **dict(zip("кκĸ", "kkk", strict=True)),
    **dict(zip("ӏ׀∣|", "llll", strict=True)),
    **dict(zip("мϻ", "mm", strict=True)),
    **dict(zip("пηŋոս", "nnnnu", strict=True)),
    **dict(zip("оοσօ๐", "ooooo", strict=True)),
    **dict(zip("рρþƿ", "pppp", strict=True)),
    **dict(zip("ԛզ", "qq", strict=True)),
    **dict(zip("гɾ", "rr", strict=True)),
    **dict(zip("ѕ$", "ss", strict=True)),
    **dict(zip("тτ", "tt", strict=True)),
    **dict(zip("υμц", "uuu", strict=True)),
    **dict(zip("νѵ", "vv", strict=True)),
    **dict(zip("ԝωшա", "wwww", strict=True)),
    **dict(zip("хχ", "xx", strict=True)),
    **dict(zip("уγү", "yyy", strict=True)),
    **dict(zip("ƻзʒƽ", "2335", strict=True)),
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    # Katakana, hiragana and kanji that differ by a hair or not at all; small kana; every long stroke.
    **dict(zip("力二口工卜八夕才千へりべぺ", "カニロエトハタオチヘリベペ", strict=True)),
    **dict(zip("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ", strict=True)),
    **dict(zip("ーー一―–—−‐‑‒─ｰ﹣", "-" * 13, strict=True)),
    **dict(zip("。．｡․·", "." * 5, strict=True)),
}
SLASHES = ("ノ", "丿", "⁄", "∕", "╱", "⧸", "/", "\\")  # seen in a host name, each passes for the end of the host
# Characters between kana and kanji and in plain ASCII stay as they are, but for these.
_USUAL = (
    *((each, looks) for each, looks in LOOKS.items() if "\u3041" <= each <= "\u9fff" or each in "|$"),
    *((each, "") for each in "\u3099\u309a\u3164"),
)
_UNUSUAL = re.compile("[^ -~\u3041-\u9fff\uac00-\ud7a3、]+")
_CONTROLS = {code: " " if chr(code) in "\t\r\n" else None for code in (*range(32), 127)}
DIGITS = str.maketrans("01345", "oleas")
PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"))


def shape(text: str) -> str:
    """The text as it looks: folded to lower-case base letters. A text of plain ASCII is only lower-cased."""
    if text.isascii():
        return text.translate(_CONTROLS).lower()
    text = unicodedata.normalize("NFKC", text).lower()
    # A replacement for each different character that changes: in a long text they are few, and `replace` is quick.
    for character, looks in _USUAL:
        if character in text:
            text = text.replace(character, looks)
    for character in set("".join(_UNUSUAL.findall(text))):
        looks = _looks(character)
        if looks != character:
            text = text.replace(character, looks)
    return text


def undigited(shaped: str) -> str:
    """Digits read as letters; as long as what went in."""
    if shaped.isascii():
        return shaped.translate(DIGITS)
    for digit, letter in zip("01345", "oleas", strict=True):
        shaped = shaped.replace(digit, letter)
    return shaped


def paired(undigited_text: str) -> str:
    """Two letters that pass for one, read as that one."""
    for pair, single in PAIRS:
        if pair in undigited_text:
            undigited_text = undigited_text.replace(pair, single)
    return undigited_text


def loosened(text: str) -> str:
    """I reads l."""
    return text.replace("i", "l")


def visible(text: str) -> str:
    """The text without characters that nobody sees or that turn the reading direction; for showing to people."""
    return text if text.isascii() and text.isprintable() else _printable(text)


def _printable(text: str) -> str:
    return "".join(" " if each in "\t\r\n" else each for each in text if not _unseen(each) or each in "\t\r\n")


@cache
def _unseen(character: str) -> bool:
    """Control, format (zero width, direction), surrogate and unassigned characters, and fillers that show nothing."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Cn", "Co"} or character in "\u034f\u115f\u1160\u3164"


@cache
def _looks(character: str) -> str:
    """What one character, already normalised and lower-case, reads as; at most a few letters."""
    if character.isascii():
        return " " if character in "\t\r\n" else LOOKS.get(character, "" if _unseen(character) else character)
    if known := LOOKS.get(character):
        return known
    if _unseen(character) or unicodedata.category(character) == "Mn":
        return ""
    if _east_asian(character):
        return character
    bare = "".join(part for part in unicodedata.normalize("NFD", character) if unicodedata.category(part) != "Mn")
    if bare != character:
        return "".join(_looks(part) for part in bare)
    return _named(character) or _tabled(character) or character


def _east_asian(character: str) -> bool:
    """Kana, kanji and hangul: no Latin letter looks like them."""
    return "\u3041" <= character <= "\u9fff" or "\uac00" <= character <= "\ud7a3"


def _named(character: str) -> str:
    """`LATIN SMALL LETTER D WITH HOOK` is a d, `LATIN LETTER SMALL CAPITAL N` an n."""
    words = unicodedata.name(character, "").split(" WITH ")[0].split()
    latin = words[:1] == ["LATIN"] and "LETTER" in words
    return words[-1].lower() if latin and len(words[-1]) == 1 and words[-1].isascii() else ""


@cache
def _tabled(character: str) -> str:
    """The Latin letter or digit that Unicode's table of look-alikes gives, "" where it gives none."""
    found = [each["c"] for each in _table().get(character, ()) if each["c"].isascii() and each["c"].isalnum()]
    # The table goes by many roads: a lower-case letter is what a folded name is compared with.
    found.sort(key=lambda one: (not one.islower(), not one.isalpha(), len(one), one))
    return found[0].lower() if found else ""


@cache
def _table() -> dict[str, list[dict[str, str]]]:
    from confusable_homoglyphs import confusables  # type: ignore[import-untyped]  # it has no types

    table: dict[str, list[dict[str, str]]] = confusables.confusables_data
    return table
