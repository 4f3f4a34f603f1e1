"""What does the curve of growth look like? A picture made by hand, as SVG: a panel a figure, a line a store."""

from collections.abc import Sequence
from math import log10

from benchmarks.growth import FIGURES, Found

WIDE, HIGH, MARGIN = 300, 180, 46  # of a panel
COLOURS = ("#1f6f8b", "#b3541e")


def svg(curve: Sequence[Found]) -> str:
    """The picture. Sizes lie on a scale of powers of ten; each panel begins at nought."""
    panels = "".join(_panel(place, what, curve) for place, what in enumerate(FIGURES))
    frame = f'viewBox="0 0 {WIDE * 2} {HIGH * 2}" font-family="sans-serif" font-size="11"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {frame}>{panels}</svg>\n'


def _panel(place: int, what: str, curve: Sequence[Found]) -> str:
    told, unit = FIGURES[what]
    left, top = place % 2 * WIDE, place // 2 * HIGH
    most: float = max(getattr(found, what) for found in curve) * 1.1
    sizes = sorted({found.size for found in curve})
    low, high = log10(sizes[0]), log10(sizes[-1])

    def across(size: int) -> float:
        return left + MARGIN + (log10(size) - low) / ((high - low) or 1) * (WIDE - 2 * MARGIN)

    def up(value: float) -> float:
        return top + HIGH - 28 - value / most * (HIGH - 60)

    parts = [f'<text x="{left + 8}" y="{top + 16}">{told}, {unit}</text>']
    parts += [
        f'<text x="{across(size):.0f}" y="{top + HIGH - 10}" text-anchor="middle">{size // 1_000_000} M</text>'
        for size in sizes
    ]
    for colour, store in zip(COLOURS, dict.fromkeys(found.store for found in curve), strict=False):
        found = [one for one in curve if one.store == store]
        points = [(across(one.size), up(getattr(one, what)), getattr(one, what)) for one in found]
        line = " ".join(f"{x:.0f},{y:.0f}" for x, y, _ in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="{colour}"/>'
            f'<text x="{x:.0f}" y="{y - 7:.0f}" text-anchor="middle" fill="{colour}">{value:,.3g}</text>'
            for x, y, value in points
        ]
        if place == 0:
            row = [*dict.fromkeys(one.store for one in curve)].index(store)
            parts.append(f'<text x="{left + 8}" y="{top + 30 + row * 13}" fill="{colour}">{store}</text>')
    return "".join(parts)
