"""Enrichment: what can be said of an event alone, in the order of the group."""

from __future__ import annotations

from pathlib import Path

from flow.small_community import event, line
from ombud import journal
from ombud.enrichment import Enriched, enrich
from ombud.events import decode
from ombud.journal import Control
from ombud.store.keyfile import KeyFile


def test_each_event_gets_its_digest_and_views(tmp_path: Path) -> None:
    """Events are enriched, everything else passes as it is, and nothing asks the past."""
    keys = KeyFile(tmp_path / "keys")
    told = journal.submission(decode(line(event(1, text="See http://a.example"))))
    unjudged = journal.submission(decode(line(event(2, type="post.deleted"))))
    control = Control("undo", {})
    first, middle, last = enrich([told, control, unjudged], keys)
    assert middle is control
    assert isinstance(first, Enriched)
    assert isinstance(last, Enriched)
    assert first.item is told
    assert first.content == journal.content(keys.community, told.canonical) != last.content
    assert (first.seen.kind, last.seen.kind) == ("post", "")
    assert first.seen.__dict__["domain_tokens"] == (keys.of("domain", "a.example"),)
    assert (first.seen.past, first.seen.place) == (None, None)
    keys.close()


def test_texts_are_made_ready_only_where_they_are_compared(tmp_path: Path) -> None:
    """What a text is compared by is there before it is judged, for the kinds that rules compare;
    it is the same as where it is asked for first.
    """
    keys = KeyFile(tmp_path / "keys")
    said = "Earn five hundred dollars every day from home"
    told = journal.submission(decode(line(event(1, text=said))))
    joined = journal.submission(decode(line(event(2, type="member.joined"))))
    ready, other = enrich([told, joined], keys, {"post"})
    (plain,) = enrich([told], keys)
    assert isinstance(ready, Enriched)
    assert isinstance(other, Enriched)
    assert isinstance(plain, Enriched)
    assert len(ready.seen.__dict__["shingles"].words) == 8
    assert "shingles" not in other.seen.__dict__
    assert "shingles" not in plain.seen.__dict__
    assert ready.seen.shingles == plain.seen.shingles
    keys.close()
