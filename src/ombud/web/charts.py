"""Small charts as SVG, drawn by the server: columns that go up and down, bars of shares.

A chart has a title and a description in words, takes its colours from classes of the style sheet
(a strict content policy allows no styles inside), tells its series apart by place and outline as
well as colour, and always stands beside a table of the same figures. This module must never draw
without bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ombud.web.words import visible

WIDTH = 300  # units of a drawing, about CSS pixels on a narrow phone
LEFT = 30  # where the plot begins; the axis' labels stand before it
TOP = 20
PLOT_HEIGHT = 130
ROW_HEIGHT = 38
BAR_HEIGHT = 12
COLUMNS_MAX = 200
ROWS_MAX = 50
LABEL_MAX = 40  # characters

_SVG = Markup(
    '<svg class="chart" role="img" viewBox="0 0 {width} {height}" '
    'aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">{title}</title>'
    '<desc id="{name}-desc">{description}</desc>{content}</svg>'
)
_RECT = Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>')
_TEXT = Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>')
_LINE = Markup('<line class="axis" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>')


@dataclass(frozen=True, slots=True)
class Caption:
    """What a chart is called and says, in words, and what its axis counts. `name` begins its ids
    and is unique on a page.
    """

    name: str
    title: str
    description: str
    axis: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: upwards `whole`, of which `part` is filled; downwards `below`."""

    label: str
    whole: int
    part: int
    below: int


@dataclass(frozen=True, slots=True)
class Share:
    """One bar: `part` of `whole`."""

    label: str
    part: int
    whole: int


def columns(caption: Caption, values: Sequence[Column]) -> Markup:
    """Columns over time, the newest at most `COLUMNS_MAX`, upwards and downwards on one scale."""
    shown = values[-COLUMNS_MAX:]
    up = max((max(each.whole, each.part, 0) for each in shown), default=0)
    down = max((max(each.below, 0) for each in shown), default=0)
    unit = PLOT_HEIGHT / max(up + down, 1)
    base = TOP + up * unit
    step = (WIDTH - LEFT) / max(len(shown), 1)
    drawn = []
    for index, each in enumerate(shown):
        left, width = LEFT + index * step + step * 0.12, step * 0.76
        for style, value, downwards in (
            ("through", each.whole, False),
            ("held", each.part, False),
            ("touched", each.below, True),
        ):
            height = max(value, 0) * unit
            if height:
                drawn.append(
                    _RECT.format(style, left, base if downwards else base - height, width, height)
                )
    drawn.append(_LINE.format(LEFT, base, WIDTH, base))
    drawn.append(_TEXT.format(0, 10, "start", _short(caption.axis)))
    drawn.append(_TEXT.format(LEFT - 4, base + 4, "end", 0))
    if up:
        drawn.append(_TEXT.format(LEFT - 4, TOP + 8, "end", up))
    if down:
        drawn.append(_TEXT.format(LEFT - 4, TOP + PLOT_HEIGHT + 6, "end", down))
    if shown:
        bottom = TOP + PLOT_HEIGHT + 18
        drawn.append(_TEXT.format(LEFT, bottom, "start", _short(shown[0].label)))
        drawn.append(_TEXT.format(WIDTH, bottom, "end", _short(shown[-1].label)))
    return _svg(caption, TOP + PLOT_HEIGHT + 24, drawn)


def shares(caption: Caption, values: Sequence[Share]) -> Markup:
    """One bar a row, all of one length, filled by its share; at most `ROWS_MAX` rows."""
    drawn = []
    for row, each in enumerate(values[:ROWS_MAX]):
        top = row * ROW_HEIGHT
        part = min(max(each.part, 0), max(each.whole, 0))
        drawn.append(_TEXT.format(0, top + 12, "start", _short(each.label)))
        drawn.append(_TEXT.format(WIDTH, top + 12, "end", f"{each.part} / {each.whole}"))
        drawn.append(_RECT.format("through", 0.5, top + 18, WIDTH - 1, BAR_HEIGHT))
        if part:
            length = (WIDTH - 1) * part / each.whole
            drawn.append(_RECT.format("held", 0.5, top + 18, length, BAR_HEIGHT))
    return _svg(caption, max(len(values[:ROWS_MAX]), 1) * ROW_HEIGHT, drawn)


def _svg(caption: Caption, height: int, drawn: Sequence[Markup]) -> Markup:
    return _SVG.format(
        name=caption.name,
        title=visible(caption.title),
        description=visible(caption.description),
        width=WIDTH,
        height=height,
        content=Markup("").join(drawn),
    )


def _short(label: str) -> str:
    label = visible(label)
    return label if len(label) <= LABEL_MAX else label[: LABEL_MAX - 1] + "…"
