"""What stands in a case may be blacked out; who may not is refused before anything is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import DESK_RULES, bags, flag
from flow.platform_side import Platform, connected
from flow.small_community import event, rows
from ombud import blacking, session, staffing
from ombud.errors import BadUse
from ombud.reading import reading


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def exposing(platform: Platform, record: int) -> blacking.Exposing | None:
    """What is shown of a record."""
    with reading(platform.folder) as reader:
        return blacking.exposing(reader.store, reader.keys, record)


def black_out(platform: Platform, record: object, **more: Any) -> Any:
    """Somebody has a word blacked out."""
    asked = {"record": record, "words": ["cheap bags"], "by": "mia", **more}
    return session.perform(platform.engine, "black out", asked)


def test_only_what_stands_in_a_case_is_shown(platform: Platform) -> None:
    """A post that is held is, what a flag is about is, any other post is not."""
    platform.stream(
        bags(1),
        event(2, 2, text="the mill is closed", author={"id": "bo"}),
        event(3, 3, text="ring 0901 234 567", author={"id": "bo"}),
        flag(1, "post/e3", "hoa", 4),
    )
    held = exposing(platform, 2)
    assert held is not None
    assert (held.record, held.text.splitlines()[0], held.before) == (2, "cheap bags", ())
    assert [queue for _, queue in held.cases] == ["review"]
    assert exposing(platform, 3) is None
    assert exposing(platform, 4) is None
    flagged = exposing(platform, 5)
    assert flagged is not None
    assert (flagged.record, flagged.text.splitlines()[0]) == (4, "ring 0901 234 567")
    for wrong in (0, -1, 1, 99):
        assert exposing(platform, wrong) is None


def test_how_it_will_read_is_how_it_reads(platform: Platform) -> None:
    """Before and after are the same words."""
    platform.stream(bags(1))
    before = exposing(platform, 2)
    assert before is not None
    wanted = blacking.without(before.text, ["cheap bags"])
    assert black_out(platform, 2) == {"record": 2, "records": 1}
    after = exposing(platform, 2)
    assert after is not None
    assert (after.text, len(after.before)) == (wanted, 1)


def test_who_may_not_learns_nothing(platform: Platform) -> None:
    """Not even whether the words stand there; who has not shown who they are is told to."""
    platform.stream(bags(1))
    for name, role in (("Ada", "admin"), ("Mia", "reviewer"), ("Aud", "auditor")):
        staffing.change(platform.engine, "added", name, "admin", roles=[role])
    before = rows(platform.folder, "SELECT max(seq) FROM journal")
    for name, code in (("Ada", "U201"), ("Aud", "U201"), ("Nobody", "U200")):
        for words in (["cheap bags"], ["not there"]):
            with pytest.raises(BadUse, match=code):
                black_out(platform, 2, by=name, words=words)
    with pytest.raises(BadUse, match="U263"):
        black_out(platform, 2, by="Mia", fresh=False)
    assert rows(platform.folder, "SELECT max(seq) FROM journal") == before
    assert black_out(platform, 2, by="Mia", fresh=True)["records"] == 1


@pytest.mark.parametrize("record", [None, "2", 2.0, [], True, 1 << 70])
def test_what_is_no_record_is_refused(platform: Platform, record: object) -> None:
    """By its code, whatever another process sends."""
    platform.stream(event(1, text="nothing here"))
    with pytest.raises(BadUse, match="U261"):
        black_out(platform, record)
