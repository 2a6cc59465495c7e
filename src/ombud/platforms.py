"""How a platform is connected: its section in `ombud.toml`, what its webhooks are signed with, the
key by which it uses the doors.

Key and secret are shown once, when they are made. This module must never change what the operator
has written in `ombud.toml`: it adds at the end, or refuses.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from ombud import access, config
from ombud.access import DOORS, DOORS_UNASKED, NAME_LENGTH_MAX, PlatformKey
from ombud.app import Engine
from ombud.config import SETTINGS_FILE, HttpConnector, MatrixConnector
from ombud.controls import programs
from ombud.errors import BadData, BadUse, OmbudError, catalogue
from ombud.model import KINDS
from ombud.staff.people import ADMIN

catalogue(
    U027=(
        "The platform {name} is connected already.",
        "Change its section in ombud.toml, then run `ombud connect reload`.",
    ),
    U028=(
        "{name} cannot be the name of a platform or key: {detail}.",
        "Take letters A to Z, digits and . _ - ; a platform is called as its sources begin.",
    ),
    U029=(
        "The connection cannot be made so: {detail}.",
        "`ombud connect http --help` and `ombud connect key --help` show how.",
    ),
)

Kind = TypeVar("Kind", HttpConnector, MatrixConnector)
SECRET_BYTES = 32
_BEGINNING = re.compile(r"[A-Za-z0-9]")
_FOREIGN = re.compile(r"[^A-Za-z0-9._-]")
WRITING = threading.Lock()  # one at a time changes ombud.toml


def connect_http(
    engine: Engine, name: str, url: str, allow: Sequence[str], by: str = ADMIN
) -> dict[str, str]:
    """Connect a platform that takes webhooks: its key and the webhooks' secret, to be shown once.

    Raises OmbudError, and then nothing was changed.
    """
    check_name(name)
    given = {"url": url, "allow": list(allow)}
    checked(given, HttpConnector, name)
    with connecting(engine, "connectors", name, given, by) as key:
        secret = make_secret(engine, name, by)
    return {"name": name, "key": key, "secret": secret}


@contextmanager
def connecting(
    engine: Engine, table: str, name: str, values: Mapping[str, Any], by: str
) -> Iterator[str]:
    """A new platform's key and its section in force, to do the rest with; where that fails, nothing
    was changed. Raises BadUse U027 where a platform of that name is connected.
    """
    with WRITING:
        if name in engine.settings.platforms:
            raise BadUse("U027", SETTINGS_FILE, name=name)
        whole = PlatformKey(name=name, sources=(name, f"{name}/*"), doors=DOORS)
        key = make_key(engine, whole, by)
        try:
            with _section(engine, table, name, values, by):
                yield key
        except OmbudError:
            with suppress(OmbudError):  # a store that keeps nothing more has no key in use either
                engine.control(programs.revoked(name, by))
            raise


def checked(given: Mapping[str, Any], kind: type[Kind], name: str) -> Kind:
    """The settings of a connector, with which one can be made. Raises BadUse."""
    from ombud.connectors import kinds  # which few commands need

    try:
        settings = msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        raise BadUse("U029", "connect", detail=str(error)) from None
    kinds.check(settings, name)
    return settings


def make_secret(engine: Engine, name: str, by: str = ADMIN) -> str:
    """A new secret for a platform's webhooks, in hex; an earlier one signs nothing any more."""
    check_name(name)
    secret = secrets.token_bytes(SECRET_BYTES)
    engine.control(programs.signed(name, secret, by))
    return secret.hex()


def make_key(engine: Engine, wanted: PlatformKey, by: str = ADMIN) -> str:
    """A new key for a program. Raises BadUse U020 where the name is taken."""
    check_name(wanted.name)
    key, digest = access.new_key()
    engine.control(programs.made(wanted, digest, by))
    return key


def revoke(engine: Engine, name: str, by: str = ADMIN) -> None:
    """End a key. Raises BadUse U021 where there is none in use."""
    engine.control(programs.revoked(name, by))


def grants(
    name: str, sources: Sequence[str], kinds: Sequence[str], doors: Sequence[str]
) -> PlatformKey:
    """What a key is to open, checked; of no doors, those of DOORS_UNASKED. Raises BadUse."""
    check_name(name)
    for source in sources:
        if "*" in source.removesuffix("/*") or source == "/*":
            detail = f"{source[:100]!r} is no source; a * stands only at the end, as in forum/*"
            raise BadUse("U029", "source", detail=detail)
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        raise BadUse("U029", "kind", detail=f"no kind of event is called {unknown[0]!r}")
    opened = list(doors or DOORS_UNASKED)
    wanted = {"name": name, "sources": list(sources), "kinds": list(kinds), "doors": opened}
    try:
        return msgspec.convert(wanted, PlatformKey)
    except msgspec.ValidationError as error:
        raise BadUse("U029", "key", detail=str(error)) from None


def check_name(name: str) -> None:
    """Raise BadUse U028 for what cannot name a platform or key."""
    if len(name) > NAME_LENGTH_MAX:
        detail = f"it has more than {NAME_LENGTH_MAX} characters"
        raise BadUse("U028", "name", name=f"{name[:NAME_LENGTH_MAX]}...", detail=detail)
    foreign = _FOREIGN.search(name)
    if not name:
        detail = "it is empty"
    elif foreign is not None:
        detail = f"it holds {foreign.group()!r}"
    elif not _BEGINNING.match(name):
        detail = f"it begins with {name[0]!r}, which is neither letter nor digit"
    else:
        return
    raise BadUse("U028", "name", name=repr(name), detail=detail)


def _section(
    engine: Engine, table: str, name: str, values: Mapping[str, Any], by: str
) -> AbstractContextManager[None]:
    """The platform's section of a table behind what is there, in force."""

    def behind(before: bytes | None) -> bytes:
        return (before or b"") + _between(before) + _toml(table, name, values).encode()

    return rewritten(engine, behind, by)


@contextmanager
def rewritten(engine: Engine, made: Callable[[bytes | None], bytes], by: str) -> Iterator[None]:
    """`ombud.toml` as it is made of what is there, in force; as it was again where it cannot be, or
    where what is done with it fails. For who holds WRITING.
    """
    path = (engine.folder / SETTINGS_FILE).resolve()  # a link stays one
    try:
        before = config.read_file(path) if path.exists() else None
        text = made(before)
        config.parse_settings(text, str(path))
        replace_file(path, text)
        try:
            engine.reload(by, connects=True)
            yield
        except BaseException:
            if before is None:
                path.unlink()
            else:
                replace_file(path, before)
            with suppress(OmbudError):  # whatever was refused is refused again
                engine.reload(by, connects=True)
            raise
    except OSError as error:
        raise BadData("D003", str(path), detail=error.strerror or error) from None


def _between(before: bytes | None) -> bytes:
    """What parts a section from what stands before it."""
    if not before:
        return b""
    return b"\n" if before.endswith(b"\n") else b"\n\n"


def replace_file(path: Path, content: bytes) -> None:
    """Another content at once, never half of it; whoever could read it still can, nobody else."""
    beside = path.with_name(f"{path.name}.new")
    try:
        with beside.open("wb") as file:
            if path.exists():
                shutil.copymode(path, beside)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _toml(table: str, name: str, values: Mapping[str, Any]) -> str:
    lines = [f'[{table}."{name}"]']
    lines += [f"{key} = {_value(value)}" for key, value in values.items() if value]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return msgspec.json.encode(value).decode()
