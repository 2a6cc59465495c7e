"""The fixture of these tests: a browser at a community without accounts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from web.console.staff_pages import Browser, open_pages


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """A browser that has not been here."""
    with open_pages(tmp_path) as found:
        yield found
