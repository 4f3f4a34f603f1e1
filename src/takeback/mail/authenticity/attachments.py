"""What may the attached files do to the person who opens them?

Judged by name, type and first bytes; the worst counts. Of an archive the list of names is read, never the contents: it
stands at the end of a zip file, so that neither a bomb nor 25 MB have to be unpacked.
"""

import io
import lzma
import re
import struct
import unicodedata
import zipfile
import zlib
from typing import NamedTuple

from takeback.core.authenticity.facts import Attachment, AttachmentKind
from takeback.mail.authenticity import hosts
from takeback.mail.authenticity.parts import FIRST_BYTES, Part, Parts, decoded

NAME_CHARS = 255
ARCHIVED = 2_000  # names of one archive that are looked at
END_BYTES = 600_000  # of an archive, encoded: where a zip file lists its names
LOOKED_BYTES = 3_000_000  # of an old office document, where macros may stand anywhere
INNER = 5  # archives in one archive
UNPACKED_BYTES = 1_000_000  # of each
LOOKED_FILES = 10  # such documents in one mail

_RUNS = """
exe com scr pif bat cmd cpl msi msp mst msix appx appxbundle msixbundle appinstaller application gadget inf reg rgs
js jse mjs vbs vbe vb wsf wsh wsc sct ws hta ps1 ps1xml ps2 psc1 psm1 psd1 msh msh1 lnk url scf desktop webloc
jar jnlp class apk xapk ipa app dmg pkg mpkg command tool workflow action sh bash zsh csh ksh run bin elf out
deb rpm appimage snap flatpak py pyc pyw pyz rb pl php iso img vhd vhdx udf cab diagcab chm hlp one onepkg
docm dotm xlsm xltm xlam xlsb pptm potm ppam ppsm sldm xll wll ppa accde accdb mdb mde ade adp slk iqy library-ms
settingcontent-ms search-ms searchconnector-ms theme themepack mcl website prf job ocx drv sys dll swf air ahk au3
"""
_PAGES = "html htm xhtml xht shtml shtm mht mhtml svg svgz"
_HARMLESS = """
pdf doc docx xls xlsx ppt pptx txt csv rtf jpg jpeg png gif bmp tif tiff webp heic zip rar 7z mp3 mp4 wav avi mov eml
ics odt ods
"""
RUNS = frozenset(_RUNS.split())
PAGES = frozenset(_PAGES.split())
HARMLESS = frozenset(_HARMLESS.split())
_PACKED = frozenset({"gz", "bz2", "xz", "z", "zst", "lz", "lzma", "br"})
_TYPES = {
    "text/html": AttachmentKind.PAGE,
    "application/xhtml+xml": AttachmentKind.PAGE,
    "image/svg+xml": AttachmentKind.PAGE,
    "multipart/related": AttachmentKind.PAGE,
    "application/hta": AttachmentKind.RUNS,
    "application/x-msdownload": AttachmentKind.RUNS,
    "application/x-msdos-program": AttachmentKind.RUNS,
    "application/x-dosexec": AttachmentKind.RUNS,
    "application/x-executable": AttachmentKind.RUNS,
    "application/x-sh": AttachmentKind.RUNS,
    "application/javascript": AttachmentKind.RUNS,
    "application/x-javascript": AttachmentKind.RUNS,
    "text/javascript": AttachmentKind.RUNS,
    "text/vbscript": AttachmentKind.RUNS,
    "application/java-archive": AttachmentKind.RUNS,
    "application/x-ms-shortcut": AttachmentKind.RUNS,
    "application/x-iso9660-image": AttachmentKind.RUNS,
    "application/vnd.android.package-archive": AttachmentKind.RUNS,
    "application/vnd.ms-word.document.macroenabled.12": AttachmentKind.RUNS,
    "application/vnd.ms-excel.sheet.macroenabled.12": AttachmentKind.RUNS,
}
_BEGINNINGS = (
    *((b"MZ", "RUNS"), (b"\x7fELF", "RUNS"), (b"#!", "RUNS"), (b"\xca\xfe\xba\xbe", "RUNS"), (b"ITSF", "RUNS")),
    *((b"\xfe\xed\xfa\xce", "RUNS"), (b"\xfe\xed\xfa\xcf", "RUNS"), (b"\xcf\xfa\xed\xfe", "RUNS")),
    *((b"\xce\xfa\xed\xfe", "RUNS"), (b"L\0\0\0\x01\x14\x02\0", "RUNS"), (b"conectix", "RUNS"), (b"vhdxfile", "RUNS")),
    *(
        (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "RUNS"),
        (b"MSCF", "RUNS"),
        (b"dex\n", "RUNS"),
        (b"[InternetShortcut]", "RUNS"),
    ),
)
_UNREADABLE = (  # what zipfile raises for files that are broken, locked or packed in a way that it does not know
    *(zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, KeyError, IndexError, OverflowError, OSError),
    *(EOFError, zlib.error, lzma.LZMAError, struct.error, AttributeError, MemoryError),
)
_CLOSED = b"PK\x03\x04"  # stands for an archive whose list cannot be read
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACROS = ("_VBA_PROJECT".encode("utf-16-le"), "Macros".encode("utf-16-le"), b"Attribut\0e VB_")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:<!--.{0,500}?-->\s*+)?<(?:!doctype\s+html|html|head|body|script|svg|meta)\b", re.I | re.S
)
_SVG = re.compile(rb"\s*+<\?xml.{0,600}?<svg\b", re.IGNORECASE | re.DOTALL)
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_GAP = re.compile(r"\s{5,}")
_NAMES_IN_BYTES = re.compile(rb"[\x20-\x7e\x80-\xff]{1,100}\.[A-Za-z0-9]{1,8}(?![A-Za-z0-9])")
_UUENCODED = re.compile(r"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?$", re.MULTILINE)
_RANK = (
    AttachmentKind.OTHER,
    AttachmentKind.PAGE,
    AttachmentKind.LOCKED,
    AttachmentKind.RUNS,
    AttachmentKind.TWO_NAMES,
)


class Reading(NamedTuple):
    """What is attached."""

    attachments: tuple[Attachment, ...]
    cut: tuple[str, ...]


def read_attachments(parts: Parts) -> Reading:
    """What each attached file may do. Never raises."""
    look = _Look()
    found = [Attachment(_shown(part.name), look.kind_of(part)) for part in parts.files]
    for text in parts.texts:
        if not text.html and "begin " in text.content:
            names = _UUENCODED.findall(text.content[:500_000])[:20]
            found += [Attachment(_shown(name), kind_by_name(name)) for name in names]
    return Reading(tuple(found), ("archive",) if look.cut else ())


def kind_by_name(name: str) -> AttachmentKind:
    """What a file of this name may do."""
    turned = bool(_TURNED.search(name))
    clear = unicodedata.normalize("NFKC", hosts.without_unseen(name[-1000:])).lower().rstrip(" .\t\"'")
    base = re.split(r"[/\\]", clear)[-1]
    pieces = [piece.strip() for piece in base.split(".")]
    if len(pieces) > 2 and pieces[-1] in _PACKED:
        pieces.pop()
    last = pieces[-1] if len(pieces) > 1 else ""
    before = pieces[-2] if len(pieces) > 2 else ""
    acts = last in RUNS or last in PAGES
    if turned or (acts and (before in HARMLESS or _GAP.search(base))):
        return AttachmentKind.TWO_NAMES
    if last in RUNS:
        return AttachmentKind.RUNS
    return AttachmentKind.PAGE if last in PAGES else AttachmentKind.OTHER


def worst(*kinds: AttachmentKind) -> AttachmentKind:
    """The worst of several."""
    return max(kinds, key=_RANK.index)


def _shown(name: str) -> str:
    """The name without control signs, so that it can be shown to a person in the order in which it is stored."""
    return "".join(sign for sign in _TURNED.sub("", name[:NAME_CHARS]) if sign.isprintable())


class _Look:
    """Looks into files, with what that may still cost."""

    def __init__(self) -> None:
        self.files = LOOKED_FILES
        self.cut = False

    def kind_of(self, part: Part) -> AttachmentKind:
        first = part.content(FIRST_BYTES)
        kind = worst(kind_by_name(part.name), _TYPES.get(part.kind, AttachmentKind.OTHER))
        if first.startswith(b"PK\x03\x04") or part.name.lower().endswith(".zip"):
            return worst(kind, self._zip(part, first))
        if first.startswith(_OLE):
            return worst(kind, self._office(part))
        return worst(kind, _by_bytes(first))

    def _office(self, part: Part) -> AttachmentKind:
        self.files -= 1
        if self.files < 0:
            self.cut = True
            return AttachmentKind.OTHER
        content = part.content(LOOKED_BYTES)
        self.cut = self.cut or part.end - part.start > LOOKED_BYTES
        if any(mark in content for mark in _MACROS):
            return AttachmentKind.RUNS
        return AttachmentKind.LOCKED if _ENCRYPTED_PACKAGE in content else AttachmentKind.OTHER

    def _zip(self, part: Part, first: bytes) -> AttachmentKind:
        self.files -= 1
        if self.files < 0:
            self.cut = True
            return AttachmentKind.OTHER
        names, locked, whole = _listed(_tail(part), first)
        self.cut = self.cut or (not whole and first.startswith(b"PK"))
        kinds = [_archived(name) for name in names]
        if locked:
            kinds.append(AttachmentKind.LOCKED)
        elif whole and any(name.lower().endswith(".zip") for name in names):
            kinds.append(self._inner(part))
        return worst(AttachmentKind.OTHER, *kinds)

    def _inner(self, part: Part) -> AttachmentKind:
        """Archives in an archive: the names in them, one level down, with little unpacked."""
        if part.end - part.start > LOOKED_BYTES:
            self.cut = True
            return AttachmentKind.OTHER
        kinds = [AttachmentKind.OTHER]
        for content in _unpacked(part.content(LOOKED_BYTES)):
            names, locked, whole = _listed(content, content[:FIRST_BYTES])
            self.cut = self.cut or not whole
            kinds += [_archived(name) for name in names]
            if locked:
                kinds.append(AttachmentKind.LOCKED)
        return worst(*kinds)


def _unpacked(packed: bytes) -> list[bytes]:
    """The archives in an archive, each as far as `UNPACKED_BYTES`; a larger one lacks its list and is then cut."""
    found: list[bytes] = []
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            inner = [one for one in archive.infolist()[:ARCHIVED] if one.filename.lower().endswith(".zip")]
            for one in inner[:INNER]:
                if one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    found.append(_CLOSED)  # LZMA takes as much memory as the file asks for
                    continue
                with archive.open(one) as opened:
                    found.append(opened.read(UNPACKED_BYTES))
    except _UNREADABLE:
        found.append(_CLOSED)
    return found


def _by_bytes(first: bytes) -> AttachmentKind:
    for begins, kind in _BEGINNINGS:
        if first.startswith(begins):
            return AttachmentKind[kind]
    if first.startswith(b"Rar!\x1a\x07"):
        locked = (first[6:7] == b"\0" and len(first) > 11 and first[10] & 0x80) or (
            first[6:7] == b"\x01" and first[12:14].find(b"\x04") != -1
        )
        names = [found.decode("utf-8", "replace") for found in _NAMES_IN_BYTES.findall(first)[:200]]
        kinds = [_archived(name) for name in names]
        return worst(AttachmentKind.LOCKED if locked else AttachmentKind.OTHER, *kinds)
    if first[257:262] == b"ustar":
        return _archived(first[:100].partition(b"\0")[0].decode("utf-8", "replace"))
    if first.startswith(b"{\\rt") and b"\\objdata" in first:
        return AttachmentKind.RUNS
    if _PAGE.match(first) or _SVG.match(first):
        return AttachmentKind.PAGE
    return AttachmentKind.OTHER


def _archived(name: str) -> AttachmentKind:
    """A file in an archive. Pages in one are left alone: saved pages and manuals are full of them."""
    if name.lower().endswith("vbaproject.bin") or "macrosheets/" in name:
        return AttachmentKind.RUNS
    if name.lower().startswith(("word/", "xl/", "ppt/", "_rels/", "docprops/", "customxml/")):
        return AttachmentKind.OTHER
    kind = kind_by_name(name)
    return AttachmentKind.OTHER if kind is AttachmentKind.PAGE and "/" in name else kind


def _tail(part: Part) -> bytes:
    """The decoded end of a file. The letters of base64 are counted from the end, in fours."""
    raw = part.buffer[max(part.start, part.end - END_BYTES) : part.end]
    if part.encoding != "base64":
        return decoded(raw, part.encoding)[0]
    letters = b"".join(raw.split())
    return decoded(letters[len(letters) % 4 :], "base64")[0]


def _listed(tail: bytes, first: bytes) -> tuple[list[str], bool, bool]:
    """The names in a zip file, whether one is encrypted, and whether the list was read to its end."""
    names: list[str] = []
    locked = False
    end = tail.rfind(b"PK\x05\x06")
    at = -1
    if end != -1 and len(tail) >= end + 22:
        size = struct.unpack_from("<I", tail, end + 12)[0]
        at = end - size
    if at < 0 or tail[at : at + 4] != b"PK\x01\x02":
        at = tail.find(b"PK\x01\x02")
    whole = end != -1 and at >= 0
    while 0 <= at <= len(tail) - 46 and tail[at : at + 4] == b"PK\x01\x02":
        if len(names) >= ARCHIVED:
            return names, locked, False
        flags = struct.unpack_from("<H", tail, at + 8)[0]
        name_size, extra, comment = struct.unpack_from("<HHH", tail, at + 28)
        names.append(_name(tail[at + 46 : at + 46 + name_size], flags))
        locked = locked or bool(flags & 1)
        at += 46 + name_size + extra + comment
    if first[:4] == b"PK\x03\x04" and len(first) > 30:  # what stands in front may differ from the list
        flags = struct.unpack_from("<H", first, 6)[0]
        name_size = struct.unpack_from("<H", first, 26)[0]
        names.append(_name(first[30 : 30 + name_size], flags))
        locked = locked or bool(flags & 1)
    return names, locked, whole


def _name(raw: bytes, flags: int) -> str:
    raw = raw[:1_000]
    if flags & 0x800:
        return raw.decode("utf-8", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp932", "replace")
