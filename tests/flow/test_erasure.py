"""After an erasure nothing that a person said, and nobody's name, is left in any file.

Every sealed thing is tried with every key that is left, and every file of the data folder is
searched as it lies there: pages given up, write-ahead logs and public files included.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import apsw
import pytest
from click.testing import CliRunner
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from flow.small_community import (
    NOW,
    RULES,
    agrees_with_replay,
    change,
    check,
    crowd,
    event,
    hold_together,
    line,
    prepare,
    rows,
    rule,
    tallies,
)
from ombud.app import KEY_FILE, Engine
from ombud.cli import main
from ombud.config import STORE_FILE
from ombud.errors import BadEvent
from ombud.journal import unpack_entries

ACCOUNT, NAME = "victim-4711-xq", "Viktoria Unverwechselbar"
TEXT, LINK = "marzipanschwein im nebel", "http://geheimnisvoll-planted.example/a"
OTHERS = 120  # events of other people
SAID = "the library opens at nine on every weekday but monday"
REASON = "krokodilstraenen"
PLANTED = (ACCOUNT, NAME, TEXT, LINK, "geheimnisvoll-planted", REASON)
RULE = rule("swine", 'text contains "marzipanschwein"', 'text "marzipanschwein"', 'text "pork"')


def posts() -> list[dict[str, Any]]:
    """What the person did, among what others did."""
    author = {"id": ACCOUNT, "name": NAME, "created": "2026-02-01T00:00:00Z"}
    found: list[dict[str, Any]] = []
    for number, other in enumerate(crowd(41, OTHERS)):
        found.append(other)
        if number % 3 == 0:
            text = f"{TEXT} {LINK} {number}"
            found.append(event(f"v{number}", number * 20, author=author, text=text))
        if number % 25 == 0:
            told = event(f"f{number}", number * 20, type="flag.created", reason=REASON)
            told["data"].update(reporter=author, reported={"id": "post/1"}, author={"id": "ana"})
            found.append(told)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community in which the person has said something, been held for it, and flagged others."""
    made = prepare(tmp_path_factory.mktemp("erasure"), dict([*RULES.items(), RULE]))
    with Engine(made, now=lambda: NOW) as engine:
        engine.ingest([b"".join(map(line, posts()))])
    return made


def opened(folder: Path) -> list[bytes]:
    """Whatever any key that is left opens."""
    copy = folder / KEY_FILE
    keys = [
        row[0] for row in _rows(copy, "SELECT key FROM body_key UNION SELECT key FROM decision_key")
    ]
    found = []
    sealed = rows(folder, "SELECT 'body ' || seq, sealed FROM body")
    sealed += rows(folder, "SELECT id, sealed FROM decision WHERE sealed IS NOT NULL")
    for about, content in sealed:
        for key in keys:
            try:
                found.append(AESGCM(key).decrypt(bytes(12), content, about.encode()))
            except InvalidTag:
                continue
    return found


def _rows(file: Path, query: str) -> list[tuple[Any, ...]]:
    connection = apsw.Connection(str(file))
    try:
        return list(connection.execute(query))
    finally:
        connection.close()


def files(folder: Path) -> dict[str, bytes]:
    """Every file of the data folder but the operator's own texts."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in (".rule", ".md", ".txt", ".toml")
    }


def traces(folder: Path, secrets: list[bytes]) -> list[tuple[str, bytes]]:
    """Where something planted can be read, and where a secret that must be gone still lies."""
    planted = [each.encode() for each in PLANTED]
    found = [("sealed", each) for plain in opened(folder) for each in planted if each in plain]
    lying = files(folder).items()
    return found + [
        (name, each) for name, kept in lying for each in planted + secrets if each in kept
    ]


def own_secrets(folder: Path) -> list[bytes]:
    """The keys and content digests of what the person did."""
    found = rows(folder, "SELECT seq, content FROM journal WHERE author = ?", _token(folder))
    seqs = {seq for seq, _ in found}
    found += rows(folder, "SELECT seq, sealed FROM body")
    found += _rows(folder / KEY_FILE, "SELECT seq, key FROM body_key")
    secrets = [secret for seq, secret in found if seq in seqs]
    assert len(secrets) == 3 * len(seqs) >= 120
    return secrets


def _token(folder: Path) -> int:
    found = dict(_rows(folder / KEY_FILE, "SELECT id, token FROM account"))
    return int(found[ACCOUNT])


def test_nothing_is_left_of_an_erased_person(folder: Path, tmp_path: Path) -> None:
    """Erased by the command: no key opens it, no file holds it, and all the rest stands."""
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    secrets = own_secrets(copy)
    assert {place for place, _ in traces(copy, secrets)} >= {"sealed", KEY_FILE, STORE_FILE}
    others = len(rows(copy, "SELECT seq FROM body")) - len(posts()) + OTHERS
    command = ["erase", ACCOUNT, "--platform", "chat", "--data", str(copy), "--json"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {"erased": len(posts()) - OTHERS}
    assert traces(copy, secrets) == []
    assert len(rows(copy, "SELECT seq FROM body")) == others
    assert check(copy).differences == []
    hold_together(copy)
    assert tallies(copy)["erasure", None, None, None] == 1
    again = CliRunner().invoke(main, command)
    assert again.exit_code == 2
    assert json.loads(again.stdout)["code"] == "U011"


def test_nothing_is_left_while_the_engine_runs_on(folder: Path, tmp_path: Path) -> None:
    """The write-ahead logs of a running engine hold nothing either, not even after more events."""
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    secrets = own_secrets(copy)
    with Engine(copy, now=lambda: NOW) as engine:
        engine.ingest([line(event("more", 6100, text=TEXT, author={"id": ACCOUNT}))])
        assert engine.erase("chat", ACCOUNT) == len(posts()) - OTHERS + 1
        assert traces(copy, secrets) == []
        engine.ingest([b"".join(map(line, crowd(42, 50, 400)))])
        sent = engine.submit([line(posts()[1])])
        assert sent[0].status == "duplicate"  # type: ignore[union-attr]
        (copy / "rules" / RULE[0]).unlink()
        assert engine.reload()
        assert traces(copy, secrets) == []
        agrees_with_replay(engine)
    assert traces(copy, secrets) == []


def test_what_was_erased_is_not_counted_any_more(tmp_path: Path) -> None:
    """From the erasure on the windows are without it: in the running engine and in the next one."""
    copy = prepare(tmp_path)

    def posts_of_bo(engine: Engine, *numbers: int) -> list[tuple[str, ...]]:
        told = [line(event(n, n, author={"id": "bo"}, text=f"hm {n}")) for n in numbers]
        return [each.fired for each in engine.submit(told) if not isinstance(each, BadEvent)]

    with Engine(copy, now=lambda: NOW) as engine:
        engine.submit([line(event(n, n)) for n in range(6)])
        assert posts_of_bo(engine, 6) == [("busy-room",)]
        engine.erase("chat", "ana")
        assert posts_of_bo(engine, 7, 8, 9) == [(), (), ()]
    with Engine(copy, now=lambda: NOW) as engine:
        assert posts_of_bo(engine, 10, 11, 12) == [(), (), ("busy-room",)]
        agrees_with_replay(engine)


def test_names_and_quotes_are_forgotten(tmp_path: Path) -> None:
    """An erased person's name is like nobody's any more, and nobody quotes them; what stands in the
    journal of both goes, what stands there of others stays.
    """
    alike = rule(
        "alike",
        "author.name resembles recent names >= 70 %\n  author.accepted posts < 20",
        "author.name resembles recent names  80 %\n  author.accepted posts  0",
        "author.name resembles recent names  10 %\n  author.accepted posts  0",
        clause="flood.raid",
        then='alert "names"',
    )
    echo = rule(
        "echo",
        "text quotes target",
        "text quotes target  yes",
        "text quotes target  no",
        kinds="reply",
        then='alert "echo"',
    )
    folder = prepare(tmp_path, dict([alike, echo]))
    answered = {"id": "post/1", "author": {"id": ACCOUNT}}

    def fired(engine: Engine, number: int) -> set[str]:
        author = {
            "id": f"other{number}",
            "name": ("Viktor Berg", "Viktoria Unverwexelbar")[number > 0],
        }
        told = event(f"q{number}", 60 + number, author=author, text=SAID, in_reply_to=answered)
        (answer,) = engine.submit([line(told)])
        assert not isinstance(answer, BadEvent)
        return set(answer.fired)

    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event("v", 0, author={"id": ACCOUNT, "name": NAME}, text=SAID))])
        engine.submit([line(event("w", 5, author={"id": "bystander", "name": "Ana"}, text=SAID))])
        assert fired(engine, 1) == {"alike", "echo"}
        engine.erase("chat", "other1")
        engine.erase("chat", ACCOUNT)
        ((mine,), (theirs,)) = rows(folder, "SELECT entries FROM journal WHERE seq IN (2, 3)")
        assert {tuple(each[1:]) for each in unpack_entries(mine)} == {(None, None)}
        assert all(None not in each for each in unpack_entries(theirs))
        assert fired(engine, 2) == set()
        assert fired(engine, 3) == {"alike"}  # like the one before
        agrees_with_replay(engine)
    with Engine(folder, now=lambda: NOW) as engine:
        agrees_with_replay(engine)
    assert check(folder).from_facts >= 2


def test_who_comes_back_is_somebody_new(folder: Path, tmp_path: Path) -> None:
    """An erased person who posts again has no past here and can be erased again."""
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    with Engine(copy, now=lambda: NOW) as engine:
        before = _token(copy)
        engine.erase("chat", ACCOUNT)
        engine.submit([line(event("back", 7000, author={"id": ACCOUNT}))])
        assert _token(copy) != before
        assert rows(copy, "SELECT accepted FROM history WHERE account = ?", _token(copy)) == [(1,)]
        agrees_with_replay(engine)
        assert engine.erase("chat", ACCOUNT) == 1
        agrees_with_replay(engine)


def test_an_erasure_is_finished_by_the_next_start(folder: Path, tmp_path: Path) -> None:
    """Where the keys did not die because the process did, they die when it starts again."""
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    secrets = own_secrets(copy)
    kept = (copy / KEY_FILE).read_bytes()
    with Engine(copy, now=lambda: NOW) as engine:
        engine.erase("chat", ACCOUNT)
    (copy / KEY_FILE).write_bytes(kept)  # as it was before the erasure
    assert traces(copy, secrets)
    with Engine(copy, now=lambda: NOW):
        pass
    assert traces(copy, secrets) == []


def test_a_reader_at_work_only_delays_it(folder: Path, tmp_path: Path) -> None:
    """A reader that holds on to the log does not break an erasure: the log goes at the end."""
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    secrets = own_secrets(copy)
    engine = Engine(copy, now=lambda: NOW)
    engine.store.connection.set_busy_timeout(10)
    change(copy, "PRAGMA user_version")
    reader = apsw.Connection(str(copy / STORE_FILE), flags=apsw.SQLITE_OPEN_READONLY)
    look = reader.execute("SELECT seq FROM journal")
    assert next(look)
    assert engine.erase("chat", ACCOUNT) > 0
    look.close(True)
    reader.close()
    engine.close()
    assert traces(copy, secrets) == []
