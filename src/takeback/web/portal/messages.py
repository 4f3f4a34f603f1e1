"""What was really sent to her? The message centre: all that the shop and Takeback sent, newest first, and whether a
mail is one of them.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from takeback.bootstrap import house
from takeback.configuration import OUR_SOURCE
from takeback.core.authenticity.facts import Sent
from takeback.core.case import Case, Language
from takeback.mail.notices import name_of
from takeback.web.limits import Limit
from takeback.web.portal.case import needs_proof, of_case
from takeback.web.portal.guard import act
from takeback.web.portal.mail import Asked, verdict_of
from takeback.web.portal.shown import show
from takeback.web.words import language_of
from takeback.web.zone import told, zone_of
from takeback.words import known, say

FEW, MANY = 20, 150
limit = Limit(most=20, seconds=600)


@require_safe
@of_case
def messages(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    """The list, for who was proven in this browser."""
    if (missing := needs_proof(request, token, case)) is not None:
        return missing
    return _page(request, token, case, Asked())


@act(limit)
@of_case
def check_own(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    """Say of a mail what is to be thought of it, with what the ledger has of this account."""
    if (missing := needs_proof(request, token, case)) is not None:
        return missing
    language = language_of(request, case.language)
    return _page(request, token, case, verdict_of(request, language, accounts=(case.account,)))


def _page(request: HttpRequest, token: str, case: Case, asked: Asked) -> HttpResponse:
    here, language = house(), language_of(request, case.language)
    zone = zone_of(request, here)
    rows = here.event_log.sent.of_account(case.account)
    most = MANY if request.GET.get("all") == "1" else FEW
    values = asked.values | {
        "token": token,
        "sent": [
            {"what": _what(row, language), "when": told(language, row.time, zone), "how": _how(row, language)}
            for row in rows[:most]
        ],
        "more": len(rows) > most and most == FEW,
        "mail_action": f"/case/{token}/mail",
        "times": True,
        "here": "messages",
    }
    return show(request, "messages", values, status=asked.status, language=language, secret=True)


def _what(row: Sent, language: Language) -> str:
    if row.source == OUR_SOURCE and known(language, f"sent.{row.template}"):
        return say(language, f"sent.{row.template}")
    if row.order:
        return say(language, "messages.about_order", order=row.order)
    return say(language, "messages.of_shop")


def _how(row: Sent, language: Language) -> str:
    channel = row.channel if known(language, f"channel.{row.channel}") else "other"
    by = say(language, "messages.by_us") if row.source == OUR_SOURCE else name_of(row.source)
    return say(language, "messages.how", by=by, channel=say(language, f"channel.{channel}"), to=row.to or "—")
