"""Earlier posts looked at again: from the store, from the group under way, and once gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flow.small_community import NOW, change, event, line, prepare
from ombud import journal
from ombud.app import Engine
from ombud.earlier import OfJournal, OfStore
from ombud.enrichment import Enriched, enrich
from ombud.events import decode
from ombud.signals.observation import Observation
from ombud.transaction import Answer, Known, Transaction
from ombud.verdicts import campaigns
from ombud.verdicts.community import Verdict

QUIET = Verdict(None, (), (), (), {}, [], (), (), b"")


@pytest.fixture
def engine(tmp_path: Path) -> Any:
    """An engine with a held post (record 2), a checked one (3) and a plain one (4)."""
    with Engine(prepare(tmp_path), now=lambda: NOW) as opened:
        opened.submit([line(event(1, text="cheap bags"))])
        opened.writer.submit([submission(2, check=True)], first=True).result()
        opened.submit([line(event(3, author={"id": "bo"}))])
        yield opened


def submission(number: int, *, check: bool = False) -> journal.Submission:
    """An event as it is submitted."""
    return journal.submission(decode(line(event(number))), check=check)


def begun(engine: Engine, past: OfStore) -> Transaction:
    """A group under way, with one checked post (record 5) that is not in the store."""
    pipeline = engine.writer.pipeline
    tx = Transaction(pipeline.seq, pipeline.recv, pipeline.leaves, pipeline.config)
    past.begin(tx)
    (made,) = enrich([submission(9, check=True)], engine.keys)
    assert isinstance(made, Enriched)
    tx.order(NOW)
    identity = journal.identity(engine.keys.community, "chat/hall", "e9")
    answer = Answer("accepted", tx.seq)
    tx.identities[identity] = Known(tx.seq, made.content, "check", answer=answer)
    tx.add_event(made.item, made.seen, QUIET, identity, made.content, "check", None)
    return tx


def test_what_was_said_and_by_whom(engine: Engine) -> None:
    """Both pasts open the body; what it named stands under the same tokens."""
    for past in (OfJournal(engine.store, engine.keys), OfStore(engine.store, engine.keys)):
        seen = past.seen(2)
        assert isinstance(seen, Observation)
        assert (seen.text, seen.key("author")) == ("cheap bags", past.author(2))
        assert (past.seen(99), past.author(99)) == (None, None)
        assert past.seen(1) is None  # a control


def test_what_is_gone_is_gone(engine: Engine) -> None:
    """A lost body, and a person who was erased since."""
    past = OfJournal(engine.store, engine.keys)
    change(engine.folder, "DELETE FROM body WHERE seq = 2")
    assert past.seen(2) is None
    assert past.seen(4) is not None
    engine.erase("chat", "bo")
    assert past.seen(4) is None


def test_only_the_engine_goes_by_decisions(engine: Engine) -> None:
    """Replay knows of its own verdicts; the engine asks what was decided about the record."""
    assert OfJournal(engine.store, engine.keys).acted(2) == 0
    past = OfStore(engine.store, engine.keys)
    assert [past.acted(seq) for seq in (2, 3, 4)] == [campaigns.RESTRICTED, 0, 0]
    change(engine.folder, "UPDATE decision SET about = 4")
    assert [past.acted(seq) for seq in (2, 3, 4)] == [0, 0, campaigns.RESTRICTED]


def test_the_group_under_way_is_part_of_the_past(engine: Engine) -> None:
    """What was heard in this group is not in the store yet, and opened once for a record."""
    past = OfStore(engine.store, engine.keys)
    begun(engine, past)
    seen = past.seen(5)
    assert isinstance(seen, Observation)
    assert seen.event.id == "e9"
    assert past.seen(5) is seen
    past.settled()
    assert past.seen(5) is not seen
    past.begin(Transaction(0, 0, 0, 0))
    assert past.seen(5) is None


def test_whether_a_checked_post_is_out(engine: Engine) -> None:
    """Only a check waits for its publication, in the store as in the group."""
    past = OfStore(engine.store, engine.keys)
    tx = begun(engine, past)
    assert [past.unpublished(tx, seq) for seq in (2, 3, 4, 5, 99)] == [
        False,
        True,
        False,
        True,
        False,
    ]
    engine.submit([line(event(2))])
    assert not past.unpublished(tx, 3)
    used = journal.publication(
        engine.keys.community, journal.identity(engine.keys.community, "chat/hall", "e9")
    )
    tx.identities[used] = Known(6, b"")
    assert not past.unpublished(tx, 5)
