"""The shop as a WSGI application."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from django.core.wsgi import get_wsgi_application

if find_spec("takeback_oscar") is None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "plugins" / "oscar"))
os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"  # also when started by a process of another Django project
application = get_wsgi_application()

from django.conf import settings  # noqa: E402  # the settings exist from here on

if settings.DEMO_CLOCK:
    from shop.clock import with_demo_clock

    application = with_demo_clock(application)
