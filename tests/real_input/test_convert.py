"""The converters of the real input, on made-up rows in the shape of the real ones."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import zstandard

from ombud import events
from ombud.errors import BadEvent
from real_input import convert

if TYPE_CHECKING:
    from pathlib import Path


def comment(number: int, ts: str | None, video: str = "09-Choir", **more: Any) -> dict[str, Any]:
    """A made-up comment in the shape of the collection's rows."""
    row = {
        "id": f"yt09-{number}",
        "text": f"lovely song {number}",
        "label": "ham",
        "y": 0,
        "lang": "en",
        "video": video,
        "author": f"acct_{number % 3:012x}",
        "ts": ts,
        "split": "train",
    }
    return {**row, **more}


def post(number: int, ts: int, **more: Any) -> dict[str, Any]:
    """A made-up post in the shape of the collection's rows."""
    row = {
        "ts": ts,
        "id": f"rd_{number}",
        "community": "Knitting",
        "title": f"Scarf {number}",
        "text": "",
        "domain": "self.Knitting",
        "score": 12,
        "comments": 3,
    }
    return {**row, **more}


def accepted(found: list[convert.Wire]) -> list[str]:
    """The ids of the events, each of which must pass the door."""
    lines = convert.ndjson(found).splitlines()
    return [events.decode(line).id for line in lines]


def test_a_comment_keeps_what_the_source_has_and_no_more() -> None:
    """A comment becomes author, text, room and time; neither a label nor an age is in the event."""
    row = comment(
        7, "2013-07-13T11:17:52.308000", label="spam", text="free\u200b gifts  <here>\r\n"
    )
    assert list(convert.youtube([row])) == [
        {
            "specversion": "1.0",
            "id": "yt09-7",
            "source": "youtube/09-Choir",
            "type": "post.created",
            "time": "2013-07-13T11:17:52.308000Z",
            "subject": "post/yt09-7",
            "data": {
                "author": {"id": "acct_000000000001"},
                "text": "free\u200b gifts  <here>\r\n",
                "room": {"id": "09-Choir"},
            },
        }
    ]


def test_comments_come_by_time_over_splits_and_videos() -> None:
    """Rows of several files and videos come in the order of their times."""
    rows = [
        comment(1, "2014-02-01T00:00:00"),
        comment(2, "2014-01-01T00:00:00.500000", video="08-Band"),
        comment(3, "2014-01-01T00:00:00"),
    ]
    assert accepted(list(convert.youtube(rows))) == ["yt09-3", "yt09-2", "yt09-1"]


def test_a_comment_without_time_stands_at_its_videos_last_known_one() -> None:
    """Rows without a time follow the last timed one of their own video, by their ids."""
    rows = [
        comment(10, None),
        comment(9, None),
        comment(1, "2014-01-05T00:00:00"),
        comment(2, "2014-01-01T00:00:00"),
        comment(3, "2014-06-01T00:00:00", video="08-Band"),
    ]
    found = list(convert.youtube(rows))
    assert [event["id"] for event in found] == ["yt09-2", "yt09-1", "yt09-9", "yt09-10", "yt09-3"]
    assert [event["time"] for event in found[1:4]] == ["2014-01-05T00:00:00Z"] * 3


def test_a_video_without_any_time_cannot_be_placed() -> None:
    """Where nothing is known of a video's time, none is made up."""
    with pytest.raises(ValueError, match="09-Choir"):
        list(convert.youtube([comment(1, None)]))


def test_labels_stay_beside_the_events() -> None:
    """Labels are kept by the subject that a decision would name."""
    rows = [comment(1, "2014-01-01T00:00:00", label="spam"), comment(2, "2014-01-02T00:00:00")]
    subjects = [event["subject"] for event in convert.youtube(rows)]
    assert convert.labels(rows) == dict(zip(subjects, ["spam", "ham"], strict=True))


def test_a_self_post_has_text_and_no_link_and_no_author() -> None:
    """Title and text are joined by one line break; there is no author and no link."""
    row = post(1, 1376878479, text=" two\n\nlines ", domain="self.knitting")
    assert list(convert.reddit([row])) == [
        {
            "specversion": "1.0",
            "id": "rd_1",
            "source": "reddit/Knitting",
            "type": "post.created",
            "time": "2013-08-19T02:14:39Z",
            "subject": "post/rd_1",
            "data": {"text": "Scarf 1\n two\n\nlines ", "room": {"id": "Knitting"}},
        }
    ]


def test_an_external_domain_becomes_a_link_without_a_path() -> None:
    """Only the domain is known, so only the domain is given; the title stands alone as text."""
    (found,) = convert.reddit([post(2, 1376878479, domain="wool.example")])
    assert found["data"]["links"] == [{"url": "http://wool.example/"}]
    assert found["data"]["text"] == "Scarf 2"


def test_a_site_called_self_is_an_external_domain() -> None:
    """Only `self.` with the post's own community is no link."""
    (found,) = convert.reddit([post(2, 1376878479, domain="self.example")])
    assert found["data"]["links"] == [{"url": "http://self.example/"}]


def test_posts_come_by_time_and_merge_with_comments() -> None:
    """Both sets together are one stream by time, whether or not a time has a fraction."""
    posts = convert.reddit([post(2, 1388534401), post(1, 1388534400)])
    comments = convert.youtube([comment(5, "2014-01-01T00:00:00.000001")])
    assert accepted(convert.merged(posts, comments)) == ["rd_1", "yt09-5", "rd_2"]


def test_what_is_too_long_is_refused_at_the_door_only() -> None:
    """The converter cuts nothing: a text beyond the bound is left for the door to refuse."""
    (found,) = convert.reddit([post(1, 1376878479, text="x" * 70_000)])
    assert len(found["data"]["text"]) == 70_008
    assert isinstance(events.attempt(convert.ndjson([found])), BadEvent)


def test_rows_are_read_from_packed_lines(tmp_path: Path) -> None:
    """Rows come from several packed files, one after the other; odd line breaks in texts stay."""
    rows = [comment(1, None, text="a\u2028b\rc"), comment(2, None)]
    for name, row in zip(("one", "two"), rows, strict=True):
        content = json.dumps(row, ensure_ascii=False).encode() + b"\n"
        (tmp_path / name).write_bytes(zstandard.compress(content))
    assert list(convert.read(tmp_path, ["one", "two"])) == rows
