"""Which mail does she ask about? The one attached to hers; else the text of hers, which is a copy and proves little.

Never her own mail: that it is genuine is not what she asks.
"""

from dataclasses import dataclass

from takeback.core.authenticity.facts import Form
from takeback.mail.authenticity.message import Message, read_message
from takeback.mail.authenticity.parts import Part, Parts, read_parts

LARGEST = 30_000_000  # octets of an attached mail, encoded
_LONGEST_TEXT = 200_000  # characters
_ENDINGS = (".eml", ".mht")


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What is to be judged: the raw mail, or the text of one. `words`: what people read in it, to tell the language."""

    mail: bytes | str
    form: Form
    words: str


def enclosed_in(message: Message) -> Enclosed:
    """What the mail of a customer brings. Never raises, for any bytes."""
    parts = read_parts(message)
    own = _text(parts)
    for part in (*parts.mails, *(part for part in parts.files if part.name.lower().endswith(_ENDINGS))):
        if raw := _mail(part):
            return Enclosed(raw, Form.ATTACHED, f"{own}\n{_text(read_parts(read_message(raw)))}")
    return Enclosed(own, Form.PASTED, own)


def _mail(part: Part) -> bytes:
    """The attached mail; b"" where it is none: without a header there is nothing to judge by."""
    raw = part.content(LARGEST).lstrip(b"\r\n")
    return raw if read_message(raw).fields else b""


def _text(parts: Parts) -> str:
    """The text of a mail as plain as it has it: HTML only where there is nothing else."""
    shown = [text for text in parts.texts if text.shown]
    plain = [text.content for text in shown if not text.html]
    return "\n".join(plain or [text.content for text in shown])[:_LONGEST_TEXT]
