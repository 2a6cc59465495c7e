"""What is asked of the engine about demands: times are read, what is named is found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import DESK_RULES
from flow.demanded import demand
from flow.platform_side import Platform, connected
from flow.small_community import event
from ombud.demands import instant
from ombud.errors import BadUse
from ombud.reading import reading


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


@pytest.mark.parametrize(
    ("told", "micros"),
    [
        (None, None),
        ("", None),
        ("1970-01-02", 86_400_000_000),
        ("1970-01-01T01:00:00Z", 3_600_000_000),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1970-01-01T00:00", 0),
    ],
)
def test_days_and_instants_are_read(told: str | None, micros: int | None) -> None:
    """In UTC where no zone is told."""
    assert instant(told, "received") == micros


@pytest.mark.parametrize("told", ["soon", "2026-13-01", "0001-01-01T00:00+23:59", "9" * 5000])
def test_what_is_no_time_is_refused(told: str) -> None:
    """With what to write instead."""
    with pytest.raises(BadUse) as caught:
        instant(told, "deadline")
    assert (caught.value.code, caught.value.where) == ("U421", "deadline")


@pytest.mark.parametrize(
    ("named", "known"),
    [
        ("post/e1", True),
        ("https://talk.example/chat/general/e1", True),
        ("ana", True),
        ("@ana", True),
        ("nobody", False),
        ("\u202e<script>", False),
        ("x" * 2000, False),
    ],
)
def test_what_is_named_is_found_or_not_and_always_kept(
    platform: Platform, named: str, known: bool
) -> None:
    """As it was named; no address is opened."""
    platform.stream(event(1, text="hello", author={"id": "ana"}))
    name = demand(platform.engine, named, clause=None)
    with reading(platform.folder) as reader:
        (item,) = reader.demands().show(name, 0)["items"]
    assert (item["named"], item["found"]) == (named, known)
