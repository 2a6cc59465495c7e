"""The files of rules: names, links, and that a file is whole or as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ombud import rulefiles
from ombud.errors import BadUse

TEXT = (
    'rule new-links  # ours\n  "x"\n\nmode    live   # for now\n\n'
    'when\n  text contains "mode live"\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with one rule."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.rule").write_text(TEXT)
    return tmp_path


def refused(code: str, folder: Path, file: str) -> None:
    """Nothing is written, and that is said."""
    with pytest.raises(BadUse) as caught:
        rulefiles.write(folder, file, b"x")
    assert caught.value.code == code


def test_a_name_and_a_mode_are_read_where_they_stand() -> None:
    """Not from a text inside the rule; a changed mode changes nothing else."""
    assert rulefiles.called(TEXT) == "new-links"
    assert rulefiles.called('when\n  text contains "x"\n rule y') == ""
    changed = rulefiles.with_mode(TEXT, "draft")
    assert changed == TEXT.replace("mode    live", "mode    draft")
    assert changed.count("mode live") == 1


@pytest.mark.parametrize("name", ["", "A", "../x", "a/b", "a.b", "x" * 65, "đ", "a\0", "-a", "new"])
def test_what_can_be_no_name(name: str) -> None:
    """Neither leads elsewhere nor is another page."""
    with pytest.raises(BadUse) as caught:
        rulefiles.checked(name)
    assert caught.value.code == "U280"


def test_the_file_of_a_rule() -> None:
    """By what it says and not by its own name; a new one never takes the place of another."""
    rules = {"a.rule": TEXT.encode()}
    assert rulefiles.file_of(rules, "new-links") == "a.rule"
    assert rulefiles.file_of(rules, "b") == "b.rule"
    with pytest.raises(BadUse):
        rulefiles.file_of(rules, "a")


def test_a_file_is_written_whole(folder: Path) -> None:
    """With its rights as they were, and nothing left beside it."""
    path = folder / "rules" / "a.rule"
    path.chmod(0o640)
    rulefiles.write(folder, "a.rule", b"other")
    assert path.read_bytes() == b"other"
    assert path.stat().st_mode & 0o777 == 0o640
    rulefiles.write(folder, "b.rule", b"new")
    assert sorted(os.listdir(folder / "rules")) == ["a.rule", "b.rule"]
    rulefiles.write(folder, "b.rule", None)
    rulefiles.write(folder, "b.rule", None)
    assert os.listdir(folder / "rules") == ["a.rule"]


@pytest.mark.parametrize(
    "file", ["../x.rule", "a/b.rule", ".x.rule", "x.txt", "/etc/x.rule", "x\0.rule"]
)
def test_nothing_is_written_elsewhere(folder: Path, file: str) -> None:
    """Whatever the name."""
    refused("U280", folder, file)


def test_no_link_is_followed(folder: Path, tmp_path: Path) -> None:
    """Neither a file that is one nor the folder."""
    outside = tmp_path / "outside"
    outside.write_text("mine")
    (folder / "rules" / "c.rule").symlink_to(outside)
    refused("U281", folder, "c.rule")
    assert outside.read_text() == "mine"
    (folder / "rules" / "d.rule").mkdir()
    refused("U281", folder, "d.rule")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "rules").symlink_to(elsewhere)
    refused("U281", tmp_path / "other", "a.rule")
    assert not list(elsewhere.iterdir())


def test_what_fails_leaves_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing beside it."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.rename", full)
    refused("U281", folder, "a.rule")
    assert (folder / "rules" / "a.rule").read_text() == TEXT
    assert os.listdir(folder / "rules") == ["a.rule"]
