"""Connecting a platform: its key, its secret and its section, or nothing at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.served_platform import RULES
from flow.small_community import prepare, rows
from ombud import platforms, session
from ombud.access import DOORS, PlatformKey, digest
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.controls import programs
from ombud.errors import BadData, BadUse, OmbudError
from ombud.journal import Control
from ombud.store.keyfile import KeyFile
from ombud.transaction import Answer

URL = "https://talk.example/ombud"
WRITTEN = b"""# what we agreed in March; do not touch\t \r
procedural_holds = true   # yes
name = "Tr\xc3\xb2 chuy\xe1\xbb\x87n"

[connectors."old.forum"]  # the one before
url = 'https://old.example/hook'

[queues]
spam = "links and bags"\t"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with rules and settings that somebody cared for."""
    made = prepare(tmp_path / "data", RULES)
    (made / "ombud.toml").write_bytes(WRITTEN)
    return made


@pytest.fixture
def engine(folder: Path) -> Iterator[Engine]:
    """The engine over it, open to other processes."""
    with session.engine(folder) as running:
        yield running


def everything(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def in_use(folder: Path) -> set[str]:
    """The names of the keys that open something."""
    return {name for (name,) in rows(folder, "SELECT name FROM platform_key WHERE revoked IS NULL")}


def secret_of(folder: Path, name: str) -> bytes | None:
    """What a platform's webhooks are signed with, as it lies in the key file."""
    opened = contextlib.closing(KeyFile(folder / KEY_FILE, readonly=True))
    with opened as keys, contextlib.suppress(LookupError):
        return keys.key(programs.secret_name(name))
    return None


def refused(engine: Engine, *given: Any, code: str) -> OmbudError:
    """The refusal of a connection, in three parts, after which all is as it was."""
    path = engine.folder / "ombud.toml"
    before = path.read_bytes(), in_use(engine.folder), engine.settings, engine.access
    secrets = {name: secret_of(engine.folder, name) for name in ("chat", "old.forum")}
    with pytest.raises(OmbudError, match=code) as caught:
        platforms.connect_http(engine, *given)
    error = caught.value
    assert all((error.code, error.message, error.where, error.hint))
    assert (path.read_bytes(), in_use(engine.folder), engine.settings, engine.access) == before
    assert {name: secret_of(engine.folder, name) for name in secrets} == secrets
    assert not list(engine.folder.glob("*.new"))
    return error


# --- what is made ---------------------------------------------------------------------------------


def test_a_platform_gets_key_secret_and_section(engine: Engine) -> None:
    """The key opens every door for the platform's sources; the section is in force at once."""
    made = platforms.connect_http(engine, "chat", URL, ["10.1.0.0/16", "127.0.0.1"])
    assert set(made) == {"name", "key", "secret"}
    assert made["key"].startswith("omb_")
    key = engine.access[digest(made["key"])]
    assert key == PlatformKey(name="chat", sources=("chat", "chat/*"), kinds=(), doors=DOORS)
    assert [key.covers(each) for each in ("chat", "chat/hall", "chats")] == [True, True, False]
    assert secret_of(engine.folder, "chat") == bytes.fromhex(made["secret"])
    assert len(bytes.fromhex(made["secret"])) == 32
    found = engine.settings.connectors["chat"]
    assert (found.url, found.allow) == (URL, ("10.1.0.0/16", "127.0.0.1"))
    other = platforms.connect_http(engine, "talk", URL, [])
    assert not {made["key"], made["secret"]} & {other["key"], other["secret"]}
    with pytest.raises(BadUse, match="U027"):
        platforms.connect_http(engine, "chat", URL, [])


def test_what_the_operator_wrote_stays_byte_for_byte(engine: Engine) -> None:
    """The section comes behind everything, whatever the last line ends with; the rest is read as
    before.
    """
    path = engine.folder / "ombud.toml"
    path.chmod(0o640)
    known = tomllib.loads(WRITTEN.decode())
    for name in ("chat", "a.b-c_9", "talk"):
        before = path.read_bytes()
        platforms.connect_http(engine, name, URL, [])
        assert path.read_bytes().startswith(before)
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        known["connectors"][name] = {"url": URL}
        assert found == known
    assert path.read_bytes().startswith(WRITTEN)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_settings_that_lie_elsewhere_are_written_there(tmp_path: Path) -> None:
    """A link to the settings stays a link; where there are no settings yet, they begin with it."""
    folder = prepare(tmp_path / "data", RULES)
    (folder / "ombud.toml").rename(tmp_path / "our.toml")
    (folder / "ombud.toml").symlink_to(tmp_path / "our.toml")
    with Engine(folder) as engine:
        platforms.connect_http(engine, "chat", URL, [])
        assert (folder / "ombud.toml").is_symlink()
        assert b"talk.example" in (tmp_path / "our.toml").read_bytes()
    with Engine(tmp_path / "bare") as engine:
        platforms.connect_http(engine, "chat", URL, ["10.0.0.1"])
        text = (tmp_path / "bare" / "ombud.toml").read_text()
    assert text == f'[connectors."chat"]\nurl = "{URL}"\nallow = ["10.0.0.1"]\n'


def test_neither_key_nor_secret_lies_in_the_folder(folder: Path) -> None:
    """A digest of the key and, in the key file alone, the secret: nothing else is anywhere."""
    with Engine(folder) as engine:
        made = platforms.connect_http(engine, "chat", URL, [])
        made["more"] = platforms.make_key(engine, platforms.grants("bot", ["chat/bot"], [], []))
        at_work = everything(folder)
    bare = {name: made[name].removeprefix("omb_").encode() for name in ("key", "more")}
    secret = bytes.fromhex(made["secret"])
    for files in (at_work, everything(folder)):
        for path, content in files.items():
            assert not [name for name, word in bare.items() if word in content], path
            assert made["secret"].encode() not in content, path
            assert secret not in content or path.startswith(KEY_FILE), path
    (kept,) = rows(folder, "SELECT digest FROM platform_key WHERE name = 'chat'")
    assert kept[0] == hashlib.sha256(made["key"].encode()).digest()
    assert STORE_FILE in at_work


def test_a_key_is_bound_to_what_was_asked_for(engine: Engine) -> None:
    """Sources, kinds and doors; what no event and no door is called is refused."""
    made = platforms.grants("bot", ["chat/bot", "talk/*"], ["post", "flag"], ["events"])
    key = platforms.make_key(engine, made)
    assert engine.access[digest(key)] == made
    assert (made.sources, made.kinds, made.doors) == (
        ("chat/bot", "talk/*"),
        ("post", "flag"),
        ("events",),
    )
    assert platforms.grants("bot", ["chat/*"], [], []).doors == ("events", "check")
    none: list[str] = []
    for sources, kinds, doors in (
        (none, none, none),
        ([""], none, none),
        (["x"] * 65, none, none),
        (["*"], none, none),
        (["/*"], none, none),
        (["a*b"], none, none),
        (["chat/*", "chat/a*"], none, none),
        (["chat"], ["pots"], none),
        (["chat"], none, ["window"]),
    ):
        with pytest.raises(BadUse, match="U029") as caught:
            platforms.grants("bot", sources, kinds, doors)
        assert caught.value.where
        assert caught.value.hint
    with pytest.raises(BadUse, match="U020"):
        platforms.make_key(engine, made)


# --- what is refused ------------------------------------------------------------------------------

NAMES = (
    *("", ".chat", "-x", "Chat!", "chat/hall", "chat room", "chat\n", 'c"]', "trò", "ａ", "../x"),
    *("x" * 101, "chat\x00", "chat\u202e", "\udcff"),
)


def test_names_that_are_none(engine: Engine) -> None:
    """Only what can begin a source and stand in TOML, and not longer than a hundred characters."""
    for name in NAMES:
        assert len(refused(engine, name, URL, [], code="U028").message) < 400
        with pytest.raises(BadUse, match="U028"):
            platforms.make_secret(engine, name)
        with pytest.raises(BadUse, match="U028"):
            grant(name)


def test_a_name_that_is_none_is_told_why() -> None:
    """One fault is named, not three; what a source may begin with is a name."""
    for name, detail in (
        ("", "it is empty"),
        (".chat", "it begins with '.', which is neither letter nor digit"),
        ("chat room", "it holds ' '"),
        ("-x\u202e", r"it holds '\u202e'"),
        ("x" * 101, "it has more than 100 characters"),
    ):
        with pytest.raises(BadUse, match="U028") as caught:
            grant(name)
        assert caught.value.arguments["detail"] == detail
    for name in ("Forum", "9gag", "a.B-c_9"):
        assert grant(name).name == name


def grant(name: str) -> PlatformKey:
    """What a key of this name would open."""
    return platforms.grants(name, ["chat"], [], [])


ADDRESSES: tuple[tuple[str, list[str], str], ...] = (
    ("ftp://talk.example/x", [], "U029"),
    ("talk.example", [], "U029"),
    ("http://", [], "U029"),
    ("https://" + "x" * 2000, [], "U029"),
    ("https://a b.example/", [], "U031"),
    ("https://ana:geheim@talk.example/", [], "U031"),
    ("https://talk.example/\x7f", [], "U031"),
    ("https://talk.example/\n[hooks.x]", [], "U031"),
    ("https://talk.example/\udcff", [], "U031"),
    ("https://[::g]/", [], "U031"),
    (URL, ["nonsense"], "U030"),
    (URL, ["10.1.2.3/16"], "U030"),
    (URL, ["\udcff"], "U030"),
    (URL, ["127.0.0.1"] * 17, "U029"),
)


def test_addresses_that_are_none(engine: Engine) -> None:
    """Neither a URL that nothing could be sent to nor a network that is none gets a section."""
    for url, allow, code in ADDRESSES:
        error = refused(engine, "chat", url, allow, code=code)
        assert "geheim" not in error.message
    assert platforms.connect_http(engine, "chat", URL, [])["name"] == "chat"  # it is still free


def test_a_platform_that_is_connected(engine: Engine) -> None:
    """By its section in force, by one that is not read yet, or by a key of its name."""
    refused(engine, "old.forum", URL, [], code="U027")
    path = engine.folder / "ombud.toml"
    path.write_bytes(WRITTEN + b'\n[connectors.chat]\nurl = "https://other.example/"\n')
    assert path.name in refused(engine, "chat", URL, [], code="U001").where
    path.write_bytes(b"connectors = {}\n")
    refused(engine, "chat", URL, [], code="U001")
    path.write_bytes(WRITTEN)
    platforms.make_key(engine, grant("chat"))
    refused(engine, "chat", URL, [], code="U020")


def test_settings_that_cannot_be_read(engine: Engine) -> None:
    """What is being edited just now stays as it is, and the name stays free."""
    path = engine.folder / "ombud.toml"
    for broken in (b"name = \n", b"unheard_of = 1\n", b"\xff\xfe"):
        path.write_bytes(broken)
        refused(engine, "chat", URL, [], code="U001")
    path.write_bytes(WRITTEN)
    assert platforms.connect_http(engine, "chat", URL, [])["key"]


def broken_rule(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> str:
    """A rule that does not compile."""
    del monkeypatch
    (engine.folder / "rules" / "mine.rule").write_text("rule mine\n")
    return "D013"


def no_entry(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder that this user may not look into."""
    listed = Path.iterdir

    def iterdir(path: Path) -> Iterator[Path]:
        if path == engine.folder / "rules":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    return "D016"


def no_room(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> str:
    """A disk that takes nothing more."""
    del engine

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    return "D003"


def no_secret(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store that fails when all but the secret is there."""
    carry_out = engine.control

    def failing(asked: Control) -> Answer:
        if asked.sealed.get("do") == "secret made":
            raise BadData("D011", "store", detail="full")
        return carry_out(asked)

    monkeypatch.setattr(engine, "control", failing)
    return "D011"


@pytest.mark.parametrize("fault", [broken_rule, no_entry, no_room, no_secret])
def test_whatever_fails_on_the_way_is_undone(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, fault: Any
) -> None:
    """Rules that cannot be read, a full disk, a store that fails: file, settings, key and an
    earlier secret are as before, and the name can be used once it is mended.
    """
    platforms.make_secret(engine, "chat")
    with monkeypatch.context() as broken:
        refused(engine, "chat", URL, [], code=fault(engine, broken))
    (engine.folder / "rules" / "mine.rule").unlink(missing_ok=True)
    made = platforms.connect_http(engine, "chat", URL, [])
    assert "chat" in engine.settings.connectors
    assert in_use(engine.folder) == {"chat"}
    assert secret_of(engine.folder, "chat") == bytes.fromhex(made["secret"])


def test_without_settings_a_failure_leaves_none(tmp_path: Path) -> None:
    """A file that was not there is not there afterwards."""
    folder = prepare(tmp_path / "data", RULES)
    (folder / "ombud.toml").unlink()
    with Engine(folder) as engine:
        (folder / "rules" / "mine.rule").write_text("rule mine\n")
        with pytest.raises(OmbudError, match="D013"):
            platforms.connect_http(engine, "chat", URL, [])
        assert not (folder / "ombud.toml").exists()
        assert not engine.settings.connectors


def test_many_at_once_all_get_their_section(engine: Engine) -> None:
    """Who connects at the same moment does not lose what another one has just written."""
    names = [f"p{number}" for number in range(8)]
    threads = [
        threading.Thread(target=platforms.connect_http, args=(engine, name, URL, []))
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(names) < set(engine.settings.connectors)
    assert in_use(engine.folder) == set(names)
