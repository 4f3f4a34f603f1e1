"""Can it be done without a finger or a mouse? The Tab key, one stop after the other, and what each stop shows."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

MOST = 60  # stops on the way to anything
STOP = """
() => {
  const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
  return {
    what: `${here.tagName.toLowerCase()} ${here.innerText || here.name || here.id || ""}`.trim().slice(0, 60),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inSight: box.bottom > 0 && box.top < window.innerHeight && box.width > 0,
  };
}
"""


@dataclass(frozen=True)
class Stop:
    """One press of Tab: on what the focus came to rest, whether a ring shows it, and whether it can be seen at all."""

    what: str
    ring: bool
    in_sight: bool


def tab_to(page: Page, wanted: Locator, *, most: int = MOST) -> list[Stop]:
    """Press Tab until the focus is on `wanted`; every stop on the way."""
    stops: list[Stop] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        told = page.evaluate(STOP)
        stops.append(Stop(told["what"], told["ring"], told["inSight"]))
        if wanted.evaluate("one => one === document.activeElement"):
            return stops
    raise AssertionError(f"{most} times Tab did not lead there: {[stop.what for stop in stops]}")
