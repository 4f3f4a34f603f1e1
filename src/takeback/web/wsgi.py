"""What does the server start? `granian --interface wsgi takeback.web.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from takeback.bootstrap import house
from takeback.web.metrics import observe_serving

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "takeback.settings")
application = get_wsgi_application()
observe_serving(house())  # a wrong setting is said at the start, not to the first customer
