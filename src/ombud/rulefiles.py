"""The files of a community's rules: which one holds a rule, and one written so that it is whole.

A file is written beside and then put in place, in the folder itself and never through a link, under
a name that is a rule's name. This module must never write anywhere else, and never ask whether a
rule is right.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from ombud.errors import BadUse, catalogue
from ombud.rules.parse import NAME

catalogue(
    U280=("{name} cannot be the name of a rule here: {detail}.", "Write for example new-links."),
    U281=(
        "The file {file} cannot be written: {detail}.",
        "Look at the folder rules and at who may write there. Nothing was changed.",
    ),
)

FOLDER, ENDING = "rules", ".rule"
RESERVED = frozenset({"new"})  # an address of the console
_HEAD = re.compile(rf"^rule[ \t]+({NAME.pattern})[ \t\r]*(?:#.*)?$", re.MULTILINE | re.ASCII)
_MODE = re.compile(r"^(mode[ \t]+)(draft|watch|live)(?=[ \t\r]*(?:#.*)?$)", re.MULTILINE)


def called(text: str) -> str:
    """The name that a rule's text gives it; empty where it gives none."""
    found = _HEAD.search(text)
    return found[1] if found else ""


def checked(name: str) -> str:
    """A name under which a rule may be kept. Raises BadUse U280."""
    if not NAME.fullmatch(name):
        detail = "it is not made of small letters, digits and hyphens, or too long"
        raise BadUse("U280", "rule", name=repr(name)[:80], detail=detail)
    if name in RESERVED:
        raise BadUse("U280", "rule", name=name, detail="a page of the console has it")
    return name


def file_of(rules: Mapping[str, bytes], name: str) -> str:
    """The file that holds a rule; where none does, the one it would have. Raises BadUse U280 where
    that one holds another rule.
    """
    for file, content in rules.items():
        if called(content.decode("utf-8", "replace")) == name:
            return file
    file = checked(name) + ENDING
    if file in rules:
        detail = f"the file {file} holds another rule"
        raise BadUse("U280", "rule", name=name, detail=detail)
    return file


def with_mode(text: str, mode: str) -> str:
    """A rule's text with another mode, and nothing else changed."""
    return _MODE.sub(lambda found: found[1] + mode, text, count=1)


def digest(content: bytes) -> str:
    """By what two states of a file are told apart."""
    return hashlib.sha256(content).hexdigest()


def write(folder: Path, file: str, content: bytes | None) -> None:
    """Put a rule's file in its place in a data folder, whole or not at all; None: take it away.
    Raises BadUse U280 for a name that is none, BadUse U281 where it cannot be written.
    """
    _fit(file)
    try:
        handle = os.open(folder / FOLDER, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise _unwritable(file, error) from None
    try:
        _place(handle, file, content)
    except OSError as error:
        raise _unwritable(file, error) from None
    finally:
        os.close(handle)


def _fit(file: str) -> None:
    """A file that is there may have any name of one part; none leads out of the folder."""
    if "/" in file or "\0" in file or file.startswith(".") or not file.endswith(ENDING):
        raise BadUse("U280", "rule", name=repr(file)[:80], detail="it leads elsewhere")


def _place(folder: int, file: str, content: bytes | None) -> None:
    try:
        known = os.stat(file, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        known = None
    if known is not None and not stat.S_ISREG(known.st_mode):
        raise OSError(0, "a link or a folder stands there")
    if content is None:
        if known is not None:
            os.unlink(file, dir_fd=folder)
        os.fsync(folder)
        return
    beside = f".{file}.{secrets.token_hex(8)}.tmp"
    mode = stat.S_IMODE(known.st_mode) if known is not None else 0o644
    new = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(beside, new, mode, dir_fd=folder)
    try:
        with os.fdopen(handle, "wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        os.rename(beside, file, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        os.unlink(beside, dir_fd=folder)
        raise
    os.fsync(folder)


def _unwritable(file: str, error: OSError) -> BadUse:
    return BadUse("U281", file, file=file, detail=error.strerror or type(error).__name__)
