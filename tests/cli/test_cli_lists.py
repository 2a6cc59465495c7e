"""`ombud lists`: shown, changed, and hostile terms."""

from __future__ import annotations

from pathlib import Path

import pytest
import time_machine

from cli.command_line import HOSTILE, error_of, harmless, printed, run
from flow.followed_community import LIST, ROOM, followed, opened, publish, take_back
from flow.listed_community import listed
from flow.small_community import NOW, rows
from ombud.app import Engine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community that has lists, not running."""
    folder = listed(tmp_path / "folder")
    Engine(folder, now=lambda: NOW).close()
    return folder


def ombud(folder: Path, *words: object) -> str:
    """One call, which must succeed; what it said."""
    done = run("lists", *words, "--data", folder)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_list_is_changed_and_shown(folder: Path) -> None:
    """Every command in turn, each told in a line."""
    words = folder / "words.txt"
    words.write_text("roulette\nslots\tour own\n")
    assert ombud(folder, "add", "bad words", "poker*") == "added to bad words, on watch\n"
    assert ombud(folder, "remove", "bad words", "casino") == "taken out of bad words\n"
    assert ombud(folder, "import", "bad words", words, "--source", "May") == (
        "2 added to bad words, on watch\n"
    )
    assert "watch until" in ombud(folder, "show", "bad words", "--state", "watch")
    done = ("confirm", "bad words", "roulette", "--all", "--seen", "0")
    assert ombud(folder, *done) == "2 confirmed in bad words\n"
    assert ombud(folder, "confirm", "bad words", "poker*", "--seen", "0").startswith("1 confirmed")
    assert "U320" in str(error_of(run("lists", *done, "--data", folder)))
    assert ombud(folder, "quarantine", "bad words", "slots") == "in quarantine in bad words\n"
    assert ombud(folder, "show", "bad words", "--limit", 4) == (
        "bad words: 3 entries  1 in quarantine  1 taken out\n"
        "    1 from May\n"
        "    1 from our own\n"
        "    includes more words\n"
        "viagr*  (file)\n"
        "casino  (file)  removed\n"
        "poker*  (store)\n"
        "roulette  (store)\n"
        "and 1 more (--skip, --limit)\n"
    )
    assert ombud(folder, "show", "bad words", "--state", "quarantined").endswith(
        "slots  (store)  quarantined\n"
    )
    assert ombud(folder, "release", "bad words", "slots") == "released in bad words\n"
    line = next(each for each in ombud(folder, "list").splitlines() if each.startswith("bad words"))
    assert line.split() == ["bad", "words", "4", "entries", "1", "taken", "out", "words"]
    assert run("replay", "--check", "--data", folder).exit_code == 0
    assert rows(folder, "SELECT count(*) FROM journal WHERE type = '!list'") == [(7,)]


def test_a_new_list_must_be_meant(folder: Path) -> None:
    """A slip in the name begins no list; --new does."""
    told = error_of(run("lists", "add", "new words", "x", "--data", folder))
    assert told[0] == "U090  There is no list called new words."
    assert "--new" in told[-1] or "Did you mean" in told[-1]
    ombud(folder, "add", "new words", "x", "--new", "--expires", "2099-01-01")
    assert "until 2099-01-01T00:00:00Z" in ombud(folder, "show", "new words")


def test_while_a_server_runs_it_makes_the_change(folder: Path) -> None:
    """Through the local socket, errors included."""
    from ombud import session

    words = folder / "words.txt"
    words.write_text("roulette\n")
    with session.engine(folder) as engine:
        ombud(folder, "add", "bad words", "poker")
        ombud(folder, "import", "bad words", words, "--source", "May")
        assert len(list(engine.writer.pipeline.community.lists["bad words"].entries())) == 2
        told = error_of(run("lists", "remove", "bad words", "nothing", "--data", folder))
        assert told[0] == "U093  The list bad words has no such entry."


@pytest.mark.parametrize(
    "words",
    [
        ("add", "bad words", HOSTILE),
        ("add", HOSTILE, "x", "--new"),
        ("show", HOSTILE),
        ("remove", "bad words", HOSTILE),
        ("add", "bad words", "x", "--source", HOSTILE),
    ],
)
def test_hostile_words_reach_no_terminal(folder: Path, words: tuple[str, ...]) -> None:
    """Refused or shown, nothing that moves a cursor or turns text around is printed."""
    done = run("lists", *words, "--data", folder)
    assert done.exit_code in (0, 2)
    assert harmless(done)
    assert harmless(run("lists", "show", "bad words", "--data", folder))


def test_a_hostile_list_file_reaches_no_terminal(folder: Path) -> None:
    """Entries and sources of a file are shown as they are read, without what cannot be seen."""
    (folder / "lists" / "more-words.txt").write_text(f"{HOSTILE} word\t{HOSTILE} x\n")
    with time_machine.travel(NOW / 1_000_000):
        Engine(folder).close()
    for words in (("show", "more words"), ("list",)):
        assert harmless(run("lists", *words, "--data", folder))
    assert harmless(run("rules", "check", "--data", folder))


def test_nothing_is_told_where_no_community_is(tmp_path: Path) -> None:
    """Looking and changing both say so, and make no folder."""
    for words in (("list",), ("show", "x"), ("add", "x", "y"), ("release", "x", "y")):
        told = error_of(run("lists", *words, "--data", tmp_path / "none"))
        assert told[0].startswith("D004")
    assert not (tmp_path / "none").exists()


def test_a_missing_or_huge_file_is_told(folder: Path) -> None:
    """The import names what is wrong with it."""
    assert run("lists", "import", "bad words", folder / "none", "--source", "x").exit_code == 2
    huge = folder / "huge.txt"
    with huge.open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    told = printed("lists", "import", "bad words", huge, "--source", "x", "--data", folder)
    assert told["code"] == "D005"


def test_what_others_publish_is_told_with_what_was_said_here(tmp_path: Path) -> None:
    """Who published it, why and when; why it does not count here; what waits for a person."""
    folder = followed(tmp_path / "followed")
    with opened(folder) as engine:
        publish(engine, "@spam:far", "@*:bad")
    ombud(folder, "quarantine", LIST, "@spam:far", "--reason", "a friend")
    told = ombud(folder, "show", LIST)
    assert f"follows {ROOM}" in told
    assert "ban of a user, published by @list:far on 2026-03-02: sells bags" in told
    assert ": a friend" in told
    assert "until confirmed: it stands for many" in told
    with opened(folder) as engine:
        take_back(engine, "@spam:far")
    assert "@spam:far  (store)  quarantined" in ombud(folder, "show", LIST)
    assert ombud(folder, "release", LIST, "@spam:far") == "released in their list\n"
