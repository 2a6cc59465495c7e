"""What the stream says of a checked post that is not what was checked: judged for what it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flow.platform_side import all_holds, asked, connected, happened
from flow.small_community import event, rows
from flow.test_check_before_publication import counts, held, published


@pytest.mark.parametrize("change", [{"author": {"id": "bo"}}, {"in_reply_to": {"id": "post/9"}}])
@pytest.mark.parametrize("together", [True, False])
def test_nobody_takes_the_place_of_a_checked_post(
    tmp_path: Path, change: dict[str, Any], together: bool
) -> None:
    """Another author's event, or one of another kind, under a checked id is a conflict; the post
    itself is still published afterwards, and acted on.
    """
    told = held(1)
    with connected(tmp_path) as platform:
        items = [asked(told), happened(published(told, **change)), happened(told)]
        if together:
            _, other, then = platform.group(*items)
        else:
            _, other, then = [platform.group(each)[0] for each in items]
        assert (other.status, then.status) == ("conflict", "published")
        assert "hold" in [each["action"] for each in platform.deliver() if "action" in each]
        all_holds(platform)


@pytest.mark.parametrize(
    "change",
    [
        {"text": "cheap bags, really cheap"},
        {"room": {"id": "yard"}},
        {"links": [{"url": "http://a.example"}]},
        {"media": [{"id": "m1"}]},
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_what_is_published_otherwise_is_judged_anew(
    tmp_path: Path, change: dict[str, Any], together: bool
) -> None:
    """Another room, text, links or media: a record of its own, judged by the rules for posts."""
    told = held(1)
    other = published(told, **change)
    with connected(tmp_path) as platform:
        items = [asked(told), happened(other), happened(other), happened(told)]
        if together:
            _, then, again, back = platform.group(*items)
        else:
            _, then, again, back = [platform.group(each)[0] for each in items]
        assert (then.status, again.status, back.status) == ("accepted", "duplicate", "conflict")
        assert then.seq == again.seq == back.seq
        assert rows(tmp_path, "SELECT kind, via FROM journal WHERE seq = ?", then.seq) == [
            ("post", "publication")
        ]
        assert then.fired == ("bags",)
        assert "!publication" not in counts(tmp_path)
        all_holds(platform)


def test_a_harmless_check_opens_the_way_for_nothing(tmp_path: Path) -> None:
    """Checked as "hello" and published as an offer, under the same id or another: held."""
    with connected(tmp_path) as platform:
        for number, named in ((1, False), (2, True)):
            platform.check(event(number, text="hello"))
            told = event(number, text="cheap bags", check_id=f"e{number}" if named else None)
            if named:
                told["id"] = "posted"
            (answer,) = platform.stream(told)
            assert (answer.status, answer.action) == ("accepted", "hold")
            (other,) = platform.stream({**told, "data": {**told["data"], "text": "other"}})
            assert other.status == "conflict"
        all_holds(platform)
