"""What a platform restricts is held against what was decided."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import DESK_RULES, bags, decide, waiting
from flow.platform_side import SECOND, Platform, connected
from ombud import reconcile
from ombud.connectors.restrictions import Restriction
from ombud.errors import BadUse
from ombud.reading import reading


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def compared(platform: Platform, *told: tuple[str, str]) -> reconcile.Found:
    """What comes of what the platform tells: subject and action of each."""
    with reading(platform.folder) as reader:
        listed = [Restriction(subject, action, "ana") for subject, action in told]
        return reconcile.compare(reader.store, reader.keys, "chat", listed)


def test_each_restriction_is_explained_or_told(platform: Platform) -> None:
    """By a decision in force on that very subject by that action; a repetition counts once."""
    platform.stream(bags(1), bags(2, "bo", 1))
    platform.deliver()
    found = compared(platform, ("post/e1", "hold"), ("post/e1", "hold"), ("post/e2", "suspend"))
    assert (found.reported, found.explained) == (2, 1)
    assert found.without == {"never decided": 1}
    assert [(each["subject"], each["why"]) for each in found.items] == [
        ("post/e2", "never decided")
    ]
    assert found.missing == 1  # the hold of the second post


def test_what_was_taken_back_here_and_stands_there_is_over(platform: Platform) -> None:
    """The platform did not lift it, or lifted it and restricted again."""
    platform.stream(bags(1))
    platform.deliver()
    (case,) = waiting(platform)
    decide(platform, case, "release")
    found = compared(platform, ("post/e1", "hold"))
    assert found.without == {"over": 1}
    assert found.missing == 0


def test_hidden_is_hidden_by_either_name(platform: Platform) -> None:
    """A hold that a person made a removal of may still be called a hold there."""
    platform.stream(bags(1))
    platform.deliver()
    (case,) = waiting(platform)
    decide(platform, case, "uphold", "remove")
    platform.clock[0] += 11 * SECOND
    platform.deliver()
    found = compared(platform, ("post/e1", "hold"))
    assert (found.explained, found.missing) == (1, 0)


def test_what_is_kept_and_published_names_nobody(platform: Platform) -> None:
    """Counts alone, and actions that nobody knows as `other`."""
    record = compared(platform, ("post/secret", "hold"), ("account/ana", "grounded")).record("chat")
    assert json.loads(record) == {
        "platform": "chat",
        "reported": 2,
        "explained": 0,
        "without": {"never decided": 2, "over": 0},
        "by_action": {"hold": 1, "other": 1},
        "missing": 0,
    }


def test_a_platform_that_is_not_connected_cannot_be_asked(platform: Platform) -> None:
    """Nor one without a secret."""
    for name in ("nowhere", "chat"):
        with reading(platform.folder) as reader, pytest.raises(BadUse) as caught:
            list(reconcile.asked(platform.folder, reader.keys, name))
        assert caught.value.code == "U442"


def test_a_homeserver_is_not_asked(platform: Platform) -> None:
    """Matrix lists nothing of it: a file is asked for instead."""
    section = '\n[matrix.talk]\nurl = "https://hs.example"\nserver = "hs"\nrooms = ["!a"]\n'
    path = platform.folder / "ombud.toml"
    path.write_text(path.read_text() + section)
    with reading(platform.folder) as reader, pytest.raises(BadUse) as caught:
        list(reconcile.asked(platform.folder, reader.keys, "talk"))
    assert caught.value.code == "U481"
