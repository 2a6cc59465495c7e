"""Nobody judges what they said themselves, while there is somebody else who may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import ask, decide
from flow.chat_room import ANA, BO, ChatRoom, chat_room
from flow.platform_side import all_holds
from ombud import staffing
from ombud.errors import BadUse


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ChatRoom]:
    """Ana and Bo are reviewers, each bound to an account on the platform."""
    with chat_room(tmp_path) as made:
        yield made


@pytest.mark.parametrize("outcome", ["release", "uphold"])
def test_at_the_console_too_nobody_judges_their_own_post(room: ChatRoom, outcome: str) -> None:
    """Neither way; somebody else does, and nothing of the refusal stays behind."""
    case, _ = room.post("cheap bags", id=ANA)
    with pytest.raises(BadUse) as caught:
        decide(room.platform, case, outcome, by="Ana")
    assert caught.value.code == "U449"
    assert room.reviews(case) == []
    decide(room.platform, case, "release", by="Bo")
    assert room.reviews(case) == ["released"]
    all_holds(room.platform)


def test_whoever_is_left_alone_judges_it(room: ChatRoom) -> None:
    """Else nobody could ever let go what a rule held of the only person there is."""
    case, _ = room.post("cheap bags", id=ANA)
    staffing.change(room.platform.engine, "suspended", "Bo", "Ana")
    decide(room.platform, case, "release", by="Ana")
    assert room.reviews(case) == ["released"]


def test_others_posts_are_judged_as_ever(room: ChatRoom) -> None:
    """Also after a claim, by whoever is bound."""
    case, _ = room.post("cheap bags")
    ask(room.platform, "claim", case, by="Ana")
    decide(room.platform, case, "release", by="Ana")
    assert room.reviews(case) == ["released"]


def test_of_two_the_other_confirms_what_needs_both(room: ChatRoom) -> None:
    """Who wanted it is nobody else: else what cannot be taken back could not be done at all."""
    case, _ = room.post("cheap bags", id=BO)
    assert decide(room.platform, case, "uphold", "remove", by="Ana")["proposed"]
    ask(room.platform, "confirm", case, by="Bo")
    assert room.reviews(case) == ["upheld"]
