"""`ombud learn` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flow.learning_community import CLAUSE, RULE, community, labels, lines, posts
from flow.small_community import NOW
from ombud.app import Engine
from ombud.cli import main

SAID = posts()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community with posts and labels."""
    made = community(tmp_path_factory.mktemp("cli"), RULE)
    labels(made / "labels.ndjson", SAID)
    with Engine(made, now=lambda: NOW) as engine:
        engine.ingest([b"".join(lines(SAID))])
    return made


def ran(folder: Path, *words: str) -> Result:
    """A command in the folder."""
    return CliRunner().invoke(main, ["learn", *words, "--data", str(folder)])


def test_a_clause_alone_trains_its_model(folder: Path) -> None:
    """The card is told, and what to do next; the long form does the same."""
    file = str(folder / "labels.ndjson")
    told = ran(folder, CLAUSE, "--labels", file)
    assert told.exit_code == 0, told.output
    assert f"{CLAUSE}: 120 that broke it, 120 that did not" in told.stdout
    assert "240 texts, 120 that broke the clause" in told.stdout
    assert "AUROC" in told.stdout
    assert "Of each author at most one text" in told.stdout
    assert "ombud connect reload" in told.stderr
    again = ran(folder, "clause", CLAUSE, "--labels", file, "--json")
    assert json.loads(again.stdout)["before"] == json.loads(again.stdout)["model"]
    listed = ran(folder, "list")
    assert CLAUSE in listed.stdout
    assert "asked by no rule in force" in listed.stdout
    shown = ran(folder, "show", CLAUSE)
    assert (shown.exit_code, "AUROC" in shown.stdout) == (0, True)


def test_too_little_ends_with_one_and_says_what_is_missing(folder: Path) -> None:
    """Without a file there is no label here at all."""
    told = ran(folder, CLAUSE)
    assert told.exit_code == 1
    assert "0 labels after all that is left out" in told.stdout
    assert "with 50 and 50 among them" in told.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [(("spam.nothing",), "U130"), (("show", "spam.nothing"), "D030")],
)
def test_what_is_not_there_is_told_in_three_parts(
    folder: Path, words: tuple[str, ...], code: str
) -> None:
    """What, where, what to do."""
    told = ran(folder, *words)
    assert told.exit_code != 0
    assert code in told.stderr
    assert "where:" in told.stderr


def test_a_word_that_is_no_clause_is_a_wrong_command(folder: Path) -> None:
    """With the command that was meant."""
    told = ran(folder, "lst")
    assert told.exit_code == 2
    assert "list" in told.stderr
