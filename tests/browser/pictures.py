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
KEPT = ("door", "frozen", "code", "cards", "answered", "result", "hold", "hand-back", "back", "shop")
DESKTOP: ViewportSize = {"width": 1100, "height": 800}


class Camera:
    """Takes what the telephone shows, under the name of the step."""

    def __init__(self, language: str) -> None:
        self._language = language

    def take(self, page: Page, name: str, at: str = "body") -> None:
        """Keep a picture from the element `at` on, if anybody wants one."""
        if not FOLDER or name not in KEPT:
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
        path = Path(FOLDER) / f"portal-{name}.{self._language}.png"
        shot.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
