"""Charts: drawn in bounds, described in words, with nothing of ours to be broken by a label."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from ombud.web import charts
from ombud.web.charts import Caption, Column, Share

CAPTION = Caption("hours", "Title <b>", "What is \u202edrawn & where", "posts")
BOX = ("x", "y", "width", "height")
counts = st.integers(-5, 10**12)


def parsed(drawing: str) -> ET.Element:
    """A drawing, read as XML; it fails where the drawing is not well-formed."""
    return ET.fromstring(drawing)  # noqa: S314 -- made here


def boxes(drawing: str, style: str) -> list[tuple[float, float, float, float]]:
    """x, y, width and height of the rectangles of a series."""
    found = []
    for each in parsed(drawing).iter("rect"):
        if each.attrib["class"] == style:
            x, y, width, height = (float(each.attrib[name]) for name in BOX)
            found.append((x, y, width, height))
    return found


def test_a_chart_says_what_it_shows() -> None:
    """Title and description are there for who cannot see, by ids of the chart's own."""
    root = parsed(charts.columns(CAPTION, [Column("0", 3, 2, 1)]))
    assert root.attrib["role"] == "img"
    named = {each.attrib.get("id"): each.text for each in root}
    assert root.attrib["aria-labelledby"].split() == ["hours-title", "hours-desc"]
    assert named["hours-title"] == "Title <b>"
    assert named["hours-desc"] == "What is ⟨U+202E⟩drawn & where"


def test_columns_are_to_scale() -> None:
    """Twice as many is twice as high, filled within its outline, and downwards by the same."""
    drawing = charts.columns(CAPTION, [Column("a", 4, 2, 0), Column("b", 2, 0, 1)])
    (first, second), (held,), (below,) = (
        boxes(drawing, style) for style in ("through", "held", "touched")
    )
    assert first[3] == 2 * second[3] == 2 * held[3]
    assert abs(first[3] - 4 * below[3]) < 0.2
    assert held[1] + held[3] == first[1] + first[3] == below[1]


def test_shares_are_to_scale() -> None:
    """A half fills half a bar; nothing fills nothing."""
    drawing = charts.shares(CAPTION, [Share("a", 1, 2), Share("b", 0, 9), Share("c", 0, 0)])
    (filled,) = boxes(drawing, "held")
    outlines = boxes(drawing, "through")
    assert len(outlines) == 3
    assert abs(filled[2] / outlines[0][2] - 0.5) < 0.01


def test_empty_charts_can_be_drawn() -> None:
    """No data is a chart without columns, not an error."""
    assert not boxes(charts.columns(CAPTION, []), "held")
    assert not boxes(charts.shares(CAPTION, []), "through")


@given(
    st.lists(st.builds(Column, st.text(), counts, counts, counts), max_size=60),
    st.lists(st.builds(Share, st.text(), counts, counts), max_size=60),
)
def test_everything_stays_inside_the_drawing(columns: list[Column], shares: list[Share]) -> None:
    """Whatever the numbers and labels, a drawing is well-formed and inside its box."""
    for drawing in (charts.columns(CAPTION, columns), charts.shares(CAPTION, shares)):
        _, _, width, height = map(float, parsed(drawing).attrib["viewBox"].split())
        for style in ("through", "held", "touched"):
            for x, y, wide, high in boxes(drawing, style):
                assert 0 <= x <= x + wide <= width + 0.2
                assert 0 <= y <= y + high <= height + 0.2


def test_many_columns_and_rows_are_cut() -> None:
    """The newest columns and the first rows are drawn, within bounds."""
    many = [Column(str(n), 1, 0, 0) for n in range(1000)]
    drawing = charts.columns(CAPTION, many)
    assert len(boxes(drawing, "through")) == charts.COLUMNS_MAX
    assert "999" in drawing
    rows = charts.shares(CAPTION, [Share("x" * 1000, 1, 1)] * 1000)
    assert len(boxes(rows, "held")) == charts.ROWS_MAX
    assert "x" * charts.LABEL_MAX not in rows
