"""Who works here, and in what role? An admin's page."""

from http import HTTPStatus

from django.http import Http404, HttpResponse

from takeback.bootstrap import house
from takeback.casework import staffing
from takeback.casework.people import StaffRefused
from takeback.core.permission import Role, Verb
from takeback.web.desk.guard import DeskRequest, desk
from takeback.web.desk.shown import page, redirect
from takeback.web.words import language_of
from takeback.words import say

STAFF = "/desk/staff"


@desk(Verb.READ_STAFF)
def every(request: DeskRequest) -> HttpResponse:
    """All who ever worked here."""
    return _page(request)


@desk(Verb.CHANGE_STAFF, post=True)
def add(request: DeskRequest) -> HttpResponse:
    """Take somebody on, and show the link once."""
    name, mail = request.POST.get("name", "").strip(), request.POST.get("mail", "").strip()
    try:
        member, secret = staffing.add(house(), _by(request), name, _roles(request), mail)
    except StaffRefused as error:
        return _page(request, error)
    return _with_link(request, member.name, secret)


@desk(Verb.CHANGE_STAFF, post=True)
def change(request: DeskRequest, name: str) -> HttpResponse:
    """What is `do`: `roles`, `disable`, `enable` or `link`."""
    if house().people.of(name) is None:
        raise Http404
    do = request.POST.get("do", "")
    try:
        if do == "roles":
            staffing.set_roles(house(), _by(request), name, _roles(request))
        elif do == "disable":
            staffing.disable(house(), _by(request), name)
        elif do == "enable":
            staffing.enable(house(), _by(request), name)
        elif do == "link":
            return _with_link(request, name, staffing.invite(house(), _by(request), name))
        else:
            return _page(request, StaffRefused("nothing", "There is no such change."))
    except StaffRefused as error:
        return _page(request, error)
    return redirect(request, STAFF, f"desk_door.note_staff_{do}")


def _by(request: DeskRequest) -> str:
    return f"staff:{request.staff.name}"


def _roles(request: DeskRequest) -> list[Role]:
    return [role for role in Role if role.value in request.POST.getlist("role")]


def _with_link(request: DeskRequest, name: str, secret: str) -> HttpResponse:
    return page(request, "staff_link", {"name": name, "link": staffing.link(house(), secret)})


def _page(request: DeskRequest, error: StaffRefused | None = None) -> HttpResponse:
    language = language_of(request)
    values = {
        "members": house().people.every(),
        "roles": [(role.value, say(language, f"desk_door.role_{role}")) for role in Role],
        "may_change": request.staff.may(Verb.CHANGE_STAFF),
        "wrong": "" if error is None else say(language, f"desk_door.staff_{error.key}"),
        "form": request.POST,
    }
    return page(request, "staff", values, status=HTTPStatus.OK if error is None else HTTPStatus.UNPROCESSABLE_ENTITY)
