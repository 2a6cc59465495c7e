"""How a command reaches the engine: in this process, or through whoever holds the lock."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from flow.small_community import crowd, event, line, prepare, rows
from ombud import session
from ombud.errors import BadData, BadUse, OmbudError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder, not yet started."""
    return prepare(tmp_path / "data")


def test_a_request_needs_a_community(folder: Path) -> None:
    """Nothing is started for a request to a folder without a store."""
    with pytest.raises(BadData, match="D004"):
        session.request(folder, "undo", rule="bags")
    assert not (folder / "ombud.db").exists()


def test_an_unknown_request_is_refused(folder: Path) -> None:
    """Neither here nor there is anything done that has no name."""
    with session.engine(folder) as running:
        with pytest.raises(BadUse, match="U004"):
            session.perform(running, "shutdown", {})
        with pytest.raises(BadUse, match="U004"):
            session.request(folder, "shutdown")
        with pytest.raises(OmbudError, match="U011"):
            session.perform(running, "erase", {})


def test_here_and_there_say_the_same(folder: Path, tmp_path: Path) -> None:
    """A stream ingested through the socket has the summary it has in the process itself."""
    content = b"".join([*map(line, crowd(131, 600)), b"bad\n", b"x" * 1_100_000, b"\n"])
    again = prepare(tmp_path / "again")
    here, seconds = session.ingest(again, Path("-"), io.BytesIO(content), "", None)
    moved: list[int] = []
    with session.engine(folder):
        there, _ = session.ingest(folder, Path("-"), io.BytesIO(content), "", moved.append)
    there.errors.sort(key=lambda each: int(each["line"]))
    assert there == here
    assert sum(moved) == 601
    assert seconds > 0
    assert [each["line"] for each in there.errors] == [601, 602]


def test_a_timeline_goes_with_the_lines(folder: Path) -> None:
    """Also through the socket, a history stays beside live traffic."""
    content = line(event(1)) + line(event(2))
    with session.engine(folder):
        session.ingest(folder, Path("-"), io.BytesIO(content), "old days", None)
    found = rows(folder, "SELECT DISTINCT timeline FROM journal WHERE kind IS NOT NULL")
    assert found == [("old days",)]


def test_a_broken_stream_is_told_and_the_rest_handed_over(folder: Path, tmp_path: Path) -> None:
    """What came before the break is taken by the other process too."""
    import gzip

    file = tmp_path / "cut.gz"
    file.write_bytes(gzip.compress(b"".join(map(line, crowd(132, 50))))[:-20])
    with session.engine(folder):
        summary, _ = session.ingest(folder, file, None, "", None)
    assert 0 < summary.accepted <= 50
    assert [each["code"] for each in summary.errors] == ["E011"]


def test_nobody_answers_for_too_long(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that is held by somebody who never listens ends in U003."""
    from ombud.writer import Lock

    with session.engine(folder):
        pass
    monkeypatch.setattr(session, "PATIENCE_SECONDS", 0.1)
    lock = Lock(folder)
    with pytest.raises(BadUse, match="U003"):
        session.request(folder, "reload")
    lock.close()
    assert session.request(folder, "reload") is False


@pytest.mark.parametrize("do", sorted(session.FRESH_NEEDED))
def test_what_reaches_far_is_refused_where_its_person_is_not_fresh(folder: Path, do: str) -> None:
    """Of whoever comes by the pages; who says nothing of it is at the command line."""
    with session.engine(folder) as running:
        with pytest.raises(BadUse, match="U212"):
            session.perform(running, do, {"by": "ana", "fresh": False, "name": "x"})
        with pytest.raises(BadUse) as told:
            session.perform(running, do, {"by": "ana", "fresh": True, "name": ""})
        assert told.value.code != "U212"
