"""A backup of a running community, and a community from a backup.

A backup is a folder: the store as of one commit, the operator's own files, and `backup.json`, which
names each of them with its digest. The key file is never part of it. It is made under another name
and renamed when all of it is on the disk, so that there is a whole one or none. A restore fills an
empty folder and nothing else; with the community's present key file, what was erased since the
backup stays unreadable, and is erased from the store again before anything else happens.

This module must never read a key file into a backup, and never write into a folder with something
in it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

import apsw
import msgspec

from ombud import clock, files, ids, model_folder
from ombud.app import KEY_FILE, Engine
from ombud.config import CLAIMS_FOLDER, CLAIMS_SUFFIX, FOLDERS, SETTINGS_FILE, STORE_FILE
from ombud.errors import BadData, BadLedger, BadUse, catalogue
from ombud.ledger import tree
from ombud.pipeline import no_fault
from ombud.replay.check import Replay
from ombud.replay.outcome import Outcome
from ombud.store.keyfile import STANDS_IN, KeyFile
from ombud.store.sqlite import Store

catalogue(
    U400=(
        "{path} is not empty: nothing was written.",
        "Name a folder that is not there yet; nothing is ever overwritten.",
    ),
    U401=(
        "A backup cannot lie in the community's own folder.",
        "Name a place outside of {path}, best of all on another disk.",
    ),
    U402=(
        "The backup could not be written: {detail}.",
        "Nothing is left of it. Make room, or name another place.",
    ),
    U403=(
        "{path} is no whole backup: {detail}.",
        "Nothing was written. Take another backup.",
    ),
    U404=(
        "No key file is named.",
        "Name the present one with --keys; if it is lost, --without-keys, for reading only.",
    ),
    U405=(
        "{path} cannot be written: {detail}.",
        "Remove what is there of it, make room, and try again.",
    ),
)

MANIFEST = "backup.json"
FORMAT = 1
WITNESSES_FILE = "witnesses.policy"
CHUNK = 1 << 20
MANIFEST_BYTES_MAX = 4 << 20
_TREES = (*FOLDERS, CLAIMS_FOLDER, model_folder.FOLDER)

Fault = Callable[[str], None]


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a backup says of itself. `seq` and `leaves`: where journal and public log end, `root` of
    the log then, in hexadecimal; `files`: SHA-256 by path.
    """

    format: int
    made: str
    origin: str
    seq: int
    leaves: int
    root: str
    files: dict[str, str]


# --- making one -----------------------------------------------------------------------------------


def make(folder: Path, out: Path, fault: Fault = no_fault) -> Manifest:
    """Back a community up into a new folder, whoever is writing to it meanwhile.

    Raises BadUse U400, U401 or U402, BadData D004 where no community is, D008 where the store does
    not agree with itself.
    """
    if out.resolve().is_relative_to(folder.resolve()):
        raise BadUse("U401", str(out), path=folder)
    _require_free(out)
    Store(folder / STORE_FILE, readonly=True).close()  # that there is one, before anything is made
    with _whole(out, "U402", fault) as place:
        _copy_store(folder / STORE_FILE, place / STORE_FILE)
        fault("store copied")
        for path in _own_files(folder):
            target = place / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy(path, target)
        manifest = _described(place)
        (place / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    return manifest


def _copy_store(source: Path, target: Path) -> None:
    """The store as of its last commit, without a free page in it; the writer goes on meanwhile."""
    target.touch(mode=0o600)
    _vacuum(f"{source.resolve().as_uri()}?mode=ro", target)


def _vacuum(uri: str, target: Path) -> None:
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    connection = apsw.Connection(uri, flags=flags)
    try:
        connection.set_busy_timeout(10_000)
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()


def _own_files(folder: Path) -> Iterator[Path]:
    """The operator's files: settings, rules, policies, lists, fact-checks, models. What else lies
    about is none of a backup's business: a secret may.
    """
    for name in (SETTINGS_FILE, WITNESSES_FILE):
        if not (folder / name).is_symlink() and (folder / name).is_file():
            yield folder / name
    for name, suffix in {**FOLDERS, CLAIMS_FOLDER: CLAIMS_SUFFIX}.items():
        found = sorted((folder / name).iterdir()) if (folder / name).is_dir() else []
        yield from (each for each in found if each.suffix == suffix and each.is_file())
    for name in model_folder.clauses(folder):
        for each in sorted((folder / model_folder.FOLDER / name).iterdir()):
            if not each.name.startswith(".") and not each.is_symlink() and each.is_file():
                yield each


def _described(place: Path) -> Manifest:
    """What a finished copy holds; it is read again for this."""
    store = Store(place / STORE_FILE, readonly=True)
    try:
        store.check_version()
        head = _agreeing(store)
    finally:
        store.close()
    found = sorted(path for path in place.rglob("*") if path.is_file())
    return Manifest(
        format=FORMAT,
        made=clock.rfc3339(clock.now()),
        origin=head[7],
        seq=head[2],
        leaves=head[5],
        root=tree.Frontier.decode(head[6]).root().hex(),
        files={str(PurePosixPath(path.relative_to(place))): _digest(path) for path in found},
    )


def _agreeing(store: Store) -> tuple[Any, ...]:
    """The head of a store whose pages are whole, and whose lines of the log give the head's root.
    Raises BadData D008.
    """
    if store.connection.pragma("quick_check") != "ok":
        raise BadData("D008", str(store.path), detail="its pages are damaged")
    head, last = store.one("head"), store.one("last_record")
    assert head is not None  # a store in use has one  # noqa: S101
    edge = tree.Frontier()
    for start in range(0, head[5], CHUNK):
        for entry, hashed in store.each("leaves", (start, min(start + CHUNK, head[5]))):
            if not isinstance(entry, bytes) or tree.leaf_hash(entry) != hashed:
                raise BadData("D008", str(store.path), detail="a line of the log is damaged")
            edge.append(hashed)
    if edge.encode() != head[6] or (last and (last[0] or 0)) != head[2]:
        raise BadData("D008", str(store.path), detail="its head is not where its records end")
    return head


# --- a community from one -------------------------------------------------------------------------


def restore(
    source: Path,
    folder: Path,
    keys: Path | None,
    *,
    without_keys: bool = False,
    now: Callable[[], int] | None = None,
    fault: Fault = no_fault,
) -> dict[str, Any]:
    """Make a community from a backup, in a folder that is not there yet or is empty.

    With `keys`, the community's present key file, it can go on from there; `without_keys` it can be
    read, but for what was sealed. Raises BadUse U400, U403, U404 or U405, and BadData D009 where
    the key file is another community's.
    """
    if keys is None and not without_keys:
        raise BadUse("U404", "--keys")
    if keys is not None and not keys.is_file():
        raise BadData("D009", str(keys))
    _require_free(folder)
    manifest = checked(source)
    with _whole(folder, "U405", fault) as place:
        for name in manifest.files:
            target = place / name
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy(source / name, target)
        fault("files restored")
    erased, signs, behind = 0, False, 0
    if keys is None:
        stands_in = KeyFile(folder / KEY_FILE)  # opens nothing, and nothing is written with it
        stands_in.keep(STANDS_IN, b"1")
        stands_in.close()
    else:
        _copy_keys(keys, folder)
        fault("keys restored")
        with closing(KeyFile(folder / KEY_FILE, readonly=True)) as known:
            behind = known.behind(manifest.seq)
        try:
            erased, signs = _begin(folder, manifest.seq, now)
        except BadData as error:
            if error.code == "D009":  # another community's: nothing of it may stay here
                shutil.rmtree(folder, ignore_errors=True)
            raise
    return {
        "seq": manifest.seq,
        "leaves": manifest.leaves,
        "made": manifest.made,
        "keys": keys is not None,
        "erased_again": erased,
        "signs": signs,
        "keys_behind": behind,
    }


def checked(source: Path) -> Manifest:
    """What a whole backup says of itself; every file is held against its digest. Raises U403."""
    try:
        content = files.content(source / MANIFEST, MANIFEST_BYTES_MAX)
        manifest = msgspec.json.decode(content, type=Manifest)
    except (BadData, msgspec.DecodeError) as error:
        raise _not_whole(source, f"its {MANIFEST} cannot be read") from error
    if manifest.format != FORMAT or STORE_FILE not in manifest.files:
        raise _not_whole(source, "this program does not know its form")
    for name, digest in manifest.files.items():
        if not _is_own(name):
            raise _not_whole(source, f"it names {name[:100]!r}")
        path = source / name
        if path.is_symlink() or not path.is_file() or _digest(path) != digest:
            raise _not_whole(source, f"{name} is not what was backed up")
    store = Store(source / STORE_FILE, readonly=True)
    try:
        head = _agreeing(store)
    except BadData as error:
        raise _not_whole(source, error.message.rstrip(".")) from error
    finally:
        store.close()
    if (head[2], head[5]) != (manifest.seq, manifest.leaves):
        raise _not_whole(source, "its store ends elsewhere")
    return manifest


def _is_own(name: str) -> bool:
    """Whether a backup may hold a file of this name: nothing that leads out of its folder."""
    path = PurePosixPath(name)
    if name in (STORE_FILE, SETTINGS_FILE, WITNESSES_FILE):
        return True
    parts = path.parts
    return len(parts) > 1 and parts[0] in _TREES and ".." not in parts and str(path) == name


def _not_whole(source: Path, detail: str) -> BadUse:
    return BadUse("U403", str(source), path=source, detail=detail)


def _copy_keys(keys: Path, folder: Path) -> None:
    """The present key file, as of its last commit, under another name until all of it is there."""
    part = folder / f".{KEY_FILE}.part"
    uri = keys.resolve().as_uri()
    beside = keys.with_name(f"{keys.name}-wal")
    try:
        part.touch(mode=0o600)
        try:
            _vacuum(f"{uri}?mode=ro", part)
        except apsw.CantOpenError:  # it lies where nothing can be written, not even beside it
            if beside.exists() and beside.stat().st_size:
                raise
            _vacuum(f"{uri}?immutable=1", part)
        _sync(part)
        part.replace(folder / KEY_FILE)
        _sync(folder)
    except (OSError, apsw.Error) as error:
        part.unlink(missing_ok=True)
        raise BadUse("U405", str(folder), path=folder, detail=_said(error)) from None


def _begin(folder: Path, seq: int, now: Callable[[], int] | None) -> tuple[int, bool]:
    """Start the community once; of how many erasures it has to be told again, and whether its log
    can be signed: not where it is older than what was signed. Who restores an old backup knows that
    time has passed since.
    """
    engine = Engine(folder, now=now, activate=False, confirmed=True)
    signs = False
    try:
        rows = engine.store.all("controls", ("!erasure",))
    finally:
        with suppress(BadLedger):
            engine.close()
            signs = True
    return sum(1 for row in rows if row[0] > seq), signs


def replayed(folder: Path, progress: Callable[[int], None] | None = None) -> Outcome:
    """What `replay --check` says of a restored community."""
    store = Store(folder / STORE_FILE, readonly=True)
    keys = KeyFile(folder / KEY_FILE, readonly=True)
    try:
        return Replay(store, keys).check(progress)
    finally:
        store.close()
        keys.close()


# --- whole or not at all --------------------------------------------------------------------------


def _require_free(place: Path) -> None:
    """Refuse a place where something is. Raises BadUse U400."""
    if place.is_symlink() or (place.exists() and (not place.is_dir() or any(place.iterdir()))):
        raise BadUse("U400", str(place), path=place)


@contextmanager
def _whole(place: Path, code: str, fault: Fault) -> Iterator[Path]:
    """A folder under another name, that gets its own once all of it is on the disk. What a process
    that died left of an earlier one is removed. Raises BadUse with `code`.
    """
    place = Path(os.path.abspath(place))
    prefix = f".{place.name}.part_"
    part = place.parent / ids.new_id(prefix.removesuffix("_"))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        for left in [each for each in place.parent.iterdir() if each.name.startswith(prefix)]:
            shutil.rmtree(left, ignore_errors=True)
        part.mkdir(mode=0o700)
        yield part
        for found in part.rglob("*"):
            _sync(found)
        _sync(part)
        fault("written")
        part.rename(place)
        _sync(place.parent)
    except (OSError, apsw.Error) as error:
        shutil.rmtree(part, ignore_errors=True)
        raise BadUse(code, str(place), path=place, detail=_said(error)) from None
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _copy(source: Path, target: Path) -> None:
    with files.opened(source) as read, target.open("xb") as written:
        os.fchmod(written.fileno(), 0o600)
        while chunk := read.read(CHUNK):
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())


def _digest(path: Path) -> str:
    with files.opened(path) as read:
        return hashlib.file_digest(read, "sha256").hexdigest()


def _said(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).rstrip(".").lower()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def as_json(manifest: Manifest) -> Mapping[str, Any]:
    """What a backup says of itself, as commands print it."""
    return {
        "made": manifest.made,
        "seq": manifest.seq,
        "leaves": manifest.leaves,
        "root": manifest.root,
        "files": len(manifest.files),
    }
