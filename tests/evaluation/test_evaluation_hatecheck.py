"""HateCheck by functionality: counted rightly on invented cases; over the bar on dev rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from evaluation.hatecheck import BAR, Case

from evaluation import data, harassment, hatecheck
from ombud.training import figures

CASES = [
    Case("counter_quote_nh", False, {"ours": 100}),
    Case("counter_quote_nh", False, {"ours": 900}),
    Case("negate_neg_nh", False, {"ours": 499}),
    Case("derog_dehum_h", True, {"ours": 500}),
    Case("derog_dehum_h", True, {"ours": 499}),
]


def test_rightly_is_on_the_right_side_of_the_middle() -> None:
    """From 500 permille on a text is called hateful."""
    assert hatecheck.right(CASES, "ours") == 3


def test_the_section_tells_cells_and_functionalities() -> None:
    """Each kind with its truth, the named cells first."""
    said = hatecheck.section({"hatecheck": CASES}, 20)
    assert "| counterspeech | 2 | 50.0 %" in said
    assert "| negation | 1 | 100.0 %" in said
    assert "| `derog_dehum_h` | hateful | 2 | 50.0 %" in said
    assert "multilingual_hatecheck" in said


def cases() -> Iterator[list[data.Row]]:
    """Invented rows, and where the data sets are the dev part."""
    kinds = (("x_h", 1, "I hate Muslims, they are vermin"), ("x_nh", 0, "I love my Muslim friends"))
    yield [{"functionality": kind, "y": y, "text": text} for kind, y, text in kinds]
    folder = data.folder()
    if folder is not None:
        yield list(data.rows(folder, "hatecheck", ("dev",)))


@pytest.mark.parametrize("rows", list(cases()), ids=lambda rows: f"{len(rows)} rows")
def test_ours_passes_the_bar(rows: list[data.Row]) -> None:
    """Balanced accuracy, on what may be looked at."""
    judged = hatecheck.judged(rows, {"ours": harassment.ours})
    pairs = [(case.scores["ours"], case.harm) for case in judged]
    assert (figures.balanced_accuracy(pairs, harassment.HALF) or 0) > BAR
