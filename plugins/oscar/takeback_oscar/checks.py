"""Is the plugin installed right? Answers `manage.py check` with a sentence for each thing that is not."""

import base64
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

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
    if not _is_secret(given.secret):
        message = "TAKEBACK['SECRET'] is not a Standard Webhooks secret: whsec_ and the base64 of 16 bytes or more."
        found.append(checks.Error(message, id="takeback_oscar.E003"))
    return found


def _is_secret(text: str) -> bool:
    """Stricter than the library, which takes a mistyped secret for a short one."""
    try:
        return len(base64.b64decode(text.removeprefix("whsec_"), validate=True)) >= 16
    except ValueError:
        return False
