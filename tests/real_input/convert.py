"""Events from two public data sets of real posts. What the source has is kept, nothing is invented.

Each converter takes the rows of a set and yields events as they stand on the wire, in the order of
their times. Labels never enter an event: `labels` keeps them beside, by the event's subject.

`youtube` (YouTube Spam Collection): author (a hash), video, text, time. Not in the source: names
and ages of the authors, what a comment answers. Times carry no zone and are read as UTC. Rows
without a time are placed at the last known time of their video, after the rows that have it, in the
order of their ids.

`reddit` (top posts of 24 communities, 2013): community, title and text (joined by one line break),
time. Not in the source: any author, so `author` is left out, and facts about authors are unknown. A
post that links elsewhere has only the link's domain: it becomes `http://<domain>/`, whose scheme
and path say nothing. Posts of the domain `self.<community>` link nowhere.

Texts are kept as they are. An event beyond a bound is refused where it comes in, and counted there.
This module must never fill in what a row does not say.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import zstandard

if TYPE_CHECKING:
    from pathlib import Path

Row = Mapping[str, Any]
Wire = dict[str, Any]

YOUTUBE = (
    "youtube_spam/train.jsonl.zst",
    "youtube_spam/dev.jsonl.zst",
    "youtube_spam/test.jsonl.zst",
)
REDDIT = ("reddit_2013_posts/posts.jsonl.zst",)


def read(data: Path, files: Iterable[str]) -> Iterator[Row]:
    """The rows of some files of the data folder, one after the other."""
    for name in files:
        with (data / name).open("rb") as packed:
            stream = zstandard.ZstdDecompressor().stream_reader(packed)
            for line in io.TextIOWrapper(stream, encoding="utf-8"):
                yield json.loads(line)


def youtube(rows: Iterable[Row]) -> Iterator[Wire]:
    """The comments as events, by time over all videos. ValueError if a video has no time at all."""
    kept = list(rows)
    last: dict[str, datetime] = {}
    for row in kept:
        if row["ts"] is not None:
            time = datetime.fromisoformat(row["ts"])
            last[row["video"]] = max(time, last.get(row["video"], time))
    timeless = {row["video"] for row in kept} - set(last)
    if timeless:
        raise ValueError(f"no comment of these videos has a time: {sorted(timeless)}")

    def place(row: Row) -> tuple[datetime, bool, list[int]]:
        known = row["ts"] is not None
        time = datetime.fromisoformat(row["ts"]) if known else last[row["video"]]
        return time, not known, [int(number) for number in re.findall(r"\d+", row["id"])]

    for row in sorted(kept, key=place):
        yield _post(
            row["id"],
            source=f"youtube/{row['video']}",
            time=place(row)[0].replace(tzinfo=UTC),
            data={
                "author": {"id": row["author"]},
                "text": row["text"],
                "room": {"id": row["video"]},
            },
        )


def reddit(rows: Iterable[Row]) -> Iterator[Wire]:
    """The posts as events, by time."""
    for row in sorted(rows, key=lambda row: int(row["ts"])):
        text = f"{row['title']}\n{row['text']}" if row["text"] else row["title"]
        data: dict[str, Any] = {"text": text, "room": {"id": row["community"]}}
        if row["domain"] and row["domain"].lower() != f"self.{row['community']}".lower():
            data["links"] = [{"url": f"http://{row['domain']}/"}]
        yield _post(
            row["id"],
            source=f"reddit/{row['community']}",
            time=datetime.fromtimestamp(row["ts"], UTC),
            data=data,
        )


def labels(rows: Iterable[Row]) -> dict[str, str]:
    """What people called each labelled post, by the subject of its event."""
    return {f"post/{row['id']}": row["label"] for row in rows}


def merged(*parts: Iterable[Wire]) -> list[Wire]:
    """Several sets as one stream, by time."""
    everything = [event for part in parts for event in part]
    return sorted(everything, key=lambda event: datetime.fromisoformat(event["time"]))


def ndjson(events: Iterable[Wire]) -> bytes:
    """The events as lines."""
    return b"".join(json.dumps(event, ensure_ascii=False).encode() + b"\n" for event in events)


def _post(id_: str, source: str, time: datetime, data: dict[str, Any]) -> Wire:
    return {
        "specversion": "1.0",
        "id": id_,
        "source": source,
        "type": "post.created",
        "time": time.isoformat().removesuffix("+00:00") + "Z",
        "subject": f"post/{id_}",
        "data": data,
    }
