"""Undo and erase work whatever the operator is editing, and reach what has ended too."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from flow.small_community import NOW, change, check, event, line, prepare, rows
from ombud import session
from ombud.app import Engine
from ombud.errors import BadData, BadUse, OmbudError
from ombud.reading import reading
from ombud.transaction import Answer

DAY = 86_400_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community with one hold."""
    with Engine(prepare(tmp_path), now=lambda: NOW) as engine:
        engine.submit([line(event(1, 1, text="cheap bags"))])
    return tmp_path


def test_a_half_written_rule_does_not_block_undo_and_erase(folder: Path) -> None:
    """They run on the configuration in the journal, and activate nothing."""
    (folder / "rules" / "bad.rule").write_text("rule x")
    assert len(session.request(folder, "undo", rule="bags")) == 1
    assert session.request(folder, "erase", platform="chat", account="ana") == 1
    types = [row[0] for row in rows(folder, "SELECT type FROM journal ORDER BY seq")]
    assert types == ["!config", "post.created", "!ended", "!undo", "!erasure"]
    with pytest.raises(OmbudError, match="D013"):
        session.request(folder, "reload")


def test_what_has_ended_can_still_be_undone(folder: Path) -> None:
    """It is recorded and told, and the platform is not asked to take back what is over."""
    moment = NOW + 2 * DAY
    with Engine(folder, now=lambda: moment) as engine:
        engine.submit([line(event(2, 90_000, text="thanks"))])
        (decision,) = engine.undo("admin", rule="bags")
        assert engine.undo("admin", rule="bags") == []
    with reading(folder) as reader:
        found = reader.decision(decision)
    assert found["ended"] < found["undone_by"]
    assert [each["reason"] for each in found["notices"]] == ["decided", "ended", "undone"]
    assert [each["inverse"] for each in found["asked"]] == [False, True]
    assert check(folder).different == 0


def test_a_request_that_names_nothing_undoes_nothing(folder: Path) -> None:
    """Whatever door it comes through, an empty choice is refused."""
    with pytest.raises(BadUse, match="U005"):
        session.request(folder, "undo", until=NOW + DAY)


def test_a_log_has_one_name_for_good(folder: Path) -> None:
    """A name that cannot be signed, or another than the log's, is refused before anything."""
    settings = folder / "ombud.toml"
    for origin, code in (("my log", "U014"), ("other.example/log", "U015")):
        settings.write_text(f'origin = "{origin}"\n')
        with pytest.raises(BadUse, match=code):
            Engine(folder)
    fresh = folder / "fresh"
    fresh.mkdir()
    (fresh / "ombud.toml").write_text('origin = "my log"\n')
    with pytest.raises(BadUse, match="U014"):
        Engine(fresh)
    assert not (fresh / "ombud.db").exists()


def test_a_changed_entry_of_the_log_is_not_published(folder: Path) -> None:
    """The damaged entry is named, and nobody is told to remove the good copy."""
    with Engine(folder, now=lambda: NOW) as engine:
        change(folder, "UPDATE leaf SET entry = X'7b7d' WHERE position = 1")
        engine.submit([line(event(2, 2, text="cheap bags"))])
        with pytest.raises(BadData, match="entry 1 of the public log") as caught:
            engine.close()
    assert caught.value.code == "D008"


def test_a_flag_is_named_as_what_began_a_decision(tmp_path: Path) -> None:
    """What a member reported was not found by the rule itself."""
    text = (
        'rule flagged\n  "A member flags a post."\n\nfor     flag\nclause  spam.links\n'
        "mode    live\n\nwhen\n  reporter.flags in last 1 day >= 1\n\nthen\n  hold this\n\n"
        'tell author\n  en  "Wait."\n  vi  "Xin chờ."\n\nshould catch "one"\n'
        '  reporter.flags in last 1 day  1\n\nshould pass "none"\n'
        "  reporter.flags in last 1 day  0\n"
    )
    with Engine(prepare(tmp_path, {"flagged.rule": text}), now=lambda: NOW) as engine:
        flag = event(1, 1, type="flag.created", reporter={"id": "bo"}, reported="post/9")
        (answer,) = engine.submit([line(flag)])
    assert isinstance(answer, Answer)
    with reading(tmp_path) as reader:
        found = reader.decision(answer.decisions[0])
    assert (found["origin"], found["automated_detection"]) == ("flag", False)
    assert found["automated_decision"] is True
    assert not found["reasons"]["facts"], "what is known of a reporter is nobody's business"


def test_a_pipe_is_judged_as_it_comes(tmp_path: Path) -> None:
    """One line on an open pipe is in the journal without waiting for a second."""
    folder = prepare(tmp_path)
    program = "from ombud.cli import main; main()"
    command = [sys.executable, "-c", program, "ingest", "-", "--data", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        process.stdin.write(line(event(1, 1, text="cheap bags")))
        process.stdin.flush()
        for _ in range(200):
            if (folder / "ombud.db").exists() and _judged(folder) == 1:
                break
            time.sleep(0.1)
        assert _judged(folder) == 1
        assert process.poll() is None
        process.stdin.close()
        assert process.wait() == 0


def _judged(folder: Path) -> int:
    try:
        found = rows(folder, "SELECT count(*) FROM journal WHERE type = 'post.created'")
    except Exception:  # noqa: BLE001 -- the file is just being made
        return 0
    return int(found[0][0])
