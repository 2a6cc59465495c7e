"""The folder of a trained model, `models/CLAUSE` of a data folder: the model, its card, its plot.

    model.bin         what rules ask (signals.learned.model)
    card.json         on what it was trained, and how well it does
    reliability.svg   what was said against what was so

Whoever can write into the folder can put anything there, so nothing of it is believed: no link is
followed, no file larger than its bound is read, and a model counts only where its card names it.
This module must never ask what a model says.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

import msgspec

from ombud import files
from ombud.errors import BadData, catalogue

catalogue(
    D030=(
        "{path} is {what}.",
        "Nothing was read. Put the file back, or train the model anew: `ombud learn {clause}`.",
    ),
    D031=(
        "The model in {path} is not the one that its card is about.",
        "Train it anew: `ombud learn {clause}`.",
    ),
    D032=(
        "The card in {path} cannot be read.",
        "Train the model anew: `ombud learn {clause}`.",
    ),
)

FOLDER = "models"
MODEL, CARD, PLOT = "model.bin", "card.json", "reliability.svg"
BOUNDS = {MODEL: 4 << 20, CARD: 1 << 20, PLOT: 1 << 20}
MODELS_MAX = 200
CLAUSE_LENGTH_MAX = 129
_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC


class Named(msgspec.Struct):
    """What every card says first: the digest of the model it is about."""

    model: str


def content(folder: Path, clause: str) -> bytes | None:
    """The model of a clause; None where there is none. Raises BadData D030, D031, D032."""
    found = read(folder, clause, MODEL)
    if found is None:
        return None
    path = str(folder / FOLDER / clause)
    card = read(folder, clause, CARD)
    try:
        named = msgspec.json.decode(card or b"", type=Named).model
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise BadData("D032", path, path=path, clause=clause) from None
    if named != hashlib.sha256(found).hexdigest():
        raise BadData("D031", path, path=path, clause=clause)
    return found


def read(folder: Path, clause: str, name: str) -> bytes | None:
    """One of the files of a clause's folder; None where there is none. Raises BadData D030."""
    path = folder / FOLDER / clause / name
    if not _is_name(clause):
        return None
    try:
        with _opened(folder / FOLDER, clause, name) as file:
            if files.size(file) > BOUNDS[name]:
                raise _refused(path, f"larger than {BOUNDS[name] >> 20} MB")
            return files.upto(file, BOUNDS[name])
    except files.Unfit:
        raise _refused(path, "no plain file") from None
    except (FileNotFoundError, NotADirectoryError):
        if path.is_symlink() or path.parent.is_symlink() or path.parent.parent.is_symlink():
            raise _refused(path, "a link, or in a folder that is one") from None
        return None
    except OSError as error:
        linked = any(each.is_symlink() for each in (path, path.parent, path.parent.parent))
        what = "a link, or in a folder that is one" if linked else f"not readable: {error.strerror}"
        raise _refused(path, what) from None


def clauses(folder: Path) -> list[str]:
    """The clauses that have a folder of their own, in order; at most MODELS_MAX."""
    try:
        found = [each.name for each in os.scandir(folder / FOLDER) if _is_name(each.name)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(found)[:MODELS_MAX]


def write(folder: Path, clause: str, contents: dict[str, bytes]) -> None:
    """Put the files of a model in place, each at once, the model last: whoever reads in between
    finds a card that is about another model, and takes neither. Raises BadData D030.
    """
    place = folder / FOLDER / clause
    if place.is_symlink() or place.parent.is_symlink():
        raise _refused(place, "a link, or in a folder that is one")
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name in sorted(contents, key=lambda each: each == MODEL):
            made = place / f".{name}.{os.getpid()}"
            with made.open("wb") as file:
                file.write(contents[name])
                file.flush()
                os.fsync(file.fileno())
            made.replace(place / name)
    except OSError as error:
        raise _refused(place, f"not writable: {error.strerror}") from None


@contextmanager
def _opened(base: Path, clause: str, name: str) -> Iterator[BufferedReader]:
    """A file opened step by step, so that no step is a link."""
    handles: list[int] = []
    try:
        handles.append(os.open(base, _FOLDER))
        handles.append(os.open(clause, _FOLDER, dir_fd=handles[0]))
        with files.opened(name, folder=handles[1], follow=False) as file:
            yield file
    finally:
        for handle in handles:
            os.close(handle)


def _is_name(clause: str) -> bool:
    """Whether this can be the name of a clause's folder."""
    first, dot, second = clause.partition(".")
    parts = (first, second)
    plain = all(part and part.replace("-", "").isalnum() and part.isascii() for part in parts)
    return bool(dot) and plain and len(clause) <= CLAUSE_LENGTH_MAX and clause == clause.lower()


def _refused(path: Path, what: str) -> BadData:
    clause = path.name if path.parent.name == FOLDER else path.parent.name
    return BadData("D030", str(path), path=path, what=what, clause=clause)
