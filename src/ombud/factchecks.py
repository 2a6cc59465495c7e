"""Fact-checks on their way into a data folder, and what is there: `claims/NAME.jsonl`.

A document is read as a whole, from a file or from a URL through `egress`, and takes the place of
what was imported under its name before. Where it cannot be fetched or read, or holds nothing that
can be taken, the last good one stays, and `claims/.NAME.json` remembers what went wrong, so that it
is said. Nothing here is in force before the configuration is activated again (`ombud connect
reload`). This module must never change a file that it cannot replace by a better one.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from ombud import clock, config, files
from ombud.config import CLAIMS_FOLDER, CLAIMS_SUFFIX
from ombud.egress import Egress, Trouble, place
from ombud.errors import BadData, BadUse, OmbudError, catalogue
from ombud.signals.factchecks import reading
from ombud.signals.factchecks.claim import Claim, Read, read_lines, write_lines

catalogue(
    D063=(
        "The feed could not be fetched: {detail}.",
        "What was imported before stays as it is. Try again later.",
    ),
    D064=(
        "The feed answered with status {status}, not with a document.",
        "What was imported before stays. No redirect is followed: give the address it leads to.",
    ),
    D065=("The feed is larger than {limit} bytes.", "What was imported before stays as it is."),
    U120=(
        '"{name}" cannot be the name of an import.',
        "Give a name by --name: small letters, digits and hyphens, at most 40.",
    ),
    U121=("There is no claim {claim}.", "`ombud claims search TEXT` shows the ids of claims."),
)

NOTE_BYTES_MAX = 1 << 20
_NAME = re.compile("[a-z0-9][a-z0-9-]{0,39}", re.ASCII)


class Note(msgspec.Struct, kw_only=True):
    """What is remembered of an import beside its claims."""

    url: str = ""
    etag: str = ""
    modified: str = ""
    fetched: str = ""  # when the claims that are there came
    tried: str = ""
    trouble: str = ""  # why the last try brought nothing; empty where it did
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one import. `status`: "new", "changed" or "unchanged"."""

    name: str
    status: str
    claims: int
    before: int
    refused: int = 0
    others: int = 0
    problems: tuple[BadData, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The import as the command line tells it."""
        found = {name: getattr(self, name) for name in self.__slots__}
        return {**found, "problems": [each.as_json() for each in self.problems]}


def name_of(source: str, named: str | None) -> str:
    """The name of an import: as it was given, else the host of its URL or the stem of its file.
    Raises BadUse U120.
    """
    host = place(source, "source").host if _is_url(source) else Path(source).stem
    name = named if named is not None else re.sub("[^a-z0-9]+", "-", host.lower()).strip("-")[:40]
    if not _NAME.fullmatch(name):
        raise BadUse("U120", "--name", name=name[:100])
    return name


def bring(folder: Path, source: str, name: str, settings: config.Claims, now: int) -> Imported:
    """Import the document at `source` under `name`. Raises BadData or BadUse, and then what was
    there stays; the trouble is remembered.
    """
    there = folder / CLAIMS_FOLDER
    note = _note(there, name)
    note.tried = clock.rfc3339(now)
    try:
        found = _bring(there, source, name, note, settings, now)
    except OmbudError as error:
        note.trouble = f"{error.code} {error.message}"
        if there.is_dir():
            _write(_note_file(there, name), msgspec.json.encode(note))
        raise
    note.trouble, note.refused = "", found.refused
    _write(_note_file(there, name), msgspec.json.encode(note))
    return found


def _bring(
    there: Path, source: str, name: str, note: Note, settings: config.Claims, now: int
) -> Imported:
    file = there / f"{name}{CLAIMS_SUFFIX}"
    old = config.read_file(file) if file.exists() else None
    before = len(read_lines(old).claims) if old is not None else 0
    content = _content(source, note, settings, fresh=old is None)
    if content is None:
        return Imported(name, "unchanged", before, before, note.refused)
    taken = reading.read(content, settings.publishers)
    if not taken.claims:
        first = f", the first at {taken.problems[0].where}" if taken.problems else ""
        raise BadData("D062", source, refused=f"{taken.refused}{first}")
    made = write_lines(taken.claims)
    if made != old:
        there.mkdir(parents=True, exist_ok=True)
        _write(file, made)
    note.fetched = clock.rfc3339(now)
    status = "new" if old is None else "unchanged" if made == old else "changed"
    return Imported(
        name, status, len(taken.claims), before, taken.refused, taken.others, taken.problems
    )


# --- where documents come from --------------------------------------------------------------------


def _is_url(source: str) -> bool:
    return source.startswith(("https://", "http://"))


def _content(source: str, note: Note, settings: config.Claims, *, fresh: bool) -> bytes | None:
    """The document's bytes; None where its publisher says that it has not changed."""
    if not _is_url(source):
        note.url = note.etag = note.modified = ""
        return config.read_file(Path(source))
    if fresh or note.url != source:
        note.etag = note.modified = ""
    note.url = source
    asked = {"accept": "application/json, application/ld+json", "accept-encoding": "identity"}
    if note.etag:
        asked["if-none-match"] = note.etag
    if note.modified:
        asked["if-modified-since"] = note.modified
    return _fetched(source, note, asked, settings)


def _fetched(
    source: str, note: Note, asked: Mapping[str, str], settings: config.Claims
) -> bytes | None:
    """The body that a GET brings, at most FILE_BYTES_MAX of it."""
    egress = Egress(settings.allow, where="claims.allow")
    try:
        answer = egress.send(
            place(source, "source"),
            asked,
            method="GET",
            seconds=settings.timeout_seconds,
            answer_bytes=config.FILE_BYTES_MAX,
        )
    finally:
        egress.close()
    if isinstance(answer, Trouble):
        raise BadData("D063", source, detail=answer.detail)
    if answer.status == 304 and (note.etag or note.modified):
        return None
    if answer.status != 200:
        raise BadData("D064", source, status=answer.status)
    if answer.cut:
        raise BadData("D065", source, limit=config.FILE_BYTES_MAX)
    note.etag = answer.headers.get("etag", "")
    note.modified = answer.headers.get("last-modified", "")
    return answer.body


# --- what is there --------------------------------------------------------------------------------


def kept(folder: Path) -> dict[str, Read]:
    """The claims of a data folder, by the name of their import."""
    found = config.read_claims(folder)
    return {name.removesuffix(CLAIMS_SUFFIX): read_lines(found[name]) for name in found}


def overview(folder: Path) -> list[dict[str, Any]]:
    """Every import with its counts, its publishers and how the last try went."""
    return [
        {
            "name": name,
            "claims": len(read.claims),
            "broken": len(read.broken),
            **{
                each: getattr(note, each) or None for each in ("url", "fetched", "tried", "trouble")
            },
            "refused": note.refused,
            "publishers": dict(
                sorted(Counter(map(reading.site, read.claims)).items(), key=_most_first)[:100]
            ),
        }
        for name, read in kept(folder).items()
        for note in (_note(folder / CLAIMS_FOLDER, name),)
    ]


def one(folder: Path, claim: str) -> Claim:
    """The claim of an id. Raises BadUse U121."""
    for read in kept(folder).values():
        for each in read.claims:
            if each.id == claim:
                return each
    raise BadUse("U121", claim[:100], claim=claim[:100])


def as_json(claim: Claim) -> dict[str, Any]:
    """A claim as the command line tells it."""
    found: dict[str, Any] = msgspec.to_builtins(claim)
    return {
        "id": claim.id,
        **{name: found.get(name) or None for name in claim.__struct_fields__},
        "site": reading.site(claim),
    }


def every(folder: Path) -> Sequence[Claim]:
    """All claims of a data folder."""
    return [claim for read in kept(folder).values() for claim in read.claims]


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]


# --- files ----------------------------------------------------------------------------------------


def _note_file(there: Path, name: str) -> Path:
    return there / f".{name}.json"


def _note(there: Path, name: str) -> Note:
    """What is remembered of an import; nothing where that cannot be read: it is asked for anew."""
    try:
        return msgspec.json.decode(
            files.content(_note_file(there, name), NOTE_BYTES_MAX), type=Note
        )
    except (BadData, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Note()


def _write(path: Path, content: bytes) -> None:
    """Write a file as a whole or not at all."""
    made = path.with_name(f".{path.name}.tmp")
    try:
        with made.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
    except OSError as error:
        raise BadData("D003", str(path), detail=error.strerror) from None
