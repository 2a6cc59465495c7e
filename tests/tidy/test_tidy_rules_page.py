"""The reference page of the rule language is whole, and its examples are rules."""

from __future__ import annotations

import re

import pytest

from ombud import samples
from ombud.model import KINDS
from ombud.rules import then
from ombud.rules.diagnostic import ERROR, Report
from ombud.rules.lex import Cursor, scan
from ombud.rules.load import load
from ombud.rules.vocabulary import ACTIONS, MODES, OPERATORS, PARTS
from ombud.signals.declare import CALLED, WITHS, Type
from ombud.signals.resolve import UNITS
from tidy.source_tree import ROOT

PAGE = (ROOT / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
PHRASES = (
    "in list", "any in list", "all in list", "resembles", "resemble", "recent names",
    "established members", "contains", "starts with", "matches", "quotes",
    "share of", "in last", "any of", "all of", "not",
    "as urgent", "for review in queue", "should catch", "should pass",
)  # fmt: skip
BLOCKS = [
    block
    for block in re.findall(r"```text\n(.*?)```", PAGE, re.S)
    if re.match(r"(rule|when|unless|then|tell author|should) ?[a-z-]*\n", block)
]
RULE = """\
rule sample
  "A rule."

for     post
clause  spam.links
mode    draft
{when}{unless}{then}
tell author
  en  "Please wait."
  vi  "Xin chờ."
"""


@pytest.mark.parametrize(
    "word",
    [*PARTS, *KINDS, *ACTIONS, *MODES, *OPERATORS, *WITHS, *CALLED, *PHRASES]
    + [form for unit, _ in UNITS for form in (unit, unit + "s")]
    + [type_.value for type_ in Type],
)
def test_every_word_of_the_language_stands_on_the_page(word: str) -> None:
    """Whole, and as it is written in a rule."""
    assert re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", PAGE), word


def test_the_grammar_has_every_form_of_an_action() -> None:
    """Those said around their target and every target; what the page says is what is read."""
    grammar = PAGE.split("## Grammar")[1].split("## Parts")[0]
    targets = " | ".join(f'"{target}"' for target in then.TARGETS)
    assert re.search(rf"^target +=  ?{re.escape(targets)} ", grammar, re.M)
    for word, (name, rest) in then.SPLIT.items():
        assert f'"{word}" target "{" ".join(rest)}" tail' in grammar
        for target in ACTIONS[name].targets:
            assert _action(f"{word} {target} {' '.join(rest)}") == _action(f"{name} {target}")
    for name, form in ACTIONS.items():
        more = (" for 1 hour" if form.duration == "needed" else "") + (
            ' "on call"' if form.text == "needed" else ""
        )
        for target in form.targets:
            assert _action(f"{name} in {target}{more}") == _action(f"{name} {target}{more}")
            assert _action(f"{name} {target}{more}") == (name, target)
        assert _action(name + more) == (name, form.targets[0] if form.targets else None)


def _action(said: str) -> tuple[str, str | None]:
    """What is done to what, as the parser reads a line of `then`."""
    report = Report("sample.rule")
    (line,) = scan(report, [f"  {said}"])
    found = then.action(Cursor(line))
    return found.type, found.target


def test_the_page_is_not_made_of_examples_that_nobody_tries() -> None:
    """The examples of the page are found, so that the test below has something to say."""
    assert len(BLOCKS) >= 4
    assert sum(block.startswith("rule ") for block in BLOCKS) >= 1


@pytest.mark.parametrize("block", BLOCKS, ids=[block.split("\n")[1].strip() for block in BLOCKS])
def test_every_example_of_the_page_is_a_rule(block: str) -> None:
    """As it stands, or with the parts around it that a rule needs; without an error."""
    text = block
    if not block.startswith("rule "):
        parts = {"when": "\nwhen\n  links.any\n", "unless": "", "then": "\nthen\n  warn this\n"}
        parts[block.split("\n", maxsplit=1)[0]] = "\n" + block
        text = RULE.format(**parts)
    name = re.match(r"rule ([a-z-]+)", text)
    assert name is not None
    folders = [samples.files(folder) for folder in ("policies", "lists")]
    found = load({f"{name[1]}.rule": text.encode()}, *folders)
    assert [each for each in found.diagnostics if each.severity == ERROR] == []
    assert len(found.rules) == 1
