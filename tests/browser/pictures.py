"""Where do the pictures of the documents come from? From the tests' own pages, when `TAKEBACK_PICTURES` names a
folder; no test looks at them.
"""

import os
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize

FOLDER = os.environ.get("TAKEBACK_PICTURES", "")
SHARPNESS = 2 if FOLDER else 1  # pixels of the screen in one of the page, each way
COLOURS = 64  # enough for flat pages with smoothed letters, and a third of the bytes
KEPT = {
    "portal": ("door", "frozen", "code", "cards", "answered", "result", "hold", "hand-back", "back", "shop"),
    "desk": ("sign-in", "queue", "case", "try", "stale", "done", "call", "audit", "rules", "print"),
}
DESKTOP: ViewportSize = {"width": 1100, "height": 800}


class Camera:
    """Takes what the screen shows, under the name of the step; `whose`: the portal's pictures, or the desk's."""

    def __init__(self, language: str, whose: str = "portal") -> None:
        self._language, self._whose = language, whose

    def take(self, page: Page, name: str, at: str = "body") -> None:
        """Keep a picture from the element `at` on, if anybody wants one."""
        if not FOLDER or name not in KEPT[self._whose]:
            return
        self._keep(page, name, at)
        if name == "cards":
            size = page.viewport_size
            assert size is not None
            page.set_viewport_size(DESKTOP)
            self._keep(page, f"{name}-desktop", at)
            page.set_viewport_size(size)

    def _keep(self, page: Page, name: str, at: str) -> None:
        page.locator(at).first.evaluate("one => window.scrollTo(0, one.getBoundingClientRect().top + scrollY - 12)")
        shot = Image.open(BytesIO(page.screenshot(scale="device", animations="disabled"))).convert("RGB")
        path = Path(FOLDER) / f"{self._whose}-{name}.{self._language}.png"
        shot.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
