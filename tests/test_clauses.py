"""Clauses as they stood: read from the recorded configuration, a few of them kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.small_community import NOW, event, line, prepare
from ombud import clauses
from ombud.app import Engine
from ombud.clauses import Clauses
from ombud.store.sqlite import Store

CHANGED = "Several links by newcomers"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community whose clause was retitled at record 3, with an event before and after."""
    folder = prepare(tmp_path)
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event(1))])
        policy = folder / "policies" / "spam.md"
        policy.write_text(policy.read_text().replace(CHANGED, "Retitled"))
        assert engine.reload()
        engine.submit([line(event(2))])
    return folder


def test_each_record_has_the_wording_of_its_day(folder: Path) -> None:
    """Before, at and after the change; a record that is not there has none."""
    store = Store(folder / "ombud.db", readonly=True)
    known = Clauses(store)
    found = [clauses.titles(known.at(seq).get("spam.links")).get("en") for seq in (1, 2, 3, 4)]
    assert found == [CHANGED, CHANGED, "Retitled", "Retitled"]
    assert known.at(99) == {}
    assert known.of(2) == {}  # an event is no configuration
    assert known.at(2) is known.of(1)
    store.close()


def test_only_a_few_configurations_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one used longest ago goes first, and is read again where it is asked for."""
    monkeypatch.setattr(clauses, "CONFIGURATIONS_KEPT", 1)
    store = Store(folder / "ombud.db", readonly=True)
    known = Clauses(store)
    first = known.of(1)
    assert known.of(3)
    assert len(known._kept) == 1
    again = known.of(1)
    assert again is not first
    assert clauses.texts(again["spam.links"]) == clauses.texts(first["spam.links"])
    store.close()


def test_titles_and_texts_come_in_every_language(folder: Path) -> None:
    """English is the policy's own file, others stand beside it; of no clause there is nothing."""
    store = Store(folder / "ombud.db", readonly=True)
    clause = Clauses(store).of(1)["spam.links"]
    assert set(clauses.titles(clause)) == set(clauses.texts(clause)) == {"en", "vi"}
    assert clauses.titles(clause)["vi"].startswith("Thành viên mới")
    assert clauses.titles(None) == clauses.texts(None) == {}
    store.close()
