"""The folder of a model: what is read of it, and everything hostile that can stand there."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import msgspec
import pytest

from ombud import model_folder
from ombud.errors import BadData
from ombud.model_folder import BOUNDS, CARD, FOLDER, MODEL, PLOT

CLAUSE = "spam.links"


def card(content: bytes) -> bytes:
    """A card that is about this model."""
    return msgspec.json.encode({"model": hashlib.sha256(content).hexdigest()})


def put(folder: Path, content: bytes = b"a model", told: bytes | None = None) -> Path:
    """A model and its card in their place."""
    files = {MODEL: content, CARD: card(content) if told is None else told, PLOT: b"<svg/>"}
    model_folder.write(folder, CLAUSE, files)
    return folder / FOLDER / CLAUSE


def refused(folder: Path) -> BadData:
    """The error with which the model is refused."""
    with pytest.raises(BadData) as error:
        model_folder.content(folder, CLAUSE)
    assert CLAUSE in error.value.hint
    return error.value


def test_what_was_written_is_read(tmp_path: Path) -> None:
    """Model, card and plot come back; a later model takes the place of the first."""
    put(tmp_path)
    put(tmp_path, b"another")
    assert model_folder.content(tmp_path, CLAUSE) == b"another"
    assert model_folder.read(tmp_path, CLAUSE, PLOT) == b"<svg/>"
    assert model_folder.clauses(tmp_path) == [CLAUSE]
    assert sorted(each.name for each in (tmp_path / FOLDER / CLAUSE).iterdir()) == sorted(BOUNDS)


def test_nothing_is_none(tmp_path: Path) -> None:
    """No folder, no folder of the clause, no file, a file in place of a folder: there is none."""
    assert model_folder.content(tmp_path, CLAUSE) is None
    assert model_folder.clauses(tmp_path) == []
    (tmp_path / FOLDER).write_text("a file")
    assert model_folder.content(tmp_path, CLAUSE) is None
    assert model_folder.clauses(tmp_path) == []


@pytest.mark.parametrize("name", ["..", "spam", "../x.y", "a.b.c/..", "spam.Links", "spam.l nks"])
def test_a_name_that_is_no_clause_leads_nowhere(name: str, tmp_path: Path) -> None:
    """No path is made of what is not the name of a clause."""
    (tmp_path / "x.y").mkdir()
    (tmp_path / "x.y" / MODEL).write_bytes(b"outside")
    assert model_folder.read(tmp_path, name, MODEL) is None


@pytest.mark.parametrize("level", [MODEL, CLAUSE, FOLDER])
def test_no_link_is_followed(level: str, tmp_path: Path) -> None:
    """A file, or a folder above it, that leads out of the data folder is refused, also dangling."""
    outside = tmp_path / "outside"
    put(outside)
    folder = tmp_path / "community"
    put(folder)
    place = {
        MODEL: Path(FOLDER) / CLAUSE / MODEL,
        CLAUSE: Path(FOLDER) / CLAUSE,
        FOLDER: Path(FOLDER),
    }[level]
    (folder / place).rename(tmp_path / "moved")
    (folder / place).symlink_to(outside / place)
    assert refused(folder).code == "D030"
    (folder / place).unlink()
    (folder / place).symlink_to(tmp_path / "nowhere")
    assert refused(folder).code == "D030"


@pytest.mark.parametrize("name", [MODEL, CARD])
def test_a_huge_file_is_refused_unread(name: str, tmp_path: Path) -> None:
    """Two gigabytes are refused by their size, before a byte is read."""
    place = put(tmp_path)
    with (place / name).open("wb") as file:
        file.truncate(2 << 30)
    error = refused(tmp_path)
    assert (error.code, "larger than" in error.message) == ("D030", True)


def test_a_pipe_and_a_folder_are_no_model(tmp_path: Path) -> None:
    """Neither blocks; both are refused."""
    place = put(tmp_path)
    (place / MODEL).unlink()
    os.mkfifo(place / MODEL)
    assert "no plain file" in refused(tmp_path).message
    (place / MODEL).unlink()
    (place / MODEL).mkdir()
    assert "no plain file" in refused(tmp_path).message


def test_a_model_without_its_own_card_is_refused(tmp_path: Path) -> None:
    """The card names the model; another one's card, garbage or none at all will not do."""
    place = put(tmp_path, told=card(b"another model"))
    assert refused(tmp_path).code == "D031"
    for garbage in (b"", b"\xff\xfe", b"[" * 100_000, b'{"model": 5}', b"{}"):
        (place / CARD).write_bytes(garbage)
        assert refused(tmp_path).code == "D032"
    (place / CARD).unlink()
    assert refused(tmp_path).code == "D032"


def test_half_a_change_is_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that ends between the files leaves a card that is about another model."""
    put(tmp_path)
    replace = Path.replace

    def broken(self: Path, target: Path) -> Path:
        if target.name == MODEL:
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(BadData):
        put(tmp_path, b"another")
    assert refused(tmp_path).code == "D031"


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    """Where the folder of a clause leads elsewhere, nothing is put there."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / CLAUSE).symlink_to(outside)
    with pytest.raises(BadData):
        put(tmp_path)
    assert list(outside.iterdir()) == []
