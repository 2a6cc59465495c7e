"""What the community's own folder says of its log."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.small_community import NOW, event, line, prepare, rows
from ombud import auditing
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
