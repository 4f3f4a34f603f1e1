"""Where is a browser? Debian's Chromium, which `.ci/run` installs; nothing here is downloaded by a test."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

FOUND = shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = os.environ.get("TAKEBACK_BROWSER") == "required"  # as in CI, once it has been installed there
MISSING = "there is no Chromium here: make chromium installs it on Debian"
ARGUMENTS = (
    "--no-sandbox",  # which a container has no right to make; all pages shown are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing leaves this machine
)


def launch(playwright: Playwright) -> Browser:
    """A browser without a window."""
    return playwright.chromium.launch(executable_path=FOUND, args=[*ARGUMENTS])
