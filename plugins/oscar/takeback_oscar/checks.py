"""Is the plugin installed right? Answers `manage.py check` with a sentence for each thing that is not."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from standardwebhooks import Webhook

from takeback_oscar.conf import conf

MIDDLEWARE = "takeback_oscar.middleware.TakebackMiddleware"


@checks.register()
def installed_right(**_: Any) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    try:
        given = conf()
    except (ImproperlyConfigured, ImportError) as problem:
        return [checks.Error(str(problem), id="takeback_oscar.E001")]
    if MIDDLEWARE not in settings.MIDDLEWARE:
        found.append(checks.Error(f"{MIDDLEWARE} is missing from MIDDLEWARE.", id="takeback_oscar.E002"))
    elif settings.MIDDLEWARE[0] != MIDDLEWARE:
        found.append(checks.Warning(f"{MIDDLEWARE} should be the first of MIDDLEWARE.", id="takeback_oscar.W001"))
    if not given.secret and not given.url:
        found.append(
            checks.Warning("TAKEBACK has no URL and no SECRET: events are only recorded.", id="takeback_oscar.W002")
        )
        return found
    try:
        Webhook(given.secret)
    except Exception:
        found.append(
            checks.Error(
                "TAKEBACK['SECRET'] is not a Standard Webhooks secret (whsec_, base64).", id="takeback_oscar.E003"
            )
        )
    return found
