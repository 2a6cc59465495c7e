"""`python -m evaluation`: which evaluations run, and what the page keeps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import evaluation as package
from evaluation import __main__ as evaluation
from evaluation import data, private, summary


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


def missing(folder: Path, *, quick: bool) -> str:
    """An evaluation whose set is not there."""
    return (folder / "gone" / f"{quick}").read_text(encoding="utf-8")


def test_a_missing_set_costs_no_other_one_its_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named, the exit code says so, the others are written, and its own old section stays."""
    both = {"made": ("Made", made), "missing": ("Missing", missing)}
    monkeypatch.setattr(evaluation, "EVALUATIONS", both)
    monkeypatch.setattr(evaluation, "PAGE", tmp_path / "evaluation.md")
    evaluation.PAGE.write_text(evaluation.page("", {"Missing": "as before"}), encoding="utf-8")
    assert evaluation.main(["--data", str(tmp_path), "--write", "--processes", "1"]) == 1
    written = evaluation.PAGE.read_text(encoding="utf-8")
    assert f"{tmp_path.name} whole" in written
    assert "as before" in written
    told = capsys.readouterr().err
    assert "missing was not measured: a set is missing: gone/False" in told
    assert "1 of 2 measured in 0 min" in told


def partly(folder: Path, *, quick: bool) -> str:
    """An evaluation of which a part could not run."""
    return f"{folder.name} {quick}\n\nBy meaning: not measured. There is no model."


def test_a_part_that_was_not_measured_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The section is written, and the exit code and the message say what is not in it."""
    monkeypatch.setattr(evaluation, "EVALUATIONS", {"partly": ("Partly", partly)})
    assert evaluation.main(["--data", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert "By meaning: not measured" in told.out
    assert "partly, in part: By meaning: not measured. There is no model." in told.err


def test_the_page_names_the_evaluations_that_exist_and_no_other() -> None:
    """Currency: a heading of the third level is an evaluation's title, and each has one."""
    written = evaluation.PAGE.read_text(encoding="utf-8")
    headings = re.findall(r"^### (.+)$", written, re.MULTILINE)
    assert sorted(headings) == sorted(title for title, _ in evaluation.EVALUATIONS.values())


def test_the_page_is_made_of_its_sections() -> None:
    """Made anew from the sections it holds, the published page is the same to the letter."""
    written = evaluation.PAGE.read_text(encoding="utf-8")
    assert evaluation.page(written, {}) == written


def test_what_the_table_quotes_is_on_the_page() -> None:
    """Every headline finds its cells in the published section: no question mark in the table."""
    titles = {name: title for name, (title, _) in evaluation.EVALUATIONS.items()}
    written = evaluation.PAGE.read_text(encoding="utf-8")
    known = summary.sections(written, list(titles.values()))
    for name, title in titles.items():
        if title in known:
            for line in summary.lines(name, known[title]):
                assert "?" not in " ".join(line), name


def test_every_evaluation_has_its_topic_and_its_headline() -> None:
    """Neither of them outlives the evaluation it is about, and none of these goes without."""
    named = [name for names in summary.TOPICS.values() for name in names]
    assert sorted(named) == sorted(evaluation.EVALUATIONS)
    assert set(summary.HEADLINES) == set(evaluation.EVALUATIONS)
    assert set(summary.FURTHER) <= set(evaluation.EVALUATIONS)


def test_an_evaluation_has_the_name_of_its_module() -> None:
    """Who reads `evaluation/hosts.py` runs `python -m evaluation hosts`."""
    for name, (_, evaluate) in evaluation.EVALUATIONS.items():
        assert evaluate.__module__ == f"evaluation.{name}"


def test_every_kind_of_private_data_is_in_the_opening_table() -> None:
    """The kinds that are found badly, too."""
    shown = [summary.HEADLINES["private"], *summary.FURTHER["private"]]
    assert [each.ours.row[0] for each in shown] == list(private.KINDS.values())


def test_the_package_names_each_evaluation() -> None:
    """Its docstring is the way in: one word for each."""
    named = set(re.findall(r"\w+", package.__doc__ or ""))
    assert set(evaluation.EVALUATIONS) <= named
