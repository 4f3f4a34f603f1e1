"""Where am I signed in, and with what? A member's own page: sessions, second factors, language."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import HttpResponse

from takeback.bootstrap import house
from takeback.core.permission import Role
from takeback.web.desk.entry_noted import note
from takeback.web.desk.guard import ACT, DeskRequest, own
from takeback.web.desk.shown import ME, page, redirect
from takeback.web.words import language_of
from takeback.web.zone import told, zone_of
from takeback.words import say


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as the page shows it; times as people say them."""

    id: int
    began: str
    browser: str
    address: str
    here: bool


@own()
def me(request: DeskRequest) -> HttpResponse:
    """The page."""
    language = language_of(request)
    values = {
        "sessions": _open(request),
        "factors": _factors(request),
        "member": house().people.of(request.staff.name),
        "roles": [say(language, f"desk_door.role_{role}") for role in Role if role in request.staff.roles],
    }
    return page(request, "me", values)


@own(methods=ACT)
def end_sessions(request: DeskRequest) -> HttpResponse:
    """End one session of one's own (`session`, an id), or without it all others."""
    asked = request.POST.get("session", "")
    mine = UserSession.objects.filter(user_id=request.user.pk).exclude(session_key=request.session.session_key)
    ended = list(mine.filter(id=int(asked)) if asked.isascii() and asked.isdigit() else mine.none() if asked else mine)
    for session in ended:
        session.end()
    note(request.staff.name, "staff.sessions_ended", count=len(ended))
    return redirect(request, ME, "desk_door.note_sessions_ended")


def _factors(request: DeskRequest) -> list[str]:
    """What the member's second factors are called; codes on paper are none."""
    language = language_of(request)
    of_hers = Authenticator.objects.filter(user_id=request.user.pk).order_by("created_at")
    app = [say(language, "desk_door.app") for row in of_hers if row.type == Authenticator.Type.TOTP]
    keys = [row.wrap().name for row in of_hers if row.type == Authenticator.Type.WEBAUTHN]
    return [*app, *(f"{say(language, 'desk_door.by_passkey')}: {key}" for key in keys)]


def _open(request: DeskRequest) -> list[OpenSession]:
    language, zone = language_of(request), zone_of(request, house())

    def said(at: datetime) -> str:
        return told(language, at, zone)

    return [
        OpenSession(
            id=row.pk,
            began=said(row.created_at),
            browser=browser_of(row.user_agent),
            address=row.ip,
            here=row.session_key == request.session.session_key,
        )
        for row in sorted(UserSession.objects.purge_and_list(request.user), key=lambda row: row.created_at)
    ]


def browser_of(agent: str) -> str:
    """What a browser calls itself, as its owner would: `Firefox, Windows`; all that it says where nothing is known."""
    browser = next((told for word, told in _BROWSERS if word in agent), "")
    system = next((told for word, told in _SYSTEMS if word in agent), "")
    return ", ".join(filter(None, (browser, system))) or agent


_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad")),  # these name a system of the next line as well
    *(("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")),
)
