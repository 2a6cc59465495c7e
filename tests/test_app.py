"""The engine and its reader: opened once, closed whenever, and read without the lock."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from flow.small_community import NOW, crowd, event, line, prepare, rows
from ombud import access
from ombud.access import PlatformKey
from ombud.app import Engine, crash_point
from ombud.controls import programs
from ombud.errors import BadData, BadUse, OmbudError
from ombud.reading import reading


def test_a_crash_point_kills_at_its_passing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The named point, at the counted passing, and no other; without a name never."""
    killed: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda *told: killed.append(told))
    monkeypatch.setenv("OMBUD_FAULT", "committed:3")
    point = crash_point()
    for passed in ("committed", "judged", "committed", "judged"):
        point(passed)
    assert killed == []
    point("committed")
    assert killed == [(os.getpid(), signal.SIGKILL)]
    monkeypatch.delenv("OMBUD_FAULT")
    crash_point()("committed")
    assert len(killed) == 1


def test_starting_twice_changes_nothing(tmp_path: Path) -> None:
    """The same texts are one configuration: a restart journals nothing."""
    folder = prepare(tmp_path)
    for _ in range(3):
        engine = Engine(folder, now=lambda: NOW)
        engine.close()
        engine.close()
    assert rows(folder, "SELECT seq, type FROM journal") == [(1, "!config")]
    assert rows(folder, "SELECT epoch FROM head") == [(3,)]


def test_settings_are_in_force_once_they_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a reload cannot be committed, or its rules are refused, the earlier ones stay."""
    with Engine(prepare(tmp_path), now=lambda: NOW) as engine:
        before = engine.settings

        def full(_: object) -> None:
            raise BadData("D011", "store", detail="full")

        section = '\n[connectors.chat]\nurl = "https://chat.example/hook"\n'
        with (tmp_path / "ombud.toml").open("a") as settings:
            settings.write(section)
        with monkeypatch.context() as broken:
            broken.setattr(engine, "control", full)
            with pytest.raises(BadData, match="D011"):
                engine.reload()
        assert engine.settings == before
        (tmp_path / "rules" / "mine.rule").write_text("rule mine\n")
        with pytest.raises(OmbudError, match="D013"):
            engine.reload()
        assert engine.settings == before
        (tmp_path / "rules" / "mine.rule").unlink()
        assert engine.reload()
        assert "chat" in engine.settings.connectors


@pytest.mark.parametrize(
    ("section", "code"),
    [
        ('url = "http://u:p@127.0.0.1/"', "U031"),
        ('url = "https://x.example/"\nallow = ["10.1.2.3/16"]', "U030"),
        ('url = "https://x.example/"\nactions = { alert = "exact" }', "U032"),
    ],
)
def test_a_connector_that_cannot_be_used_is_refused(
    tmp_path: Path, section: str, code: str
) -> None:
    """At a reload as at a start, and what was in force stays; without activation nobody looks."""
    settings = prepare(tmp_path) / "ombud.toml"
    good = '[connectors.chat]\nurl = "https://chat.example/hook"\n'
    settings.write_text(good)
    with Engine(tmp_path, now=lambda: NOW) as engine:
        before = engine.settings
        settings.write_text(f"[connectors.chat]\n{section}\n")
        with pytest.raises(BadUse, match=code) as caught:
            engine.reload()
        assert caught.value.where.startswith("connectors.chat.")
        assert engine.settings == before
    with pytest.raises(BadUse, match=code):
        Engine(tmp_path, now=lambda: NOW)
    with Engine(tmp_path, now=lambda: NOW, activate=False) as engine:
        with pytest.raises(BadUse, match=code):
            engine.reload()
        settings.write_text(good)
        assert engine.reload() is False
        assert engine.settings == before


def test_a_reload_keeps_the_name_of_the_log(tmp_path: Path) -> None:
    """A name that is none and another name than the log's are refused as at a start."""
    with Engine(prepare(tmp_path), now=lambda: NOW) as engine:
        for origin, code in (("log example", "U014"), ("other.example", "U015")):
            (tmp_path / "ombud.toml").write_text(f'origin = "{origin}"\n')
            with pytest.raises(BadUse, match=code):
                engine.reload()
    assert rows(tmp_path, "SELECT count(*) FROM journal") == [(1,)]


def test_what_is_there_is_not_overwritten(tmp_path: Path) -> None:
    """The first start copies the samples beside the operator's own files."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "burst-posts.rule").write_text("# mine\n")
    with pytest.raises(OmbudError, match="D013"):
        Engine(tmp_path)
    assert (tmp_path / "rules" / "burst-posts.rule").read_text() == "# mine\n"
    assert (tmp_path / "rules" / "join-raid.rule").exists()
    assert not (tmp_path / "ombud.db").exists()


def test_a_failed_start_gives_the_lock_back(tmp_path: Path) -> None:
    """After the refusal is mended the same process can start."""
    folder = prepare(tmp_path)
    bad = folder / "rules" / "bad.rule"
    bad.write_text("no rule\n")
    with pytest.raises(OmbudError, match="D013"):
        Engine(folder, now=lambda: NOW)
    bad.unlink()
    with Engine(folder, now=lambda: NOW):
        pass


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file in the folder's place is D003."""
    (tmp_path / "file").touch()
    with pytest.raises(BadData, match="D003"):
        Engine(tmp_path / "file" / "data")


def test_answers_come_in_the_order_of_lines(tmp_path: Path) -> None:
    """Good and bad lines of one call are answered in their places."""
    lines = [line(event(1)), b"bad", line(event(2)), line(event(1)), b""]
    with Engine(prepare(tmp_path), now=lambda: NOW) as engine:
        found = engine.submit(lines)
        assert engine.submit([]) == []
    assert [getattr(each, "status", getattr(each, "code", "")) for each in found] == [
        "accepted",
        "E001",
        "accepted",
        "duplicate",
        "E001",
    ]


def test_reading_while_the_engine_writes(tmp_path: Path) -> None:
    """A reader sees what was committed, an erased decision as the public log has it."""
    folder = prepare(tmp_path)
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event(1, text="cheap bags"))])
        with reading(folder) as reader:
            made = reader.decisions()
            assert len(made) == 1
            decision = made[0]["id"]
            assert reader.statement(decision, "vi") != reader.statement(decision, "en")
            assert reader.ledger_head()["size"] == 2
            assert reader.replay_check().different == 0
            engine.erase("chat", "ana")
        with reading(folder) as reader:
            erased = reader.decision(decision)
            assert erased["erased"] is True
            assert erased["clause"] == made[0]["clause"]
            assert "subject" not in erased
            assert len(reader.statement(decision, "en")) == 1
            assert reader.statement(decision, "vi") != reader.statement(decision, "en")
    with pytest.raises(OmbudError, match="U010"), reading(folder) as reader:
        reader.decision("dec_none")
    with pytest.raises(BadData, match="D004"), reading(tmp_path / "none"):
        pass


def test_progress_counts_every_answered_event(tmp_path: Path) -> None:
    """The bar moves by what was answered, batch by batch."""
    moved: list[int] = []
    with Engine(prepare(tmp_path), now=lambda: NOW) as engine:
        summary = engine.ingest([b"".join(map(line, crowd(5, 1300)))], "", moved.append)
    assert sum(moved) == summary.accepted == 1300
    assert len(moved) == 3


def test_keys_of_programs_outlive_the_process(tmp_path: Path) -> None:
    """What a key may do is known at once, after a restart too, and no more once it is revoked."""
    digest = access.digest("omb_1")
    key = PlatformKey(name="forum", sources=("forum/*",))
    with Engine(prepare(tmp_path), now=lambda: NOW) as engine:
        assert engine.access == {}
        assert engine.control(programs.made(key, digest))
        assert engine.access == {digest: key}
    with Engine(tmp_path, now=lambda: NOW) as engine:
        assert engine.access == {digest: key}
        assert engine.control(programs.revoked("forum"))
        assert engine.access == {}
    with Engine(tmp_path, now=lambda: NOW) as engine:
        assert engine.access == {}


def test_a_refused_change_is_raised_as_it_was(tmp_path: Path) -> None:
    """The writer's refusal comes out of the call with its code, its place and its words."""
    with Engine(prepare(tmp_path), now=lambda: NOW) as engine:
        with pytest.raises(BadUse) as caught:
            engine.control(programs.revoked("forum"))
        assert (caught.value.code, caught.value.where) == ("U021", "name")
        assert "forum" in caught.value.message
        assert engine.submit([line(event(1))])
