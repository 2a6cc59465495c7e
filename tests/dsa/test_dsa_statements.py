"""Statements in files: batches of 1 to 100, whole files, and an id for every decision."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import apsw
import pytest

from dsa.filed_community import held
from dsa.schema import faults
from ombud import filing, session
from ombud.config import STORE_FILE, Dsa
from ombud.dsa import statements
from ombud.dsa.statements import BATCH_BYTES_MAX, Batch, Filing, ahead, batches, every, write
from ombud.egress import REQUEST_BYTES_MAX
from ombud.errors import BadUse
from ombud.store.sqlite import Store


def _some(count: int, size: int = 10) -> list[tuple[Filing, bytes]]:
    told = json.dumps("x" * size).encode()
    return [(Filing(number, f"p{number}"), told) for number in range(count)]


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, []), (1, [1]), (100, [100]), (101, [100, 1]), (250, [100, 100, 50])]
)
def test_a_batch_holds_1_to_100(count: int, sizes: list[int]) -> None:
    """In order, none left out, each a body that can be sent as it is."""
    found = list(batches(_some(count)))
    assert [len(each.filings) for each in found] == sizes
    assert [names for each in found for names in each.filings] == [each[0] for each in _some(count)]
    for each in found:
        assert len(json.loads(each.body)["statements"]) == len(each.filings)


def test_long_statements_go_in_smaller_batches() -> None:
    """No body is longer than what may be sent."""
    found = list(batches(_some(90, 30_000)))
    assert sum(len(each.filings) for each in found) == 90
    assert 1 < len(found) < 90
    assert all(len(each.body) <= REQUEST_BYTES_MAX for each in found)
    assert len(found[0].body) > BATCH_BYTES_MAX // 2


def test_every_decision_is_filed_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few are read at a time, each once, in files that validate line by line."""
    monkeypatch.setattr(statements, "READ_AT_ONCE", 7)
    monkeypatch.setattr(filing, "AT_ONCE", 10)
    monkeypatch.setattr(statements, "LINES_MAX", 1)
    held(tmp_path, 123)
    seen: list[int] = []
    with session.asking(tmp_path) as ask:
        store = Store(tmp_path / STORE_FILE, readonly=True)
        assert statements.Filer(ask, store).whole() == 123
        assert statements.Filer(ask, store).whole() == 0
        found = every(store, Dsa(), ("written",), seen.append)
        kept = write(batches(found), tmp_path / "out" / "deep")
        assert list(every(store, Dsa(), ("taken", "refused"))) == []
        store.close()
    assert (kept.statements, kept.batches) == (123, 2)
    assert kept.files == ("statements-0001.ndjson", "statements-0002.ndjson")
    assert seen == sorted(seen)
    assert len(seen) > 123 // 7
    lines = [(tmp_path / "out" / "deep" / each).read_text("utf-8") for each in kept.files]
    told = [each for line in lines for each in json.loads(line)["statements"]]
    assert all(not faults(json.loads(line), "statements-batch") for line in lines)
    assert [faults(each) for each in told] == [[]] * 123
    assert len({each["puid"] for each in told}) == 123


def test_the_next_part_is_asked_for_while_one_is_written() -> None:
    """One ahead and no more, in their order; what breaks the asking breaks the writing."""
    begun, seen = [Event() for _ in range(3)], []

    def parts() -> Iterator[int]:
        for number, each in enumerate(begun):
            each.set()
            yield number

    for part in ahead(parts()):
        seen.append(part)
        assert all(each.wait(10) for each in begun[: part + 2])
        assert not any(each.is_set() for each in begun[part + 2 :])
    assert seen == [0, 1, 2]

    def broken() -> Iterator[int]:
        yield 1
        raise BadUse("U384", "dsa", detail="gone")

    with pytest.raises(BadUse):
        list(ahead(broken()))


def test_files_of_an_earlier_time_go(tmp_path: Path) -> None:
    """What is there is what was asked for; other files are nobody's business."""
    for name in ("statements-0001.ndjson", "statements-0007.ndjson", "notes.txt"):
        (tmp_path / name).write_text("old")
    write([Batch((Filing(1, "a"),), b"{}")], tmp_path)
    assert {each.name for each in tmp_path.iterdir()} == {"statements-0001.ndjson", "notes.txt"}
    assert (tmp_path / "statements-0001.ndjson").read_bytes() == b"{}\n"
    assert write([], tmp_path) == (0, 0, ())
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """In the three parts of any error."""
    (tmp_path / "file").write_text("")
    with pytest.raises(BadUse) as caught:
        write([], tmp_path / "file")
    assert caught.value.code == "U381"


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    """What breaks off leaves nothing under the name of a finished file."""

    def broken() -> object:
        yield Batch((Filing(1, "a"),), b"{}")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(broken(), tmp_path)  # type: ignore[arg-type]
    assert not (tmp_path / "statements-0001.ndjson").exists()


def test_a_read_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    """In the order of the log, without sorting what is left, and past the sealed records: else a
    million statements would take as long as their square.
    """
    held(tmp_path, 1)
    store = Store(tmp_path / STORE_FILE, readonly=True)
    for name in ("filings", "unfiled"):
        asked = dict.fromkeys(("now", "after", "until", "actions", "states", "limit"), 1)
        rows = store.connection.execute(f"EXPLAIN QUERY PLAN {store.queries[name]}", asked)
        plan = [str(row[3]) for row in rows]
        assert not [each for each in plan if "TEMP B-TREE" in each], plan
        assert [each for each in plan if "COVERING INDEX decision_unsealed" in each], plan
        assert not [each for each in plan if each.startswith(("SCAN d ", "SCAN j ", "SCAN r "))], (
            plan
        )
    store.close()


def test_the_engine_is_asked_only_where_something_has_no_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not for stretches of the log without decisions, and not again for what has its id."""
    monkeypatch.setattr(filing, "AT_ONCE", 2)
    held(tmp_path, 3)
    connection = apsw.Connection(str(tmp_path / STORE_FILE))
    last = "(SELECT max(leaf) FROM decision)"
    connection.execute(f"UPDATE decision SET leaf = leaf + 10000 WHERE leaf = {last}")  # noqa: S608
    connection.close()
    asked: list[int] = []

    def ask(_: str, *, after: int) -> int:
        asked.append(after)
        return int(really("file statements", after=after))

    with session.asking(tmp_path) as really:
        store = Store(tmp_path / STORE_FILE, readonly=True)
        assert statements.Filer(ask, store).whole() == 3
        assert statements.Filer(ask, store).whole() == 0
        store.close()
    assert len(asked) <= 3
