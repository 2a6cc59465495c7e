"""The pictures in the documents: of every page there is, and of none that is gone."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from browser.every_page import SHOWN

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def screenshots() -> Iterator[Any]:
    """The program that takes them."""
    sys.path.insert(0, str(DOCS))
    try:
        yield importlib.import_module("screenshots")
    finally:
        sys.path.remove(str(DOCS))


def test_every_page_has_its_pictures_and_no_other_has(screenshots: Any) -> None:
    """One in each look, shown on the page that lists them."""
    wanted = {screenshots.file_name(shown, *look) for shown in SHOWN for look in screenshots.LOOKS}
    assert {each.name for each in screenshots.PICTURES.glob("*.png")} == wanted
    assert screenshots.LIST.read_text(encoding="utf-8") == screenshots.list_page()
