"""The public pages of a community that is only pretended, for the tests that look at them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from web.pretend_community import PretendCommunity
from web.public_pages import opened


@pytest.fixture
def community() -> PretendCommunity:
    """A community of one statement page."""
    return PretendCommunity()


@pytest.fixture
def client(community: PretendCommunity) -> Iterator[TestClient[Any]]:
    """A browser of sorts, that does not follow where it is sent."""
    with opened(community) as found:
        yield found
