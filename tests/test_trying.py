"""A text tried on the past: one at a time, each for who asked, given up in time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from flow.small_community import NOW, RULES, crowd, line, prepare, rows
from ombud import trying
from ombud.app import Engine
from ombud.errors import BadUse
from ombud.trying import DONE, FAILED, RUNNING, Trying

NEW = RULES["bags.rule"].replace("rule bags", "rule fresh")


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Trying]:
    """The runs of a community with a past."""
    with Engine(prepare(tmp_path / "community"), now=lambda: NOW) as engine:
        engine.submit([line(each) for each in crowd(5, 120)])
        with closing(Trying(engine)) as found:
            yield found


def test_a_run_has_its_result_and_its_line(runs: Trying) -> None:
    """For who asked and nobody else; the text is nowhere but in the run."""
    begun = runs.begin(7, "admin", NEW, None)
    found = runs.of(7, begun.id, 30)
    assert found is begun
    assert (found.state, found.rule) == (DONE, "fresh")
    assert [each["name"] for each in found.result["items"]] == ["fresh"]
    assert found.result["judged"] > 100
    assert runs.of(8, begun.id) is None
    assert runs.of(7, "try_x") is None
    assert len(rows(runs.engine.folder, "SELECT 1 FROM run")) == 1
    assert not (runs.engine.folder / "rules" / "fresh.rule").exists()
    assert "fresh" not in runs.engine.writer.pipeline.community.active.names


def test_what_is_wrong_with_a_text_is_told_by_its_run(runs: Trying) -> None:
    """And a name that can be none at once."""
    begun = runs.begin(7, "admin", NEW.replace("contains", "contain"), None)
    found = runs.of(7, begun.id, 30)
    assert found is not None
    assert found.state == FAILED
    assert found.problem is not None
    assert found.problem.code == "D013"
    with pytest.raises(BadUse):
        runs.begin(7, "admin", "nothing", None)


def test_one_at_a_time_and_it_ends_with_the_engine(
    runs: Trying, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second is refused while one goes on; what goes on is given up when the engine closes."""
    going, go = threading.Event(), threading.Event()

    def held(_: Any, asked: Any, *__: Any, **___: Any) -> Any:
        going.set()
        go.wait(30)
        return asked

    monkeypatch.setattr("ombud.runs.run", held)
    first = runs.begin(7, "admin", NEW, None)
    assert going.wait(30)
    with pytest.raises(BadUse) as caught:
        runs.begin(8, "admin", NEW, None)
    assert caught.value.code == "U288"
    assert first.state == RUNNING
    go.set()
    assert first.over.wait(30)


@pytest.mark.parametrize(
    ("closing_", "seconds", "code"), [(True, 900.0, None), (False, 0.0, "U289")]
)
def test_a_run_is_given_up(
    runs: Trying,
    monkeypatch: pytest.MonkeyPatch,
    closing_: bool,
    seconds: float,
    code: str | None,
) -> None:
    """When the engine closes, and when it took too long; then it has no line."""
    monkeypatch.setattr(trying, "SECONDS_MAX", seconds)
    monkeypatch.setattr("ombud.replay.records.STEP", 5)
    real = runs._progress

    def marked(run: trying.Run, total: int) -> Any:
        runs._closing = closing_
        return real(run, total)

    monkeypatch.setattr(runs, "_progress", marked)
    begun = runs.begin(7, "admin", NEW, None)
    found = runs.of(7, begun.id, 30)
    assert found is not None
    assert found.state == FAILED
    assert getattr(found.problem, "code", None) == code
    assert rows(runs.engine.folder, "SELECT 1 FROM run") == []


def test_it_leaves_half_of_its_time_to_others(
    runs: Trying, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as it worked, it waits."""
    now, slept = [0.0], []
    monkeypatch.setattr("ombud.trying.time.monotonic", lambda: now[0])

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    monkeypatch.setattr("ombud.trying.time.sleep", sleep)
    run = trying.Run("try_x", 7, "new")
    progress = runs._progress(run, 100)
    now[0] = 2.0
    progress(50)
    now[0] += 1.0
    progress(100)
    assert slept == [2.0, 1.0]
    assert (run.done, run.total) == (100, 100)


def test_only_the_latest_results_are_kept(runs: Trying, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all people together."""
    monkeypatch.setattr("ombud.runs.run", lambda *_, **__: {})
    first = runs.begin(7, "admin", NEW, None)
    for _ in range(trying.KEPT):
        assert first.over.wait(30)
        assert runs._thread is not None
        runs._thread.join()
        latest = runs.begin(7, "admin", NEW, None)
    assert runs.of(7, first.id) is None
    assert runs.of(7, latest.id) is latest
