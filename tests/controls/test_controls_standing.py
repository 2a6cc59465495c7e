"""Renewals and approvals: what is refused, what is journalled, and what the public log says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.small_community import DAY, NOW, RULES, agrees_with_replay, prepare, rows
from ombud.activation import standing
from ombud.app import Engine
from ombud.controls import standing as controls
from ombud.errors import BadUse
from ombud.staff import people

WATCHING = {"one-target.rule": RULES["one-target.rule"].replace("mode    live", "mode    watch")}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A community whose rules Ana has written; one of them watches."""
    folder = prepare(tmp_path, {**RULES, **WATCHING})
    with Engine(folder, now=lambda: NOW, by="Ana") as opened:
        yield opened


def stands(engine: Engine, rule: str) -> standing.Stands:
    """How a rule stands now."""
    return engine.writer.pipeline.community.active.standing[rule]


def last(engine: Engine, control: str) -> dict[str, Any]:
    """The payload of the last control of this type."""
    query = "SELECT payload FROM journal WHERE type = ? ORDER BY seq DESC LIMIT 1"
    found: dict[str, Any] = json.loads(rows(engine.folder, query, f"!{control}")[0][0])
    return found


def refused(code: str, do: Any, *given: Any) -> BadUse:
    """The refusal that a request meets, in its three parts."""
    with pytest.raises(BadUse) as caught:
        do(*given)
    assert caught.value.code == code
    assert caught.value.message
    assert caught.value.where
    assert caught.value.hint
    return caught.value


def test_nobody_is_their_own_second_pair_of_eyes(engine: Engine) -> None:
    """The author cannot approve, under no spelling of the name; nothing is journalled."""
    before = rows(engine.folder, "SELECT max(seq) FROM journal")
    for name in ("Ana", "ana", " ANA "):
        assert "second pair of eyes" in refused("U082", engine.approve, "bags", name).message
    assert rows(engine.folder, "SELECT max(seq) FROM journal") == before
    assert stands(engine, "bags").eyes == standing.ONE_PERSON


@pytest.mark.parametrize(
    "name",
    [
        "ana  tran",
        "\u0430na tran",  # the Cyrillic letter
        "ana\ufe0f tran",
        "a\u034fna tran",
        "a\u0301na tran",
        "\uff21\uff4e\uff41 tran",
        "ana-tran",
        "\u00e1na tr\u1ea7n",
    ],
)
def test_who_looks_like_the_author_is_the_author(tmp_path: Path, name: str) -> None:
    """Neither look-alike letters, marks nor spaces make somebody else of a person."""
    with Engine(prepare(tmp_path, RULES), now=lambda: NOW, by="Ana Tran") as engine:
        refused("U082", engine.approve, "bags", name)
        engine.approve("bags", "Binh")
        refused("U083", engine.approve, "bags", "B\u00ednh")
        assert stands(engine, "bags").eyes == standing.APPROVED


def test_nobody_is_the_second_pair_of_eyes_for_an_author_without_a_name(tmp_path: Path) -> None:
    """Whoever activated without a name may approve with one: only the second who approves is
    certainly somebody else. Nobody approves without a name.
    """
    with Engine(prepare(tmp_path, RULES), now=lambda: NOW) as engine:
        refused("U085", engine.approve, "bags", "admin")
        refused("U085", engine.approve, "bags", "\u0430dmin")
        active = engine.writer.pipeline.community.active
        rule = active.names.index("bags")
        engine.approve("bags", "Ana")
        assert stands(engine, "bags").eyes == standing.ONE_PERSON
        assert engine.writer.pipeline.community.active.approved(rule) is False
        engine.approve("bags", "Binh")
        assert stands(engine, "bags").eyes == standing.APPROVED
        assert engine.writer.pipeline.community.active.approved(rule) is True
        agrees_with_replay(engine)


def test_somebody_else_approves_once(engine: Engine) -> None:
    """The approval is journalled with version and token; a second one of the same is refused."""
    engine.approve("bags", "Binh")
    known = stands(engine, "bags")
    payload = last(engine, "approval")
    assert payload == {"rule": "bags", "version": known.version, "by": known.approved[0]}
    assert people.name_of(engine.keys, known.approved[0]) == "binh"
    refused("U083", engine.approve, "bags", "binh")
    engine.approve("bags", "Chi")
    assert len(stands(engine, "bags").approved) == 2


def test_an_approval_can_be_bound_to_what_was_read(engine: Engine) -> None:
    """Another version than the one in force is refused; its first characters are enough."""
    version = stands(engine, "bags").version
    assert version[:12] in refused("U084", engine.approve, "bags", "binh", "0" * 12).message
    engine.approve("bags", "binh", version[:8])
    assert stands(engine, "bags").eyes == standing.APPROVED


def test_what_is_not_there_can_be_neither_renewed_nor_approved(engine: Engine) -> None:
    """No rule of that name, and a rule that does not watch."""
    refused("U080", engine.approve, "no-such", "binh")
    refused("U080", engine.renew, "no-such", "binh")
    refused("U081", engine.renew, "bags", "binh")


def test_what_watches_no_more_is_not_renewed(engine: Engine) -> None:
    """A draft of a version that has watched, until it is put on watch again."""
    file = engine.folder / "rules" / "one-target.rule"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("mode    watch", "mode    draft"), encoding="utf-8")
    assert engine.reload()
    assert stands(engine, "one-target").until is not None
    before = rows(engine.folder, "SELECT max(seq) FROM journal")
    refused("U081", engine.renew, "one-target", "binh")
    assert rows(engine.folder, "SELECT max(seq) FROM journal") == before
    file.write_text(text, encoding="utf-8")
    assert engine.reload()
    engine.renew("one-target", "binh")


def test_a_renewal_counts_from_its_receipt(engine: Engine) -> None:
    """90 days from the instant it is journalled at, on which replay goes too."""
    assert stands(engine, "one-target").until == _received(engine, "config") + 90 * DAY
    engine.renew("one-target", "binh")
    assert stands(engine, "one-target").until == _received(engine, "renewal") + 90 * DAY
    assert last(engine, "renewal")["until"] == stands(engine, "one-target").until


def _received(engine: Engine, control: str) -> int:
    query = "SELECT recv FROM journal WHERE type = ? ORDER BY seq DESC LIMIT 1"
    return int(rows(engine.folder, query, f"!{control}")[0][0])


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\tb", "a\u202eb", "\ud800\n"])
def test_what_is_no_name_is_refused(name: str, engine: Engine, tmp_path: Path) -> None:
    """Empty, too long or not to be seen: refused by whatever takes a name, before anything is
    written.
    """
    refused("U085", engine.approve, "bags", name)
    refused("U085", engine.reload, name)
    with pytest.raises(BadUse, match="U085"):
        Engine(tmp_path / "new", by=name)
    assert not (tmp_path / "new" / "ombud.db").exists()


def test_the_public_log_says_what_and_not_who(engine: Engine) -> None:
    """A line for the version of the rule that was approved or renewed; no name, no token."""
    engine.approve("bags", "Binh")
    engine.renew("one-target", "Binh")
    query = "SELECT entry FROM leaf ORDER BY position DESC LIMIT 2"
    renewed, approved = (json.loads(row[0]) for row in rows(engine.folder, query))
    for leaf, rule, outcome in ((renewed, "one-target", "renewed"), (approved, "bags", "approved")):
        assert (leaf["type"], leaf["rule"], leaf["outcome"]) == ("config", rule, outcome)
        assert leaf["version"] == stands(engine, rule).version
        told = {"action", "commitment", "day", "id", "outcome", "rule", "type", "version"}
        assert set(leaf) <= told


def test_no_name_of_staff_is_in_the_store(engine: Engine) -> None:
    """Neither in the journal nor in the public log nor anywhere else in the main file."""
    engine.approve("bags", "Binhminh")
    engine.renew("one-target", "Chilinh")
    engine.store.connection.wal_checkpoint()
    content = (engine.folder / "ombud.db").read_bytes().lower()
    assert b"binhminh" not in content
    assert b"chilinh" not in content
    assert b"one-target" in content  # the file was really read


def test_how_rules_stand_is_read_from_the_last_activation_on(engine: Engine) -> None:
    """What a reader finds is what the engine goes by, before and after the next activation."""
    engine.approve("bags", "binh")
    engine.renew("one-target", "chi")
    assert _read(engine) == dict(engine.writer.pipeline.community.active.standing)
    name, text = next(iter(RULES.items()))
    (engine.folder / "rules" / name).write_text(text.replace("live", "draft"), encoding="utf-8")
    assert engine.reload("binh")
    assert _read(engine) == dict(engine.writer.pipeline.community.active.standing)
    assert stands(engine, "one-target").until == last(engine, "renewal")["until"]


def _read(engine: Engine) -> dict[str, standing.Stands]:
    query = "SELECT seq, payload FROM journal WHERE type = '!config' ORDER BY seq DESC LIMIT 1"
    seq, payload = rows(engine.folder, query)[0]
    return dict(controls.in_force(engine.store, seq, json.loads(payload)))
