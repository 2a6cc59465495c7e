"""Statements on their way into a database that stumbles: nothing twice, nothing lost."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from dsa.database import Process
from dsa.filed_community import TOKEN, change, held, send, standing, terms
from egress.listeners import trap
from flow.small_community import NOW, rows
from ombud import backup
from ombud.app import KEY_FILE, Engine
from ombud.config import Dsa
from ombud.dsa import statements, submission
from ombud.dsa.statement import Writer
from ombud.dsa.submission import Database, alone, said, token
from ombud.egress import Answer, Trouble
from ombud.errors import BadLedger, BadUse
from ombud.filing import SENDING, WRITTEN, Moved
from ombud.store.sqlite import Row, Store


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Process]:
    """The database, in another process."""
    process = Process(tmp_path / "database")
    yield process
    process.close()


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community with 230 decisions: three batches."""
    return held(tmp_path_factory.mktemp("grown") / "community", 230)


@pytest.fixture
def folder(grown: Path, tmp_path: Path) -> Path:
    """The same for one test alone."""
    return Path(shutil.copytree(grown, tmp_path / "community"))


def _once(database: Process, count: int = 230) -> bool:
    """Whether the database has each of so many statements, and has each once."""
    found = Counter(each["puid"] for each in database.taken)
    return len(found) == count and set(found.values()) == {1}


def test_all_is_taken_in_batches(folder: Path, database: Process) -> None:
    """Three requests, every statement once, and a second run sends nothing."""
    done = send(folder, terms(database.url))
    assert done.as_json() == {"taken": 230, "refused": 0, "asked_for": 0}
    assert database.asked == ["POST 100", "POST 100", "POST 30"]
    assert _once(database)
    assert standing(folder) == {"taken": 230}
    assert send(folder, terms(database.url)).as_json()["taken"] == 0
    assert len(database.asked) == 3


def test_what_was_taken_before_a_backup_was_put_back_is_not_sent_twice(
    tmp_path: Path, database: Process
) -> None:
    """The store has forgotten that it was sent; the database knows the ids, and says so."""
    folder, new = held(tmp_path / "data", 3), tmp_path / "new"
    backup.make(folder, tmp_path / "backup")
    assert send(folder, terms(database.url)).taken == 3
    backup.restore(tmp_path / "backup", new, folder / KEY_FILE, now=lambda: NOW)
    with suppress(BadLedger):  # its log is older than what was signed: it signs nothing more
        send(new, terms(database.url))
    assert standing(new) == {"taken": 3}
    assert _once(database, 3)


@pytest.mark.parametrize(
    "modes",
    [
        ["status 429 3"],
        ["status 503"],
        ["status 500", "close"],
        ["close"],
        ["lost close"],
        ["lost 500"],
        ["lost 503", "lost close", "status 429"],
        ["status 413"],
        ["vague"],
    ],
)
def test_a_stumble_is_gone_over(folder: Path, database: Process, modes: list[str]) -> None:
    """Whatever is lost on the way or comes too early: each statement is taken once, in one run."""
    database.mode(*modes)
    waited: list[float] = []
    done = send(folder, terms(database.url), sleep=waited.append)
    assert _once(database)
    assert standing(folder) == {"taken": 230}
    assert (done.taken, done.refused) == (230, 0)
    if modes == ["status 429 3"]:
        assert waited == [3]
        assert done.asked == 0
    if modes == ["lost close"]:
        assert waited == []
        assert done.asked == 101


def test_a_database_that_never_answers_is_asked_for_what_it_has(
    folder: Path, database: Process
) -> None:
    """A hung socket costs the time it is given; then it is sent anew."""
    database.mode("hang")
    done = send(folder, terms(database.url, timeout=3))
    assert _once(database)
    assert done.asked == 2


def test_a_wrong_token_stops_at_once(folder: Path, database: Process) -> None:
    """Nothing is lost, nothing is marked, and the right one goes on."""
    with pytest.raises(BadUse) as caught:
        send(folder, terms(database.url), token="old")
    assert caught.value.code == "U383"
    assert (database.taken, len(database.asked)) == ([], 1)
    assert standing(folder) == {"written": 230}
    send(folder, terms(database.url))
    assert _once(database)


@pytest.mark.parametrize(("mode", "code"), [("status 404", "U385"), ("status 302", "U385")])
def test_an_answer_nobody_expects_stops(
    folder: Path, database: Process, mode: str, code: str
) -> None:
    """A wrong address is no reason to send it all again and again."""
    database.mode(mode)
    with pytest.raises(BadUse) as caught:
        send(folder, terms(database.url))
    assert caught.value.code == code
    assert len(database.asked) == 1
    assert standing(folder) == {"written": 230}


def test_a_database_that_is_down_is_left_for_later(folder: Path, database: Process) -> None:
    """After some tries, each after a longer wait; then the next run goes on."""
    database.mode(*["status 503"] * 50)
    waited: list[float] = []
    with pytest.raises(BadUse) as caught:
        send(folder, terms(database.url), sleep=waited.append)
    assert caught.value.code == "U384"
    assert waited == [1, 2, 4, 8, 16]
    database.mode("status 429 86400")
    with pytest.raises(BadUse):
        send(folder, terms(database.url), sleep=waited.append)
    assert len(waited) == 5  # a day is not waited for
    send(folder, terms(database.url))
    assert _once(database)


def test_nobody_there_leaves_it_on_its_way(folder: Path, database: Process) -> None:
    """Whether it arrived is not known: it is asked for before it is sent again."""
    url = database.url
    database.close()
    with pytest.raises(BadUse) as caught:
        send(folder, terms(url))
    assert caught.value.code == "U384"
    assert standing(folder) == {"sending": 100, "written": 130}
    again = Process(database.folder)
    try:
        done = send(folder, terms(again.url))
        assert done.asked == 2
        assert again.asked[0].startswith("GET")
        assert _once(again)
    finally:
        again.close()


def test_what_the_database_refuses_is_shown_and_the_rest_goes(
    folder: Path, database: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the fields it names and nothing it quotes; a later run tries it only if asked to."""
    write = Writer.write

    def spoilt(self: Writer, made: Row) -> bytes:
        found = json.loads(write(self, made))
        wrong = {"category": "STATEMENT_CATEGORY_ANA"} if made[0] % 50 == 0 else {}
        return json.dumps(found | wrong).encode()

    monkeypatch.setattr(Writer, "write", spoilt)
    done = send(folder, terms(database.url))
    assert done.refused == standing(folder)["refused"]
    assert 3 < done.refused < 6
    assert done.taken == 230 - done.refused
    assert _once(database, done.taken)
    store = Store(folder / "ombud.db", readonly=True)
    told = statements.standing(store)["refused"]
    store.close()
    assert {each["detail"] for each in told} == {"category"}
    monkeypatch.setattr(Writer, "write", write)
    assert send(folder, terms(database.url)).taken == 0


def test_what_was_taken_before_its_mark_is_taken(folder: Path, database: Process) -> None:
    """A store put back to before the answer: the database knows the ids, and nothing is twice."""
    send(folder, terms(database.url))
    change(folder, "UPDATE filing SET state = 'written' WHERE leaf % 2")
    done = send(folder, terms(database.url))
    assert 100 < done.taken < 130
    assert _once(database)
    assert standing(folder) == {"taken": 230}


def test_a_batch_that_was_half_taken_is_asked_for_one_by_one(
    folder: Path, database: Process
) -> None:
    """Though the database says that never happens."""
    send(folder, terms(database.url))
    path = database.folder / "taken"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    database.close()
    path.write_text("".join(lines[:40] + lines[60:]), "utf-8")
    again = Process(database.folder)
    try:
        change(folder, "UPDATE filing SET state = 'sending'")
        send(folder, terms(again.url))
        assert _once(again)
        assert standing(folder) == {"taken": 230}
    finally:
        again.close()


def test_what_an_earlier_run_left_on_its_way_is_asked_for(folder: Path, database: Process) -> None:
    """Before anything is sent."""
    send(folder, terms(database.url))
    change(folder, "UPDATE filing SET state = 'sending'")
    done = send(folder, terms(database.url))
    assert (done.taken, done.asked) == (230, 233)
    assert _once(database)


def test_two_runs_at_a_time_are_one_too_many(tmp_path: Path) -> None:
    """The second is refused: it would take what is on its way for lost."""
    with alone(tmp_path):
        with pytest.raises(BadUse) as caught, alone(tmp_path):
            raise AssertionError
        assert caught.value.code == "U384"
    with alone(tmp_path):
        pass


def test_somebody_elses_marks_are_not_stepped_on(folder: Path, database: Process) -> None:
    """A statement that is on its way already is not sent by who only read it earlier."""
    send(folder, terms(database.url))
    with Engine(folder, now=lambda: NOW, activate=False) as engine:
        leaf = rows(folder, "SELECT leaf FROM filing ORDER BY leaf LIMIT 1")[0][0]
        assert engine.changed(Moved((leaf,), WRITTEN, SENDING)).touched == 0


# --- the way there --------------------------------------------------------------------------------


def test_a_token_goes_to_nobody_but_by_https() -> None:
    """Unless the database is on this machine; and to no private address that was not named."""
    for url, code in (
        ("", "U382"),
        ("http://database.example/api/v1", "U382"),
        ("https://user:word@database.example/", "U031"),
    ):
        with pytest.raises(BadUse) as caught:
            Database(Dsa(url=url), TOKEN)
        assert caught.value.code == code
    with trap() as private:
        found = Database(Dsa(url=f"http://127.0.0.1:{private.port}"), TOKEN)
        assert found.take(b"{}").how == "never"
        found.close()
        assert private.untouched()


def test_the_token_is_in_a_file_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what is no token is told before anything is sent."""
    (tmp_path / "token").write_text(f" {TOKEN}\n")
    named = Dsa(token_file="token")
    monkeypatch.setenv(submission.TOKEN_VARIABLE, "of the environment")
    assert token(tmp_path, named) == TOKEN
    assert token(tmp_path, Dsa()) == "of the environment"
    (tmp_path / "token").write_bytes(b"a\nb")
    for terms_ in (named, Dsa(token_file="missing"), Dsa(token_file=".")):
        with pytest.raises(BadUse) as caught:
            token(tmp_path, terms_)
        assert caught.value.code == "U382"
    monkeypatch.delenv(submission.TOKEN_VARIABLE)
    with pytest.raises(BadUse):
        token(tmp_path, Dsa())


@pytest.mark.parametrize(
    ("answer", "how"),
    [
        (Answer(201), "taken"),
        (Answer(200), "taken"),
        (Answer(401), "token"),
        (Answer(403), "token"),
        (Answer(408), "unknown"),
        (Answer(413), "smaller"),
        (Answer(422, b"nonsense"), "wrong"),
        (Answer(425), "later"),
        (Answer(429), "later"),
        (Answer(500), "unknown"),
        (Answer(599), "unknown"),
        (Answer(301), "never"),
        (Answer(400), "never"),
        (Trouble("timeout", "x"), "unknown"),
        (Trouble("unreachable", "x"), "unknown"),
        (Trouble("bad-answer", "x"), "unknown"),
        (Trouble("too-large", "x"), "never"),
        (Trouble("refused-address", "x"), "never"),
    ],
)
def test_what_an_answer_means(answer: Answer | Trouble, how: str) -> None:
    """Of every sort."""
    assert said(answer).how == how


def test_of_a_refusal_only_places_and_fields_are_read() -> None:
    """Whatever stands in it: nothing of what it quotes goes further."""
    body = (
        b'{"errors": {"statement_3": {"category": ["ana said"], "Ana <b>": 1}, "statement_x": {},'
    )
    body += b' "statement_7": "ana", "message": {"a": 1}}}'
    assert said(Answer(422, body)).wrong == {3: ["category"]}
    for broken in (b"", b"[]", b'{"errors": []}', b'{"errors": 1}', b"[" * 5000, b"\xff"):
        assert said(Answer(422, broken)).wrong == {}
    assert said(Answer(429, headers={"retry-after": "7"})).wait == 7
    assert said(Answer(429, headers={"retry-after": "Fri, 1 Jan"})).wait is None
