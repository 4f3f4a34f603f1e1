"""Which pages does a customer see? The contents page of the portal."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from takeback.web.portal import acts, case, door, hand_back, mail, messages, reports, talk, was_this_you
from takeback.web.statics import static

View = Callable[..., HttpResponse]


def _either(look: View, act: View) -> View:
    """One address to look at and to act on: `look` for GET and HEAD, `act` for the rest, of which it takes POST."""

    def view(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        return (look if request.method in ("GET", "HEAD") else act)(request, *args, **kwargs)

    return csrf_exempt(view)  # what acts guards itself: see portal.guard


urlpatterns = [
    path("", door.door),
    path("report", _either(door.door, door.report)),
    path("v1/reports", reports.take_report),
    path("mail", _either(mail.ask_mail, mail.check_any)),
    path("talk/<str:token>", _either(talk.talk, talk.say_more)),
    path("talk/<str:token>/code", talk.ask_code),
    path("talk/<str:token>/proof", talk.enter_code),
    path("talk/<str:token>/person", talk.ask_person),
    path("case/<str:token>", case.show_case),
    path("case/<str:token>/live", case.live),
    path("case/<str:token>/code", acts.ask_code),
    path("case/<str:token>/proof", acts.prove),
    path("case/<str:token>/disown", acts.disown),
    path("case/<str:token>/person", acts.ask_person),
    path("case/<str:token>/link", acts.new_link),
    path("case/<str:token>/was-this-you", was_this_you.ask_whose),
    path("case/<str:token>/said", was_this_you.say_whose),
    path("case/<str:token>/messages", messages.messages),
    path("case/<str:token>/mail", messages.check_own),
    path("case/<str:token>/hand-back", hand_back.hand_back),
    path("case/<str:token>/password", hand_back.set_password),
    path("case/<str:token>/tick", hand_back.tick),
    path("static/<path:name>", static),
]
