"""Draws time per event against the number of rules as SVG, readable on light and on dark pages.

Colours are of middle brightness and nothing is filled behind them, so that the page's own
background stays. This module must never measure anything.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 380, 60, 130, 20, 50
AXES = "#8a8f98"
LINES = {"ours_us": ("Ombud", "#2f81f7"), "plain_python_us": ("plain Python", "#d4752a")}


def growth(points: Sequence[Mapping[str, Any]]) -> str:
    """Both axes logarithmic; a line for each engine."""
    rules = [float(each["rules"]) for each in points]
    times = [float(each[key]) for each in points for key in LINES]
    low, high = 10 ** math.floor(math.log10(min(times))), 10 ** math.ceil(math.log10(max(times)))

    def x(value: float) -> float:
        share = math.log(value / rules[0]) / math.log(rules[-1] / rules[0])
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(value: float) -> float:
        share = math.log(value / low) / math.log(high / low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    out = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
            ' font-family="sans-serif" font-size="13">'
        ),
        "<title>Time of one event against the number of rules</title>",
    ]
    tick = low
    while tick <= high:
        out.append(_line(LEFT, y(tick), WIDTH - RIGHT, y(tick), 0.5))
        out.append(_text(LEFT - 8, y(tick) + 4, f"{tick:g}", "end", AXES))
        tick *= 10
    out += [_text(x(each), HEIGHT - BOTTOM + 20, f"{each:g}", "middle", AXES) for each in rules]
    out.append(_line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, 1))
    middle = (LEFT + WIDTH - RIGHT) / 2
    out.append(_text(middle, HEIGHT - 8, "rules (microseconds of CPU an event)", "middle", AXES))
    for key, (name, colour) in LINES.items():
        places = " ".join(f"{x(at)},{y(each[key])}" for at, each in zip(rules, points, strict=True))
        out.append(
            f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2.5"/>'
        )
        last = points[-1][key]
        out.append(_text(x(rules[-1]) + 8, y(last) + 4, f"{name}, {last:g}", "start", colour))
    return "\n".join([*out, "</svg>", ""])


def _line(x1: float, y1: float, x2: float, y2: float, width: float) -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{AXES}" stroke-width="{width}"/>'


def _text(x: float, y: float, said: str, anchor: str, colour: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}">{said}</text>'
