"""What does Django need to know in a process that shows no pages? As `takeback.settings`, without what signs staff in:
a worker, and what a mail server starts for each mail, begin a third sooner.
"""

from takeback.settings import *  # noqa: F403 - Django's way to say "the same, but"

INSTALLED_APPS = ["takeback.store", "takeback.web"]
