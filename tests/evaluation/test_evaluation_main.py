"""`python -m evaluation`: which evaluations run, and what the page keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation import __main__ as evaluation
from evaluation import data


def made(folder: Path, *, quick: bool) -> str:
    """An evaluation that measures nothing."""
    return f"{folder.name} {'quick' if quick else 'whole'}"


def test_sections_of_other_evaluations_stay() -> None:
    """Who runs one evaluation does not lose the figures of the others."""
    titles = [title for title, _ in evaluation.EVALUATIONS.values()]
    before = evaluation.page("", {titles[0]: "old one", titles[1]: "old two"})
    after = evaluation.page(before, {titles[1]: "new two"})
    assert "old one" in after
    assert "new two" in after
    assert "old two" not in after
    assert evaluation.page(after, {}) == after


def test_what_was_asked_for_runs_and_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page is printed, or written; without data there is an error that says what to do."""
    monkeypatch.setattr(evaluation, "EVALUATIONS", {"made": ("Made", made)})
    monkeypatch.setattr(evaluation, "PAGE", tmp_path / "evaluation.md")
    assert evaluation.main(["made", "--data", str(tmp_path), "--quick"]) == 0
    assert f"{tmp_path.name} quick" in capsys.readouterr().out
    assert evaluation.main(["--data", str(tmp_path), "--write"]) == 0
    assert f"{tmp_path.name} whole" in (tmp_path / "evaluation.md").read_text(encoding="utf-8")
    assert evaluation.main(["made", "--data", str(tmp_path / "nowhere")]) == 2
    assert data.VARIABLE in capsys.readouterr().err
