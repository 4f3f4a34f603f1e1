"""What did one look at one page find? Everything that a test holds a page to, measured while the page is there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from axe_playwright_python.base import AXE_FILE_PATH  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

NARROW, ZOOMED = 320, 640  # CSS pixels of width; the second is looked at with letters of twice the size
LISTEN = """
document.addEventListener("securitypolicyviolation", (event) =>
  window.toldOfViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ""}`));
"""
TOO_WIDE = """
() => document.documentElement.scrollWidth <= window.innerWidth ? []
  : [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
      .slice(0, 3).map((one) => `${one.tagName.toLowerCase()}.${one.className} ${one.textContent.trim().slice(0, 30)}`)
      .concat("the page is wider than the window")
"""
BYTES = """
() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .filter((one) => one.initiatorType !== "xmlhttprequest" && one.initiatorType !== "fetch")
  .reduce((sum, one) => sum + one.encodedBodySize, 0)
"""
AXE = AXE_FILE_PATH.read_text(encoding="utf-8")
FAULTS = "(options) => axe.run({resultTypes: ['violations'], ...options}).then((found) => found.violations)"
BY_COLOUR = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


@dataclass(frozen=True)
class Look:
    """One look at a page. Lists are empty where nothing is wrong; `weight` is in bytes as they travel."""

    name: str
    accessibility: list[str]
    dark: list[str]
    narrow: list[str]
    zoomed: list[str]
    weight: int


@dataclass
class Seen:
    """All looks of one person's night, and what her browser complained of on the way."""

    looks: list[Look] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def listen(self, context: BrowserContext) -> None:
        """Hear of everything that the content policy forbids, that is logged as an error, or that breaks."""

        def said(message: ConsoleMessage) -> None:
            expected = any(f"status of {status}" in message.text for status in (404, 409, 422))  # pages of ours as well
            if message.type in ("error", "warning") and not expected:
                self.complaints.append(message.text)

        context.expose_function("toldOfViolation", lambda text: self.complaints.append(text))
        context.add_init_script(LISTEN)
        context.on("console", said)
        context.on("weberror", lambda broken: self.complaints.append(str(broken.error)))

    def look(self, page: Page, name: str) -> None:
        """Look at the page as it is now."""
        size = page.viewport_size
        assert size is not None
        page.wait_for_load_state()  # until then a page weighs nothing
        weight = page.evaluate(BYTES)
        page.evaluate(AXE)
        light = _faults(page, {})
        page.emulate_media(color_scheme="dark")
        dark = _faults(page, BY_COLOUR)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": NARROW, "height": 640})
        narrow = page.evaluate(TOO_WIDE)
        page.set_viewport_size({"width": ZOOMED, "height": 640})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        zoomed = page.evaluate(TOO_WIDE)
        page.evaluate("document.documentElement.style.fontSize = ''")
        page.set_viewport_size(size)
        self.looks.append(Look(name, light, dark, narrow, zoomed, weight))


def _faults(page: Page, options: Mapping[str, object]) -> list[str]:
    found = page.evaluate(FAULTS, options)
    return [f"{one['id']}: {node['target']} {node['html'][:120]}" for one in found for node in one["nodes"][:3]]
