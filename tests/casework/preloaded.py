"""What does the crash test's worker have before it is forked? All modules, and Django with the test's settings."""

from takeback.store.start import start_django

start_django()

from takeback.casework import engine  # noqa: E402 - Django first
from takeback.store import cases  # noqa: E402

__all__ = ["cases", "engine"]
