"""Which rules have a summary, and which had one to their end: the texts of those stay back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flow.small_community import RULES, prepare, rows
from ombud import rulebook, summaries
from ombud.app import Engine
from ombud.reading import reading

BAGS = RULES["bags.rule"]
TERM = "cheap bags"
SAID = "It finds advertising."


class Operator:
    """Somebody with the folder before them, and an engine that runs."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.rule, self.summary = (
            folder / "rules" / f"bags.{end}" for end in ("rule", "summary.md")
        )
        self.folder, self.engine = folder, engine

    def published(self) -> dict[str, Any]:
        """What anybody reads of the rule."""
        with reading(self.folder) as reader:
            told = reader.public_rules().published(0)["rules"]
        (found,) = (each for each in told if each["name"] == "bags")
        return dict(found)

    def shows(self) -> bool:
        """Whether the first text of the rule can be read."""
        return TERM in json.dumps(self.published())


@pytest.fixture
def operator(tmp_path: Path) -> Any:
    folder = prepare(tmp_path / "community")
    (folder / "rules" / "bags.summary.md").write_text(SAID)
    with Engine(folder, by="ana") as engine:
        yield Operator(folder, engine)


def test_a_rule_that_goes_with_its_summary_stays_back(operator: Operator) -> None:
    """From the moment on, after more hours and another start, and in every version."""
    operator.rule.write_text(BAGS.replace(TERM, "cheap purses"))
    operator.engine.reload("ana")
    operator.rule.unlink()
    operator.summary.unlink()
    operator.engine.publish()
    assert not operator.shows()  # the reload is still to come
    operator.engine.reload("ana")
    for _ in range(2):
        found = operator.published()
        assert (found["in_force"], found["told"], found["summary"]) == (False, "summary", "")
        assert {each["told"] for each in found["versions"]} == {"summary"}
        assert not operator.shows()
        operator.engine.publish()
    operator.engine.close()
    with Engine(operator.folder, by="ana"):
        pass
    assert not operator.shows()


def test_another_rule_of_its_name_frees_only_its_own_text(operator: Operator) -> None:
    """What stayed back stays back, whatever comes after it."""
    operator.rule.unlink()
    operator.summary.unlink()
    operator.engine.reload("ana")
    operator.rule.write_text(BAGS.replace(TERM, "cheap purses"))
    operator.engine.reload("ana")
    operator.engine.publish()
    found = operator.published()
    assert [each["told"] for each in found["versions"]] == ["text", "summary"]
    assert "cheap purses" in found["text"]
    assert not operator.shows()


def test_a_summary_taken_away_in_force_gives_the_texts_free(operator: Operator) -> None:
    """That is the operator's to do; and afterwards the rule may go."""
    operator.summary.unlink()
    assert not operator.shows()
    operator.engine.publish()  # as every hour
    assert operator.shows()
    assert rows(operator.folder, "SELECT * FROM summarised") == []
    operator.rule.unlink()
    operator.engine.reload("ana")
    assert operator.shows()


def test_a_summary_that_came_later_is_known_within_the_hour(operator: Operator) -> None:
    """Without a reload, and while the rule's file stays where it is."""
    operator.summary.unlink()
    operator.engine.publish()
    operator.summary.write_text(SAID)
    operator.engine.publish()
    operator.rule.unlink()
    operator.summary.unlink()
    operator.engine.reload("ana")
    assert not operator.shows()


def test_where_the_folder_cannot_be_listed_all_stays_as_it_is_known(operator: Operator) -> None:
    """No summary is taken for gone."""
    before = rows(operator.folder, "SELECT * FROM summarised")
    assert before == [("bags", 1, -1)]
    (operator.folder / "rules").rename(operator.folder / "aside")
    operator.engine.publish()
    assert rows(operator.folder, "SELECT * FROM summarised") == before
    assert summaries.texts(operator.folder) is None


def test_a_summary_of_no_rule_is_told_to_the_operator(operator: Operator) -> None:
    """As files are that nobody reads; one of a rule is not, whatever its file is called."""
    assert rulebook.not_read(operator.folder) == []
    operator.rule.rename(operator.rule.with_name("other.rule"))
    assert rulebook.not_read(operator.folder) == []
    (operator.folder / "rules" / "bag.summary.md").write_text(SAID)
    (told,) = rulebook.not_read(operator.folder)
    assert (told.code, told.file) == ("R048", "rules/bag.summary.md")
    assert "no rule is called" in told.message
    assert told in rulebook.loaded(operator.folder).diagnostics
