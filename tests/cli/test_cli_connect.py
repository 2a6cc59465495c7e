"""`ombud connect`: what is shown once, what is never shown again, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.command_line import HOSTILE, error_of, harmless, printed, run
from flow.small_community import RULES, prepare, rows
from ombud import session
from ombud.access import PlatformKey, digest
from ombud.app import KEY_FILE, Engine
from ombud.controls import programs
from ombud.store.keyfile import KeyFile

URL = "https://talk.example/ombud"
HELD = {"bags.rule": RULES["bags.rule"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder that was begun."""
    made = prepare(tmp_path / "data", HELD)
    with Engine(made):
        return made


def words(shown: str) -> dict[str, str]:
    """The lines `name: value` of an answer."""
    return {
        name: value.strip()
        for name, value in (line.split(":", 1) for line in shown.splitlines() if line)
    }


def access(folder: Path) -> dict[bytes, PlatformKey]:
    """What the keys in use open, by their digests."""
    with Engine(folder, activate=False) as engine:
        return dict(engine.access)


def secret_of(folder: Path, name: str) -> str:
    """What a platform's webhooks are signed with, in hex."""
    keys = KeyFile(folder / KEY_FILE, readonly=True)
    try:
        return keys.key(programs.secret_name(name)).hex()
    finally:
        keys.close()


def test_http_shows_key_and_secret_once(folder: Path) -> None:
    """Both are the data, and what they are for is talk; the settings are in force."""
    shown = run("connect", "http", "chat", "--url", URL, "--allow", "10.1.0.0/16", "--data", folder)
    assert shown.exit_code == 0
    told = words(shown.stdout)
    assert set(told) == {"key", "secret"}
    assert access(folder)[digest(told["key"])].sources == ("chat", "chat/*")
    assert secret_of(folder, "chat") == told["secret"]
    assert URL in shown.stderr
    assert told["key"] not in shown.stderr
    assert told["secret"] not in shown.stderr
    with Engine(folder) as engine:
        assert engine.settings.connectors["chat"].allow == ("10.1.0.0/16",)


def test_http_may_be_the_first_thing_that_is_done(tmp_path: Path) -> None:
    """A folder that was not there is made, with its rules and settings."""
    folder = tmp_path / "new"
    made = printed("connect", "http", "chat", "--url", URL, "--data", folder)
    assert set(made) == {"name", "key", "secret"}
    assert (folder / "ombud.toml").read_text() == f'[connectors."chat"]\nurl = "{URL}"\n'
    assert list((folder / "rules").iterdir())


def test_a_key_is_bound_as_it_was_asked_for(folder: Path) -> None:
    """To sources, kinds and doors; without kinds to all of them, without doors not to reports."""
    made = run(
        *("connect", "key", "bot", "--source", "chat/bot", "--source", "talk/*"),
        *("--kind", "post", "--door", "events", "--door", "check", "--data", folder),
    )
    assert made.exit_code == 0
    wide = printed("connect", "key", "wide", "--source", "chat/*", "--data", folder)
    assert access(folder) == {
        digest(words(made.stdout)["key"]): PlatformKey(
            name="bot", sources=("chat/bot", "talk/*"), kinds=("post",), doors=("events", "check")
        ),
        digest(wide["key"]): PlatformKey(
            name="wide", sources=("chat/*",), doors=("events", "check")
        ),
    }


def test_a_secret_is_replaced(folder: Path) -> None:
    """The new one is shown once and is the one that counts."""
    first = words(run("connect", "secret", "chat", "--data", folder).stdout)["secret"]
    assert secret_of(folder, "chat") == first
    second = printed("connect", "secret", "chat", "--data", folder)
    assert second == {"name": "chat", "secret": secret_of(folder, "chat")}
    assert second["secret"] != first


def test_list_shows_what_keys_open_and_no_key(folder: Path) -> None:
    """Names, sources, doors, kinds and whether it is in use; neither key, digest nor secret."""
    assert printed("connect", "list", "--data", folder) == {"items": []}
    made = printed("connect", "http", "chat", "--url", URL, "--data", folder)
    bound = ["--source", "chat/bot", "--kind", "post", "--door", "events"]
    key = printed("connect", "key", "bot", *bound, "--data", folder)["key"]
    run("connect", "revoke", "bot", "--data", folder)
    shown = run("connect", "list", "--data", folder)
    assert (shown.exit_code, shown.stderr) == (0, "")
    listed = run("connect", "list", "--json", "--data", folder).stdout
    for each in (made["key"], key):
        for form in (each, each[4:], digest(each).hex()):
            assert form not in shown.stdout + listed
    assert made["secret"] not in shown.stdout + listed
    chat, bot = json.loads(listed)["items"]
    assert set(chat) == {"name", "sources", "kinds", "doors", "made", "revoked"}
    assert (chat["name"], chat["revoked"], chat["kinds"]) == ("chat", None, [])
    assert (bot["name"], bot["kinds"], bot["doors"]) == ("bot", ["post"], ["events"])
    assert bot["revoked"] >= bot["made"] >= chat["made"]
    assert [" ".join(line.split()) for line in shown.stdout.splitlines()] == [
        *("chat in use chat, chat/*", "doors events, check, report; kinds all"),
        *("bot revoked chat/bot", "doors events; kinds post"),
    ]


def test_a_revoked_key_opens_nothing(folder: Path) -> None:
    """Once; a name that nobody has, or has no more, is wrong usage."""
    key = printed("connect", "key", "bot", "--source", "chat/bot", "--data", folder)["key"]
    assert digest(key) in access(folder)
    assert run("connect", "revoke", "bot", "--data", folder).stdout == "bot is revoked\n"
    assert access(folder) == {}
    for name in ("bot", "nobody"):
        shown = run("connect", "revoke", name, "--data", folder)
        assert shown.exit_code == 2
        assert error_of(shown)[0] == f"U021  There is no key called {name} in use."
        assert printed("connect", "revoke", name, "--data", folder)["code"] == "U021"


def test_reload_tells_of_files_that_are_not_read(folder: Path) -> None:
    """Who wrote a rule under another ending takes it for one: said at each reload, beside it."""
    assert run("connect", "reload", "--data", folder).stderr == ""
    (folder / "rules" / "mine.rule.txt").write_text("rule mine\n")
    shown = run("connect", "reload", "--data", folder)
    assert shown.exit_code == 0
    assert "R048" in shown.stderr
    assert "mine.rule.txt" in shown.stderr
    assert printed("connect", "reload", "--data", folder) == {"changed": False}


def test_reload_says_whether_anything_changed(folder: Path) -> None:
    """A changed list is a new configuration; the same files again are none; a broken rule is told
    with its line, and what was in force stays.
    """
    assert printed("connect", "reload", "--data", folder) == {"changed": False}
    (folder / "rules" / "same-text.rule").write_text(RULES["same-text.rule"])
    assert printed("connect", "reload", "--data", folder) == {"changed": True}
    with session.engine(folder):
        (folder / "rules" / "bags.rule").unlink()
        shown = run("connect", "reload", "--data", folder)
        assert (shown.exit_code, shown.stdout) == (0, "a new configuration is in force\n")
        shown = run("connect", "reload", "--data", folder)
        assert shown.stdout == "read again: rules, clauses and lists are as they were\n"
        (folder / "rules" / "mine.rule").write_text("rule mine\n  nonsense\n")
        shown = run("connect", "reload", "--data", folder)
        assert (shown.exit_code, shown.stdout) == (1, "")
        assert "D013" in shown.stderr
        (folder / "rules" / "mine.rule").unlink()
        (folder / "ombud.toml").write_text("unheard_of = 1\n")
        assert printed("connect", "reload", "--data", folder)["code"] == "U001"


SECTIONS = (
    ('url = "http://u:p@127.0.0.1/"', "U031", "connectors.chat.url"),
    ('url = "https://x.example/"\nallow = ["here"]', "U030", "connectors.chat.allow"),
    (
        'url = "https://x.example/"\nactions = { explode = "exact" }',
        "U032",
        "connectors.chat.actions",
    ),
)


@pytest.fixture(params=["alone", "beside a server"])
def held(folder: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The folder, with and without somebody who holds its lock."""
    if request.param == "alone":
        yield folder
        return
    with session.engine(folder):
        yield folder


REFUSED: tuple[tuple[list[str], str, int], ...] = (
    (["http", "chat", "--url", "ftp://x.example"], "U029", 2),
    (["http", "chat", "--url", "https://a b"], "U031", 2),
    (["http", "chat", "--url", URL, "--allow", "here"], "U030", 2),
    (["http", "Chät", "--url", URL], "U028", 2),
    (["http", HOSTILE, "--url", HOSTILE], "U028", 2),
    (["http", "taken", "--url", URL], "U020", 2),
    (["key", "taken", "--source", "x"], "U020", 2),
    (["key", "../x", "--source", "x"], "U028", 2),
    (["key", "new", "--source", ""], "U029", 2),
    (["key", "new", "--source", "x", "--kind", HOSTILE], "U029", 2),
    (["key", "new", "--source", "\udcff"], "U018", 2),
    (["key", "new", "--source", "*"], "U029", 2),
    (["key", "new", "--source", "a*b"], "U029", 2),
    (["secret", "Chat!"], "U028", 2),
    (["secret", "\udcff"], "U018", 2),
    (["revoke", HOSTILE], "U021", 2),
)


def test_refusals_have_three_parts_and_change_nothing(held: Path) -> None:
    """Alone and through the socket alike: what, where, what to do; 2; nothing on standard output;
    and all is as it was.
    """
    run("connect", "key", "taken", "--source", "x", "--data", held)
    before = (held / "ombud.toml").read_bytes(), rows(held, KEYS)
    for given, code, exit_code in REFUSED:
        shown = run("connect", *given, "--data", held)
        assert shown.exit_code == exit_code, given
        what, where, hint = error_of(shown)
        assert what.startswith(f"{code}  "), what
        assert where.startswith("where: ")
        assert hint
        assert harmless(shown)
        told: dict[str, Any] = printed("connect", *given, "--data", held)
        assert set(told) == {"code", "message", "where", "hint"}
        assert told["code"] == code
    assert ((held / "ombud.toml").read_bytes(), rows(held, KEYS)) == before
    assert [each["name"] for each in printed("connect", "list", "--data", held)["items"]] == [
        "taken"
    ]


@pytest.mark.parametrize(("section", "code", "where"), SECTIONS)
def test_a_reload_refuses_what_a_start_refuses(
    held: Path, section: str, code: str, where: str
) -> None:
    """A connector that could send nothing: told where, and what was in force stays in force."""
    settings = held / "ombud.toml"
    before = settings.read_bytes() if settings.exists() else b""
    settings.write_bytes(before + f"\n[connectors.chat]\n{section}\n".encode())
    journal = rows(held, "SELECT seq, type FROM journal")
    told = printed("connect", "reload", "--data", held)
    assert (told["code"], told["where"]) == (code, where)
    assert rows(held, "SELECT seq, type FROM journal") == journal
    settings.write_bytes(before)
    assert printed("connect", "reload", "--data", held) == {"changed": False}


KEYS = "SELECT name, revoked FROM platform_key WHERE revoked IS NULL"


@pytest.mark.parametrize(
    "given",
    [
        ["http", "chat"],
        ["http", "--url", URL],
        ["key", "bot"],
        ["key", "bot", "--source", "x", "--door", "window"],
        ["secret"],
        ["revoke"],
    ],
)
def test_what_is_missing_is_named(given: list[str], folder: Path) -> None:
    """A command without what it needs ends with 2 before the folder is looked at."""
    shown = run("connect", *given, "--data", folder)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "--help" in shown.stderr


@pytest.mark.parametrize("given", [["secret", "x"], ["list"], ["revoke", "x"], ["reload"]])
def test_without_a_community_there_is_nothing_to_connect(given: list[str], tmp_path: Path) -> None:
    """A folder without a store is said so, ends with 1, and no store is made in passing."""
    shown = run("connect", *given, "--data", tmp_path / "none")
    assert shown.exit_code == 1
    assert error_of(shown)[0].startswith("D004  There is no community in")
    assert not (tmp_path / "none").exists()
