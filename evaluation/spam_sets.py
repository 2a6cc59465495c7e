"""The spam sets and the ordinary posts, as texts with what is known beside them.

Of `youtube_spam` author, video and time are known, of the others the text alone. Nothing is
invented: what a row does not say is None. This module must never keep a row beyond the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from evaluation import data

SETS = ("sms_spam", "sms_smishing", "youtube_spam", "spamassassin")
ORDINARY = "reddit_2013_posts"
QUICK = 8  # in a quick run, every eighth row


@dataclass(frozen=True, slots=True)
class Text:
    """One row. `at` in seconds since 1970, None where the source has no time."""

    text: str = field(repr=False)
    spam: bool
    author: str | None = None
    room: str | None = None
    at: int | None = None

    @property
    def day(self) -> date | None:
        """The day it was written."""
        return None if self.at is None else datetime.fromtimestamp(self.at, UTC).date()


Split = Mapping[str, Sequence[Text]]


def labelled(folder: Path, *, quick: bool = False) -> dict[str, Split]:
    """Every set by name, its rows by split."""
    found: dict[str, Split] = {}
    for name in SETS:
        step = QUICK if quick and name != "sms_smishing" else 1
        found[name] = {
            split: [_text(row) for row in data.rows(folder, name, (split,))][::step]
            for split in data.SPLITS
        }
    return found


def ordinary(folder: Path, *, quick: bool = False) -> list[Text]:
    """The ordinary posts, none of them labelled."""
    rows = data.lines(folder / ORDINARY / "posts.jsonl.zst")
    return [
        Text(
            f"{row['title']}\n{row['text']}" if row["text"] else row["title"],
            spam=False,
            room=row["community"],
            at=int(row["ts"]),
        )
        for row in rows
    ][:: QUICK if quick else 1]


def days(texts: Iterable[Text]) -> str:
    """From which day to which they were written, as far as that is known."""
    known = sorted(each.day for each in texts if each.day is not None)
    return f"{known[0]} to {known[-1]}" if known else "not known"


def _text(row: data.Row) -> Text:
    ts = row.get("ts")
    at = None if ts is None else int(datetime.fromisoformat(ts).replace(tzinfo=UTC).timestamp())
    return Text(row["text"], bool(row["y"]), row.get("author"), row.get("video"), at)
