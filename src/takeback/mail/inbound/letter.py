"""How is the answer worded? In our words alone: of the judged mail only domains are named, and those so that no mail
program makes a link of them.
"""

from collections.abc import Mapping, Sequence

from takeback.casework.doubt import Answer
from takeback.casework.ports import Letter
from takeback.core.authenticity.reasons import Reason
from takeback.core.case import Language
from takeback.core.investigate.findings import Actor
from takeback.mail.notices import written
from takeback.words import say

TEMPLATE = "verdict"
MOST_REASONS = 6
# Anything else a stranger wrote himself: display names and names of files can hold a sentence.
_NAMED = frozenset({"domain", "domains", "like", "host", "text", "sealer", "receiver", "ip", "to"})
_OURS = frozenset({"date", "order", "headers"})
_LEFT_OUT = "…"


def answer_letter(to: str, letter: str, answers: str, answer: Answer, languages: Sequence[Language]) -> Letter:
    """The answer to `to`, in each of these languages. `answers` is the Message-ID of the mail that it answers."""
    told = [_told(answer, language) for language in languages]
    subject = "　".join(_subject(one) for one in told) if len(told) == 1 else " / ".join(_subject(one) for one in told)
    text = "\n\n――――――――\n\n".join(_text(one) for one in told)
    html = "<hr>".join(written(f"{TEMPLATE}.{one['language']}.html", one, autoescape=True) for one in told)
    page = written(
        f"{TEMPLATE}.html", {"language": languages[0].value, "subject": subject, "parts": html}, autoescape=True
    )
    return Letter(letter, "", TEMPLATE, to, subject, text, page, answers=answers)


def in_words(reason: Reason, language: Language) -> str:
    """A reason as a sentence that can be mailed."""
    return say(language, f"mail_reason.{reason.key}", **_safe(reason.values))


def _told(answer: Answer, language: Language) -> dict[str, object]:
    verdict, order = answer.verdict, answer.order
    return {
        "language": language.value,
        "verdict": say(language, f"mail_verdict.{verdict.verdict}"),
        "reasons": [in_words(reason, language) for reason in verdict.reasons[:MOST_REASONS]],
        "next": say(language, f"mail_next.{verdict.next_step}"),
        "order": None if order is None else say(language, f"mail_order.{order.actor}", order=order.id),
        "urgent": order is not None and order.actor is Actor.INTRUDER,
        "report": answer.report,
    }


def _subject(told: Mapping[str, object]) -> str:
    return written(f"{TEMPLATE}.{told['language']}.txt", told, autoescape=False).partition("\n")[0]


def _text(told: Mapping[str, object]) -> str:
    return written(f"{TEMPLATE}.{told['language']}.txt", told, autoescape=False).partition("\n")[2].strip("\n") + "\n"


def _safe(values: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value if name in _OURS else unlinked(value) if name in _NAMED else _LEFT_OUT
        for name, value in values.items()
    }


def unlinked(value: str) -> str:
    """A domain or address that no mail program turns into a link: `evil[.]top`."""
    return value.replace(".", "[.]").replace("://", "[:]//")
