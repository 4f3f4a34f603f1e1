"""Who sits at this browser? Whoever returned a code here, for a while; the address of the page alone opens no details.

The address travels by mail and may end up elsewhere. So what the account holds, and every act on the case, takes a code
that was returned in this very browser: a signed cookie, for this case's pages alone.
"""

from django.core import signing
from django.http import HttpRequest, HttpResponse

from takeback.bootstrap import house
from takeback.casework.codes import ref_of
from takeback.casework.progress import Purpose
from takeback.casework.ways import disowned_refs
from takeback.core.case import Case

COOKIE = "takeback_proof"
SALT = "takeback case proof"
LASTS = 24 * 60 * 60  # seconds


def remember(response: HttpResponse, request: HttpRequest, case: Case, token: str, purpose: Purpose) -> None:
    """Note in this browser that a code of this purpose was returned here. A code that only stops an account opens
    nothing.
    """
    if purpose is Purpose.REPORT:
        return
    returned = [code for code in house().cases.codes(case.id) if code.used_at is not None and code.purpose == purpose]
    through = ref_of(max(returned, key=lambda code: code.used_at or code.made_at)) if returned else ""
    response.set_cookie(
        COOKIE,
        signing.dumps([case.id, purpose.value, through], salt=SALT),
        max_age=LASTS,
        path=f"/case/{token}",
        secure=request.is_secure(),
        httponly=True,
        samesite="Strict",
    )


def proven_here(request: HttpRequest, case: Case) -> Purpose | None:
    """What was proven in this browser for this case: PROOF, HAND_BACK, or nothing.

    Nothing, too, once somebody said that the mailbox or the number through which it was proven is hers no more.
    """
    try:
        case_id, purpose, through = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if case_id != case.id or purpose == Purpose.REPORT or (through and through in disowned_refs(house(), case)):
        return None
    return Purpose(purpose)
