"""The public pages of a pretend community, as somebody's browser sees them."""

from __future__ import annotations

from typing import Any

from litestar.testing import TestClient

from ombud.web.pages import application
from web.page_elements import Elements
from web.pretend_community import TOKEN, PretendCommunity

HERE = f"/notice/{TOKEN}"
FORM = "application/x-www-form-urlencoded"


def opened(community: PretendCommunity) -> TestClient[Any]:
    """A browser of sorts, that does not follow where it is sent."""
    client = TestClient(application(community), raise_server_exceptions=False)
    client.follow_redirects = False
    return client


def said(page: str) -> str:
    """The text of a page on one line."""
    return " ".join(Elements(page).text.split())
