"""What makes two posts the same for whoever said that one need not be asked about again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import DESK_RULES, shoes
from flow.platform_side import Platform, connected
from flow.small_community import rows
from ombud.clock import DAY
from ombud.controls.review import observed
from ombud.review import rests

KEY = b"k" * 32


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def digest(platform: Platform, record: int, clause: str = "spam.links", key: bytes = KEY) -> bytes:
    """What is kept of a record."""
    pipeline = platform.engine.writer.pipeline
    seen = observed(pipeline, record)
    assert seen is not None
    return rests.said(key, pipeline.community.active, clause, seen)


def test_the_same_post_told_again_is_the_same(platform: Platform) -> None:
    """Whenever it is told; another author's, or another key, is another. No text stands in it."""
    told: list[dict[str, Any]] = [shoes(1), shoes(2, at=60), shoes(3, "bo", 70)]
    platform.stream(*told)
    records = [
        row[0]
        for row in rows(platform.folder, "SELECT seq FROM journal WHERE kind = 'post' ORDER BY seq")
    ]
    first, again, other = (digest(platform, each) for each in records)
    assert first == again
    assert len({first, other, digest(platform, records[0], key=b"l" * 32)}) == 3
    assert len(first) == 16


def test_another_wording_of_the_clause_is_another_question(platform: Platform) -> None:
    """What was all right under the old words may not be under the new ones."""
    platform.stream(shoes(1))
    ((record,),) = rows(platform.folder, "SELECT seq FROM journal WHERE kind = 'post'")
    versions = platform.engine.writer.pipeline.community.active.manifest["clauses"]
    before = digest(platform, record)
    assert digest(platform, record, "spam.repeats") != before
    versions["spam.links"] = "another"
    assert digest(platform, record) != before


def test_it_lasts_thirty_days() -> None:
    """And no rest is about a flag, or what somebody does later; nor about more than 20 things."""
    assert rests.LENGTH == 30 * DAY
    assert sorted(rests.KINDS) == ["edit", "post", "profile", "registration", "reply"]
    assert rests.MOST == 20
