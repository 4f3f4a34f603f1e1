"""Which text do these bytes spell in the charset that the mail names?

Only charsets of mail are known, by a table: Python also "decodes" idna, unicode_escape and the like. UTF-7 is refused:
readers no longer show it, and it spells `<` without one. Bytes that do not fit become U+FFFD; nothing raises.
"""

import re

_JAPANESE = {
    "iso-2022-jp": "iso2022_jp",
    "iso-2022-jp-1": "iso2022_jp_1",
    "iso-2022-jp-2": "iso2022_jp_2",
    "iso-2022-jp-3": "iso2022_jp_3",
    "iso-2022-jp-2004": "iso2022_jp_2004",
    "iso-2022-jp-ms": "iso2022_jp",
    "cp50220": "iso2022_jp",
    "cp50221": "iso2022_jp",
    "csiso2022jp": "iso2022_jp",
    "shift_jis": "cp932",  # what is labelled Shift_JIS in mail is Microsoft's: ①, ㈱ and 髙 stand in names of shops
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "ms_kanji": "cp932",
    "cp932": "cp932",
    "ms932": "cp932",
    "windows-31j": "cp932",
    "euc-jp": "euc_jp",
    "x-euc-jp": "euc_jp",
    "eucjp-ms": "euc_jp",
    "euc_jp": "euc_jp",
}
_OTHERS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",  # mail that calls itself ASCII and has other bytes is nearly always UTF-8
    "ascii": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "cp949": "cp949",
    "iso-2022-kr": "iso2022_kr",
    "koi8-r": "koi8_r",
    "koi8-u": "koi8_u",
    "macintosh": "mac_roman",
    "tis-620": "cp874",
    "iso-8859-1": "cp1252",  # as every browser and mail program reads it
    "latin1": "cp1252",
    "iso-8859-11": "cp874",
}
_CODECS = (
    _JAPANESE
    | _OTHERS
    | {f"iso-8859-{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)}
    | {f"windows-{n}": f"cp{n}" for n in range(1250, 1259)}
    | {f"cp{n}": f"cp{n}" for n in range(1250, 1259)}
    | {"windows-874": "cp874", "cp874": "cp874"}
)

_SHIFT = re.compile(rb"\x1b(\$[@B]|\$\([A-D]|\([BJIH])")
_HIGH = bytes(b | 0x80 for b in range(256))


def decode(raw: bytes, charset: str) -> tuple[str, bool]:
    """The text, and whether the charset was known. With no charset named it is guessed (and known)."""
    label = charset.strip().strip("\"'").lower()
    if not label:
        return guess(raw), True
    codec = _CODECS.get(label)
    if codec is None:
        return guess(raw), False
    try:
        return raw.decode(codec), True
    except (UnicodeDecodeError, ValueError):
        if codec.startswith("iso2022_jp"):
            return _japanese_7bit(raw), True
        return (guess(raw) if label in ("us-ascii", "ascii") else raw.decode(codec, "replace")), True


def guess(raw: bytes) -> str:
    """The text of bytes whose charset nobody named."""
    if b"\x1b$" in raw:
        return _japanese_7bit(raw)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp932")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")


def _japanese_7bit(raw: bytes) -> str:
    """ISO-2022-JP as it is really sent: with the characters of NEC and IBM, which the standard does not have.

    Row 13 of JIS X 0213 holds the same characters, so each double-byte stretch is read as EUC of that standard.
    """
    pieces = _SHIFT.split(raw)
    spelled = [pieces[0].decode("cp932", "replace")]
    for shift, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if shift.startswith(b"$"):
            spelled.append(piece.translate(_HIGH, b"\r\n \t").decode("euc_jis_2004", "replace"))
        elif shift == b"(I":
            spelled.append(piece.translate(_HIGH).decode("cp932", "replace"))
        else:
            spelled.append(piece.decode("cp932", "replace"))
    return "".join(spelled)
