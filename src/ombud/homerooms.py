"""Which rooms of a Matrix homeserver are moderated: one is added, or taken out.

What stands in `ombud.toml` counts; the two files for Synapse beside it are made to say the same
where they are as they were written. What Synapse itself reads is a copy, so nothing is done before
somebody has copied it: the answer says what.

Who did it is journalled before any file says so, and what is under way is noted beside the settings
until they do (`BEGUN`): a process that ends in between leaves a note, by which the next start, or
the next change, finishes what the journal has. This module must never name a room that is
encrypted, that two people share, or that the homeserver did not show; never let a file say half of
it, nor a room be moderated of which the journal does not say by whom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import structs

from ombud import access, clock, config, egress, files, homefiles, journal, platforms, staffing
from ombud.app import KEY_FILE, Engine
from ombud.config import SETTINGS_FILE, STORE_FILE, MatrixConnector
from ombud.connectors import kinds, matrix_scope
from ombud.connectors.matrix_client import UNKNOWN_TOKENS, Client, Said
from ombud.controls import programs
from ombud.errors import BadData, BadUse, OmbudError, catalogue
from ombud.homecheck import connected
from ombud.homeserver import id_of
from ombud.staff import people
from ombud.staff.people import ADMIN as BY
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

catalogue(
    U495=(
        "The room {room} is moderated already.",
        "`ombud connect room list` shows the rooms of each homeserver.",
    ),
    U488=(
        "The room {room} is none of those that are moderated on {name}.",
        "`ombud connect room list` shows the rooms of each homeserver.",
    ),
    U489=(
        "The room {room} is the only one that is moderated on {name}.",
        "Add another one first; how the whole connection ends stands in the how-to, under Stop.",
    ),
    U490=(
        "Fewer than three people share the room {room} by invitation.",
        "Add it once more have come: what two people say to each other is never read.",
    ),
    U492=(
        "{room} is no room of Matrix.",
        "Give its id, which begins with !, or its alias, which begins with #.",
    ),
    U493=(
        "What kind of room {room} is cannot be known ({detail}), so it was not added.",
        "Let {account} into it, or make it an admin of the homeserver; then add it again.",
    ),
)

REQUESTS = ("room",)
BEGUN = "room-change.json"  # in the data folder, only while a room comes or goes
KEPT_BYTES_MAX = 4 << 20  # of a file for Synapse
SHOWN = 100  # characters of a room


class Begun(msgspec.Struct, frozen=True):
    """A room that is on its way in or out; `after` the journal's record `after`."""

    name: str
    room: str
    add: bool
    after: int = 0


class ForSynapse(NamedTuple):
    """One of the files for Synapse, and whether it says now what it should."""

    path: Path
    written: bool


def perform(engine: Engine, do: str, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    """Add a room or take one out, as a request asks."""
    name, room = str(request.get("name")), str(request.get("room"))
    by, leave = str(request.get("by") or BY), int(request.get("leave") or 0)
    return change(engine, name, room, by, add=bool(request.get("add")), leave=leave)


def listing(folder: Path) -> list[dict[str, str]]:
    """The rooms that are moderated, in the settings' order."""
    matrix = _settings(folder).matrix
    return [{"name": name, "room": room} for name, each in matrix.items() for room in each.rooms]


def in_force(store: Store, name: str, room: str, limit: int) -> list[dict[str, Any]]:
    """What was done in a room and can be undone only while it is moderated, the oldest first."""
    return [
        {
            "id": each.id,
            "time": clock.rfc3339(each.time),
            "action": each.action,
            "clause": each.clause,
            "until": None if each.until is None else clock.rfc3339(each.until),
            "being_undone": bool(each.going),
        }
        for each in programs.in_force(store, name, room, limit)
    ]


def out_of_reach(folder: Path, store: Store, decisions: Iterable[str]) -> list[str]:
    """Those of some decisions that cannot be undone: their room is moderated no more."""
    matrix = _settings(folder).matrix
    return [each for each in decisions if matrix and programs.out_of_reach(store, matrix, each)]


def change(
    engine: Engine,
    name: str,
    room: str,
    by: str = BY,
    resolve: egress.Resolve = egress.system_resolver,
    *,
    add: bool,
    leave: int = 0,
) -> dict[str, Any]:
    """Add a room, by id or alias, or take one out: the settings are in force at once, and what is
    told is which room that is, and how it goes on for Synapse. `leave`: how many decisions at most
    may stay in force in one that is taken out, where nobody can undo them any more.

    Raises OmbudError, and then nothing was changed.
    """
    staffing.allowed(engine, by, "keys")
    with platforms.WRITING:
        begun = _finish(engine)
    settings, token = _known(engine, name)
    if not room.startswith(("!", "#")) or not room.isprintable() or " " in room:
        raise BadUse("U492", "room", room=repr(room[:SHOWN]))
    with closing(Client(settings, token, name=name, resolve=resolve)) as client:
        asking = client.for_a_call()
        room = id_of(asking, room)
        if add and room not in settings.rooms:
            _fit(asking, settings, name, room)
    wanted = Begun(name, room, add)
    if begun is not None and begun[0] == wanted:
        return _told(wanted, begun[1])  # it was asked for before, and a process ended over it
    with platforms.WRITING:
        _possible(_known(engine, name)[0], name, room, add=add)
        _check(homefiles.settings(_now(engine.folder), name, room, add=add), name)
        engine.reload(by, connects=True)  # what would be refused then is refused before
        with _noted(engine, wanted):
            engine.control(programs.roomed(name, room, by, add=add, leave=leave))
            engine.fault("room journalled")
            try:
                beside = _carried_out(engine, wanted, by)
            except BaseException:
                _contradict(engine, wanted, by)
                raise
    return _told(wanted, beside)


def _told(done: Begun, beside: list[ForSynapse]) -> dict[str, Any]:
    """What is answered: which room, and what is left to do for Synapse."""
    return {
        "name": done.name,
        "room": done.room,
        "pattern": homefiles.told_room(done.room)["regex"],
        "files": [{"path": str(each.path), "written": each.written} for each in beside],
    }


def finish(engine: Engine) -> None:
    """At a start: what was under way when a process ended is done, or was never begun."""
    with platforms.WRITING:
        _finish(engine)


def _now(folder: Path) -> bytes:
    """The settings as they stand."""
    return config.read_file(folder / SETTINGS_FILE)


def _settings(folder: Path) -> config.Settings:
    path = folder / SETTINGS_FILE
    return config.parse_settings(config.read_file(path)) if path.exists() else config.Settings()


def _known(engine: Engine, name: str) -> tuple[MatrixConnector, str]:
    """A homeserver's section as it stands in the file, and the token. Raises BadUse U486."""
    with closing(KeyFile(engine.folder / KEY_FILE, readonly=True)) as keys:
        return connected(_settings(engine.folder).matrix, keys, name)


def _possible(settings: MatrixConnector, name: str, room: str, *, add: bool) -> None:
    """Whether it is there, or is not, as what is asked for needs. Raises BadUse."""
    if add and room in settings.rooms:
        raise BadUse("U495", f"matrix.{name}.rooms", room=room[:SHOWN])
    if not add and room not in settings.rooms:
        raise BadUse("U488", f"matrix.{name}.rooms", room=room[:SHOWN], name=name)
    if not add and len(settings.rooms) == 1:
        raise BadUse("U489", f"matrix.{name}.rooms", room=room[:SHOWN], name=name)


def _check(content: bytes, name: str) -> None:
    """Settings that would be refused are refused before anything is written."""
    kinds.check(config.parse_settings(content).matrix[name], name)


# --- the journal and the files --------------------------------------------------------------------


@contextmanager
def _noted(engine: Engine, wanted: Begun) -> Iterator[None]:
    """What is under way is noted, until it is done or taken back: only a process that ends over it
    leaves the note behind.
    """
    path = engine.folder / BEGUN
    noted = structs.replace(wanted, after=engine.writer.pipeline.seq)
    try:
        platforms.replace_file(path, msgspec.json.encode(noted))
        engine.fault("room noted")
        yield
    except OSError as error:
        raise BadData("D003", str(path), detail=error.strerror or error) from None
    finally:
        path.unlink(missing_ok=True)


def _carried_out(engine: Engine, wanted: Begun, by: str) -> list[ForSynapse]:
    """Every file says what is wanted, and it is in force; or all are as they were, and it raises.
    What a file says already it goes on saying.
    """
    name, room, add = wanted.name, wanted.room, wanted.add
    _, token = _known(engine, name)

    def made(before: bytes | None) -> bytes:
        content = before or b""
        there = room in config.parse_settings(content).matrix[name].rooms
        return content if there == add else homefiles.settings(content, name, room, add=add)

    def in_use(shown: str) -> bool:
        return shown == token or access.digest(shown) in engine.access

    with _beside(engine.folder, name, room, in_use, add=add) as beside:
        engine.fault("room files written")
        with platforms.rewritten(engine, made, by):
            engine.fault("room settings written")
    return beside


def _contradict(engine: Engine, wanted: Begun, by: str) -> None:
    """The journal says that it is as it was: what it said before did not come about."""
    with suppress(OmbudError):  # a store that keeps nothing more
        back = programs.roomed(wanted.name, wanted.room, by, add=not wanted.add)
        engine.control(back)
    engine.fault("room contradicted")


def _finish(engine: Engine) -> tuple[Begun, list[ForSynapse]] | None:
    """What a process began and ended over, and its files for Synapse, where the journal has it;
    it is done then. What the journal does not have was not begun. For who holds WRITING.
    """
    path = engine.folder / BEGUN
    if not path.exists():
        return None
    try:
        begun = msgspec.json.decode(files.content(path, KEPT_BYTES_MAX), type=Begun)
    except (msgspec.DecodeError, OmbudError):
        path.unlink()  # whatever it is, it was not written here
        return None
    by = _journalled(engine, begun)
    found = None
    if by is not None:
        try:
            found = structs.replace(begun, after=0), _carried_out(engine, begun, by)
        except OmbudError:  # the settings were changed since, or cannot be used any more
            _contradict(engine, begun, by)
    path.unlink(missing_ok=True)
    return found


def _journalled(engine: Engine, begun: Begun) -> str | None:
    """Who did what was begun, as the last that the journal has of it says; None where it has not
    come that far, or was taken back.
    """
    done, undone = (
        programs.roomed(begun.name, begun.room, add=add).sealed
        for add in (begun.add, not begun.add)
    )
    with closing(Store(engine.folder / STORE_FILE, readonly=True)) as store:
        rows = store.all("controls", ("!access",))
    for seq, _, content in reversed(rows):
        told = journal.read_json(content)
        if seq <= begun.after or _says(told, undone):  # taken back, and the note had not gone yet
            return None
        if _says(told, done):
            with closing(KeyFile(engine.folder / KEY_FILE, readonly=True)) as keys:
                return people.name_of(keys, told["by"]) or BY
    return None


def _says(told: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether a record is of a change like this one."""
    return all(told.get(key) == wanted[key] for key in ("do", "name", "room"))


# --- what kind of room it is ----------------------------------------------------------------------


def _fit(client: Client, settings: MatrixConnector, name: str, room: str) -> None:
    """Refuse a room of which nothing would be read, as the scope does. Raises BadUse."""
    found: matrix_scope.Room | Said | None = matrix_scope.look(client, settings, room)
    if found is None:
        found = matrix_scope.told_to_admins(client, settings, room)
    if isinstance(found, Said) and found.status == 403:
        found = matrix_scope.shown_to_all(client, room) or found
    if isinstance(found, Said):
        raise _unknown(found, settings, name, room)
    if found is None:
        raise BadUse("U485", "room", room=room[:SHOWN], detail="the homeserver knows none")
    if found.encrypted:
        raise BadUse("U507", "room", room=room[:SHOWN])
    if not found.readable:
        raise BadUse("U490", "room", room=room[:SHOWN])


def _unknown(said: Said, settings: MatrixConnector, name: str, room: str) -> BadUse:
    if said.code in UNKNOWN_TOKENS:
        return BadUse("U474", "as_token")
    detail = said.trouble or f"the homeserver answered {said.status} {said.code}".strip()
    if not said.status:
        return BadUse("U478", f"matrix.{name}.url", url=settings.url, detail=detail)
    shown = {"room": room[:SHOWN], "detail": detail, "account": settings.account}
    return BadUse("U493", "room", **shown)


# --- the files for Synapse ------------------------------------------------------------------------


@contextmanager
def _beside(
    folder: Path, name: str, room: str, in_use: Callable[[str], bool], *, add: bool
) -> Iterator[list[ForSynapse]]:
    """The files for Synapse say the same; as they were again where what follows fails."""
    before: dict[Path, bytes] = {}
    told: list[ForSynapse] = []
    try:
        for what in homefiles.WRITTEN:
            path = (folder / homefiles.file_name(name, what)).resolve()
            there = files.content(path, KEPT_BYTES_MAX) if path.exists() else b""
            told_of = there.decode("utf-8", "replace")
            text = homefiles.changed(what, told_of, name, room, in_use, add=add)
            if text is not None:
                platforms.replace_file(path, text.encode())
                before[path] = there
            told.append(ForSynapse(path, text is not None))
        yield told
    except BaseException as error:
        for path, there in before.items():
            platforms.replace_file(path, there)
        if isinstance(error, OSError):
            raise BadData("D003", str(folder), detail=error.strerror or error) from None
        raise
