"""`ombud appeals` at a terminal: what waits, what was written, who may decide."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from flow.case_desk import DESK_RULES, bags
from flow.small_community import line, prepare, rows
from ombud import session
from ombud.cli import main
from ombud.doors import Doors


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community with a hold that was appealed."""
    prepare(tmp_path, DESK_RULES)
    with session.engine(tmp_path) as engine, closing(Doors(engine, "http://127.0.0.1")) as doors:
        (answer,) = engine.submit([line(bags(1))])
        token = doors.link(answer.statement).rpartition("/")[2]  # type: ignore[union-attr]
        doors.appeal(token, answer.decisions[0], "It was a quotation.")  # type: ignore[union-attr]
    return tmp_path


def run(folder: Path, *words: str, code: int = 0) -> str:
    """What a command prints."""
    done = CliRunner().invoke(main, ["appeals", *words, "--data", str(folder)])
    assert done.exit_code == code, done.output
    return done.output


def test_an_appeal_from_list_to_outcome(folder: Path) -> None:
    """Listed by its clock, read, answered, decided by somebody else than the rule's author."""
    ((appeal,),) = rows(folder, "SELECT id FROM appeal")
    said = run(folder, "list")
    assert appeal in said
    assert "It was a quotation" not in said
    assert "bags: of 1 decisions 1 appealed, 0 reversed" in said
    assert run(folder, "list", "--overdue").count(appeal) == 0
    shown = run(folder, "show", appeal)
    assert "It was a quotation." in shown
    assert "behind the decision: admin" in shown
    assert "told so" in run(folder, "answer", appeal, "Of what?", "--by", "lou")
    assert "U242" in run(folder, "decide", appeal, "--outcome", "uphold", code=2)
    assert "1 appeals" in run(folder, "decide", appeal, "--outcome", "reverse", "--by", "lou")
    assert "1 reversed" in run(folder, "list", "--state", "all")
    shown = run(folder, "show", appeal)
    assert "reversed" in shown
    assert "lou: Of what?" in shown


def test_a_mistake_is_told_in_three_parts(folder: Path) -> None:
    """What is wrong, where, and what to do; exit code 2."""
    ((appeal,),) = rows(folder, "SELECT id FROM appeal")
    for words, code in (
        (("show", "app_none"), "U240"),
        (("answer", appeal, " "), "U026"),
        (("answer", "app_none", "x"), "U240"),
        (("decide", "app_none", "--outcome", "omit", "--by", "lou"), "U240"),
        (("decide", appeal, "--outcome", "partial", "--by", "lou"), "U243"),
        (("decide", appeal, "--outcome", "omit", "--action", "warn", "--by", "lou"), "U243"),
    ):
        said = run(folder, *words, code=2)
        assert said.startswith(code), said
        assert len(said.strip().splitlines()) >= 2
