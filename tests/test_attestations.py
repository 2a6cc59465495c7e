"""What is kept of how the log is vouched for: handovers by both keys, cosignatures by witnesses."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.small_community import NOW, event, line, prepare, rows
from ombud import attestations
from ombud.app import Engine
from ombud.attestations import Cosigned, HandedOver, Told
from ombud.errors import BadLedger, BadUse
from ombud.ledger import handover, note
from outsider.witnesses_run import cosigned, policy_of_names

POLICY = policy_of_names("w1", "w2", "w3", least=2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community with some decisions, its log signed."""
    folder = prepare(tmp_path / "data")
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event(each, each, text="cheap bags")) for each in range(4)])
    return folder


def latest(folder: Path) -> bytes:
    """The signed head in the store."""
    return bytes(rows(folder, "SELECT note FROM signed_head WHERE kind = 'latest'")[0][0])


def lines_of(signed: bytes, *names: str) -> tuple[Told, ...]:
    """The answers of witnesses that have cosigned a head."""
    size = int(signed.split(b"\n")[1])
    made = note.split(cosigned(signed, *names))[1][-len(names) :]
    return tuple(
        Told(name, size, "cosigned", "", each) for name, each in zip(names, made, strict=True)
    )


def test_cosignatures_gather_on_the_latest_head(folder: Path) -> None:
    """One at a time, in any order; with the quorum the head is kept as one that proves."""
    signed = latest(folder)
    with Engine(folder, now=lambda: NOW) as engine:
        assert engine.change(Cosigned(signed, POLICY, lines_of(signed, "w2")))
        assert rows(folder, "SELECT kind, witnesses FROM signed_head") == [
            ("latest", "none: self-attested; too few witnesses: w2")
        ]
        # asked with the head as it was before the other answer came: neither is lost
        assert engine.change(Cosigned(signed, POLICY, lines_of(signed, "w1")))
        assert rows(folder, "SELECT kind, witnesses FROM signed_head ORDER BY kind") == [
            ("attested", "w1, w2"),
            ("latest", "w1, w2"),
        ]
    assert latest(folder) == cosigned(signed, "w2", "w1")


def test_an_answer_about_an_older_head_is_kept_only_as_news_of_the_witness(folder: Path) -> None:
    """A head signed meanwhile has not been confirmed; how far the witness has seen is known."""
    signed = latest(folder)
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event(9, 9, text="cheap bags"))])
        engine.publish()
        assert not engine.change(Cosigned(signed, POLICY, lines_of(signed, "w1", "w2")))
        assert rows(folder, "SELECT witnesses FROM signed_head") == [("none: self-attested",)]
        assert rows(folder, "SELECT name, size, state FROM witness ORDER BY name") == [
            ("w1", 5, "cosigned"),
            ("w2", 5, "cosigned"),
        ]


def test_a_quorum_stays_until_the_next_one(folder: Path) -> None:
    """A new head without confirmations does not take away what was confirmed before."""
    signed = latest(folder)
    with Engine(folder, now=lambda: NOW) as engine:
        engine.change(Cosigned(signed, POLICY, lines_of(signed, "w1", "w3")))
        engine.submit([line(event(9, 9, text="cheap bags"))])
        engine.publish()
    assert rows(folder, "SELECT kind, size, witnesses FROM signed_head ORDER BY kind") == [
        ("attested", 5, "w1, w3"),
        ("latest", 6, "none: self-attested"),
    ]


def test_a_new_key_is_signed_by_the_old_one(folder: Path) -> None:
    """The note verifies under both, names the last head, and has its line in the log."""
    size, root = rows(folder, "SELECT published, root FROM head")[0]
    with Engine(folder, now=lambda: NOW) as engine:
        before = attestations.signer(engine.store, engine.keys)
        engine.change(HandedOver())
        after = attestations.signer(engine.store, engine.keys)
    assert before.name == after.name
    assert before.seed != after.seed
    (signed, leaf) = rows(folder, "SELECT note, leaf FROM handover")[0]
    given = handover.verify(signed)
    assert (given.old, given.new, given.kind) == (before.key, after.key, "rotation")
    assert (given.last.size, given.last.root) == (size, root)
    entry = rows(folder, "SELECT entry FROM leaf WHERE position = ?", leaf)[0][0]
    assert b'"type":"handover"' in entry
    assert root.hex().encode() in entry


def test_a_log_that_succeeds_begins_anew(folder: Path) -> None:
    """Another name, another key, nothing signed yet; and nobody's word for it."""
    signed = latest(folder)
    with Engine(folder, now=lambda: NOW) as engine:
        engine.change(Cosigned(signed, POLICY, lines_of(signed, "w1", "w2")))
        engine.change(HandedOver("log.example/second"))
        head = engine.store.one("head")
        assert head is not None
        assert head[7:] == ("log.example/second", 0, None)
        assert rows(folder, "SELECT count(*) FROM signed_head") == [(0,)]
        assert rows(folder, "SELECT sum(size) FROM witness") == [(0,)]
        assert attestations.signer(engine.store, engine.keys).name == "log.example/second"


@pytest.mark.parametrize(
    ("origin", "code"), [("two words", "U361"), ("a+b", "U361"), ("x" * 300, "U361")]
)
def test_a_log_has_a_name_that_can_be_one(folder: Path, origin: str, code: str) -> None:
    """A name no log can have is refused, and nothing has changed."""
    with Engine(folder, now=lambda: NOW) as engine, pytest.raises(BadUse, match=code):
        engine.change(HandedOver(origin))
    assert rows(folder, "SELECT count(*) FROM handover") == [(0,)]


def test_a_name_is_used_once(folder: Path) -> None:
    """Neither the log's own nor one that it had before: two logs of one name are a fork."""
    with Engine(folder, now=lambda: NOW) as engine:
        first = attestations.signer(engine.store, engine.keys).name
        with pytest.raises(BadUse, match="U360"):
            engine.change(HandedOver(first))
        engine.change(HandedOver("log.example/second"))
        for name in (first, "log.example/second"):
            with pytest.raises(BadUse, match="U360"):
                engine.change(HandedOver(name))


def test_without_its_key_nothing_signs(folder: Path) -> None:
    """A key file of before the rotation does not have the key; another one is never taken."""
    before = (folder / "ombud.keys").read_bytes()
    with Engine(folder, now=lambda: NOW) as engine:
        engine.change(HandedOver())
    for each in folder.glob("ombud.keys*"):
        each.unlink()
    (folder / "ombud.keys").write_bytes(before)
    with (
        pytest.raises(BadLedger, match="L083"),
        Engine(folder, now=lambda: NOW) as engine,
        pytest.raises(BadLedger, match="L083"),
    ):
        attestations.signer(engine.store, engine.keys)


def test_without_the_old_key_a_handover_says_so(folder: Path) -> None:
    """The new key alone signs; whoever checks is told."""
    before = (folder / "ombud.keys").read_bytes()
    with Engine(folder, now=lambda: NOW) as engine:
        engine.change(HandedOver())
    for each in folder.glob("ombud.keys*"):
        each.unlink()
    (folder / "ombud.keys").write_bytes(before)
    with Engine(folder, now=lambda: NOW) as engine:
        engine.change(HandedOver("log.example/second"))
        own = attestations.signer(engine.store, engine.keys)
    signed = rows(folder, "SELECT note FROM handover ORDER BY number")[-1][0]
    assert handover.read(signed).new == own.key
    with pytest.raises(BadLedger, match="L026"):
        handover.verify(signed)
