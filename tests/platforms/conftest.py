"""The fixtures of the tests against real platforms: `synapse`, one for a whole session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from platforms import watched_synapse
from platforms.matrix_side import Side, side
from platforms.synapse import Synapse, started
from platforms.watched_synapse import Watched


@pytest.fixture(scope="session")
def synapse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synapse]:
    """A real Synapse, without a module."""
    with started(tmp_path_factory.mktemp("synapse")) as server:
        yield server


@pytest.fixture(scope="session")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Side]:
    """A real Synapse with Ombud's account in it."""
    with side(tmp_path_factory.mktemp("matrix")) as made:
        yield made


@pytest.fixture(scope="session")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A real Synapse with Ombud's module in it, and a real Ombud."""
    with watched_synapse.watched(tmp_path_factory.mktemp("watched")) as made:
        yield made
