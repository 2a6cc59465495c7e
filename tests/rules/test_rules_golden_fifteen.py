"""The fifteen rules that every community ends up writing can all be said.

They stand in `golden_rules/` as an operator would write them, with clauses and lists. That they do
what they say on real events is told in `tests/flow/test_golden_rules.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ombud.rules import load, parse
from ombud.rules.format import format_rule

FOLDER = Path(__file__).parent / "golden_rules"
NAMES = sorted(path.name for path in (FOLDER / "rules").iterdir())


def texts(kind: str) -> dict[str, bytes]:
    """The files of one kind."""
    return {path.name: path.read_bytes() for path in (FOLDER / kind).iterdir()}


def test_all_fifteen_are_there() -> None:
    """Numbered from 1 to 15; the thirteenth needs two rules, one for each of its halves."""
    assert [int(name[1:3]) for name in NAMES] == [*range(1, 14), 13, 14, 15]


def test_none_of_them_has_a_problem() -> None:
    """No error and no warning; every example comes out as it should."""
    loaded = load.load(texts("rules"), texts("policies"), texts("lists"))
    assert loaded.diagnostics == ()
    assert sorted(f"{rule.name}.rule" for rule in loaded.rules) == NAMES
    assert {rule.mode for rule in loaded.rules} == {"live"}


@pytest.mark.parametrize("name", NAMES)
def test_each_is_laid_out_as_the_formatter_does(name: str) -> None:
    """They are read as models."""
    text = (FOLDER / "rules" / name).read_bytes()
    tree, _ = parse.parse(name, text)
    assert format_rule(tree).encode() == text
    assert {example.catch for example in tree.examples} == {True, False}
    assert {told.lang for told in tree.tell} == {"en", "vi"}


DOGPILE = """\
rule dogpile
  "Many people insult the same person within an hour."

for     reply
clause  conduct.flagged
mode    watch

when
  insult >= 80 %
  any of
    target.repliers with insult in last 1 hour >= 5
    author.posts to target with insult in last 1 day >= 3

unless
  text quotes target  # objecting often repeats the insult

then
  {action}

tell author
  en  "Your reply waits while a moderator looks at it."
  vi  "Trả lời của bạn đang chờ người kiểm duyệt xem."
"""


def test_a_dogpile_can_be_said_and_brings_it_before_a_person() -> None:
    """The last of the sample rules: it may alert, since what an insult is is a hint; not hold."""
    alert = DOGPILE.format(action='alert "harassment"').partition("\ntell")[0]
    found = load.load({"dogpile.rule": alert.encode()}, texts("policies"), texts("lists"))
    assert [each.code for each in found.diagnostics if each.severity == "error"] == []
    hold = DOGPILE.format(action='hold this for review in queue "harassment" as urgent')
    found = load.load({"dogpile.rule": hold.encode()}, texts("policies"), texts("lists"))
    assert "R150" in [each.code for each in found.diagnostics]
