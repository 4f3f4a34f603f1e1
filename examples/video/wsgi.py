"""What does a WSGI server load? `granian --interface wsgi examples.video.wsgi:application`."""

from __future__ import annotations

import sys

from .app import create_app
from .settings import SetupError, from_environment

try:
    application = create_app(from_environment())
except SetupError as error:
    sys.exit(str(error))
