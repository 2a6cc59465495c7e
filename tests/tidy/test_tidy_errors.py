"""Error codes: listed, used, and explained on a page."""

from __future__ import annotations

import ast
import importlib
import re

from ombud.errors import CATALOGUE, OmbudError
from tidy.source_tree import ROOT, SOURCE, SOURCES, place, report, tree

CODE = re.compile(r"^[A-Z][0-9]{3}$")
PAGE = ROOT / "docs" / "reference" / "errors.md"

for _path in SOURCES:
    if _path.name not in ("__main__.py",):
        _inside = _path.relative_to(SOURCE.parent).with_suffix("")
        importlib.import_module(".".join(_inside.parts).removesuffix(".__init__"))

MENTIONED = [
    (node.value, place(path, node))
    for path in SOURCES
    for node in ast.walk(tree(path))
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.match(node.value)
]


def test_every_code_that_is_raised_is_listed() -> None:
    """A code in the program stands in the catalogue."""
    found = [f"{where}: {code}" for code, where in MENTIONED if code not in CATALOGUE]
    assert not found, report("Codes without an entry in the catalogue:", found)


def test_every_code_that_is_listed_is_raised() -> None:
    """The catalogue holds no code that nothing raises."""
    found = sorted(set(CATALOGUE) - {code for code, _ in MENTIONED})
    assert not found, report("Codes that nothing raises:", found)


def test_codes_have_the_letter_of_their_class() -> None:
    """Whoever raises an E, R, D, L or U code raises the class of that letter."""
    letters = {"BadEvent": "E", "BadRules": "R", "BadData": "D", "BadLedger": "L", "BadUse": "U"}
    found = []
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            letter = letters.get(ast.unparse(node.func).rpartition(".")[2])
            code = getattr(node.args[0], "value", None)
            if letter and isinstance(code, str) and not code.startswith(letter):
                found.append(f"{place(path, node)}: {ast.unparse(node.func)}({code})")
    assert not found, report("Codes under another class's letter:", found)


def test_every_class_of_error_is_one_of_ours() -> None:
    """A person meets only errors with a code: our classes have one base."""
    own = {sub.__name__ for sub in OmbudError.__subclasses__()}
    assert {"BadEvent", "BadRules", "BadData", "BadLedger", "BadUse"} <= own


def test_every_entry_is_made_of_sentences() -> None:
    """A message and a hint end as sentences do, whatever is filled in."""
    ends = (".", "?", "!", "}", '"', "30 days")  # the last two end an example
    found = [
        f"{code}: {part}"
        for code, entry in sorted(CATALOGUE.items())
        for part in (entry.message, entry.hint)
        if not CODE.match(code) or (part and not part.endswith(ends))
    ]
    assert not found, report("Entries that end in mid-air:", found)


def test_every_code_is_explained_on_the_page() -> None:
    """Each code has a heading of its own, so that it can be linked to."""
    page = PAGE.read_text(encoding="utf-8").splitlines()
    found = sorted(code for code in CATALOGUE if f"### {code}" not in page)
    assert not found, report("Not in docs/reference/errors.md, run `make reference`:", found)
