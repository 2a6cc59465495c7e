"""What the community's own folder says of its log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flow.small_community import NOW, event, line, prepare, rows
from ombud import auditing, publicfolder
from ombud.app import Engine
from ombud.errors import BadUse
from ombud.reading import reading


def test_head_receipts_and_witnesses(tmp_path: Path) -> None:
    """The head of a signed log, a receipt that holds, and nobody asked."""
    folder = prepare(tmp_path / "data")
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event(1, 1, text="cheap bags"))])
    with reading(folder) as reader:
        head = reader.log.head()
        assert head["size"] == head["published"] == rows(folder, "SELECT leaves FROM head")[0][0]
        assert (head["witnesses"], head["refused"]) == ("none: self-attested", None)
        assert head["key"].startswith(head["origin"] + "+")
        assert reader.log.witnesses() == []
        decision, leaf = rows(folder, "SELECT id, leaf FROM decision")[0]
        found = auditing.verify_receipt(reader.log.receipt(decision), auditing.Trust(head["key"]))
        assert (found["index"], found["root"]) == (leaf, head["root"])
        for other in ("dec_other", "\ud800"):
            with pytest.raises(BadUse, match="U010"):
                reader.log.receipt(other)


def test_the_counts_are_those_of_the_signed_head(tmp_path: Path) -> None:
    """To the letter what is written out; lines that came since are not in them, nor twice."""
    folder = prepare(tmp_path / "data")
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event(1, 1, text="cheap bags"))])
        with reading(folder) as reader:
            assert reader.log.counts() is None
            engine.publish()
            first = reader.log.counts()
            assert first is not None
            engine.submit([line(event(2, 2, text="cheap bags"))])
            assert reader.log.counts() == first
            engine.publish()
            publicfolder.write_out(folder, tmp_path / "out")
            second = reader.log.counts()
            assert second == (tmp_path / "out" / "counts.json").read_bytes() != first
            engine.hand_over("log.example/second", "admin")
            engine.publish()
            third = json.loads(reader.log.counts() or b"")
        found = auditing.check(str(folder), auditing.Trust())
    assert {name: found[name] for name in auditing.COUNTED} == {
        name: third[name] for name in auditing.COUNTED
    }


def test_a_log_that_was_never_signed(tmp_path: Path) -> None:
    """While the first process runs there is a head and no receipt."""
    folder = prepare(tmp_path / "data")
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event(1, 1, text="cheap bags"))])
        with reading(folder) as reader:
            assert reader.log.head()["published"] == 0
            assert reader.log.head()["refused"] is None
            with pytest.raises(BadUse, match="U362"):
                reader.log.receipt(rows(folder, "SELECT id FROM decision")[0][0])
