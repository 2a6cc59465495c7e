"""Words: no drawer without a label, nothing left for later, no judgement of opinions."""

from __future__ import annotations

import ast
import re

from ombud.model import HARMS
from ombud.signals import resolve
from ombud.signals.declare import COUNTERS, SIGNALS, WITHS
from tidy.source_tree import EVERY_FILE, ROOT, SOURCES, functions, place, report, text, tree

VAGUE = frozenset({"util", "utils", "helper", "helpers", "common", "core", "services", "managers"})
NOTHING_TO_DO = frozenset({"no_fault"})  # stands for a crash that does not happen
UNFINISHED = re.compile(
    "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error"))
)

# What a person believes or belongs to: no signal, clause or harm is about it (design section 1).
BELIEFS = re.compile(
    r"\b(party|parties|political|politics?|religio\w*|ideolog\w*|opinions?|belie(f|ve)\w*"
    r"|faiths?|ethnic\w*|church|mosque|government|elections?|voters?|chính trị|tôn giáo|đảng phái"
    r"|tư tưởng|quan điểm|dân tộc|bầu cử|chính quyền)\b",
    re.IGNORECASE,
)


def test_names_say_what_they_are() -> None:
    """No file, folder, function or class is a drawer for odds and ends."""
    names = [
        (part, place(path))
        for path in EVERY_FILE
        for part in path.relative_to(ROOT).with_suffix("").parts
    ]
    names += [
        (part, place(path, node))
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for part in node.name.strip("_").split("_")
    ]
    found = sorted({f"{where}: {name}" for name, where in names if name.lower() in VAGUE})
    assert not found, report("Names that say nothing:", found)


def test_nothing_is_left_for_later() -> None:
    """No promises in comments, and no function that only promises to exist."""
    found = [
        f"{place(path)}:{number}: {line.strip()[:60]}"
        for path in EVERY_FILE
        for number, line in enumerate(text(path).splitlines(), start=1)
        if UNFINISHED.search(line)
    ]
    assert not found, report("Left for later:", found)


def test_no_function_is_a_stub() -> None:
    """Outside protocols, overloads and abstract methods, no function's body is empty."""
    found = []
    for path in SOURCES:
        allowed = {
            id(inner)
            for node in ast.walk(tree(path))
            if isinstance(node, ast.ClassDef) and "Protocol" in map(ast.unparse, node.bases)
            for inner in ast.walk(node)
        }
        for node in functions(path):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            empty = all(
                isinstance(each, ast.Pass)
                or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
                for each in body
            )
            bare = ("overload", "abstractmethod")  # what has its body elsewhere
            overload = any(ast.unparse(each) in bare for each in node.decorator_list)
            # a group of commands does its work by being one
            group = any(".group" in ast.unparse(each) for each in node.decorator_list)
            allowed |= {id(node)} if overload or group or node.name in NOTHING_TO_DO else set()
            if empty and id(node) not in allowed:
                found.append(f"{place(path, node)}: {node.name}")
    assert not found, report("Functions without a body:", found)


def test_harms_are_exactly_those_of_the_design() -> None:
    """Opinion, ideology and religion are no harms, and no other harm can slip in.

    The last two are none either: `form` reads structure, and under `context` a rule may only ask a
    person whether to show a source (tests/rules/test_rules_refuse.py).
    """
    assert HARMS == (
        "spam",
        "scam",
        "impersonation",
        "harassment",
        "threats",
        "hate",
        "private-data",
        "malware",
        "flood",
        "form",
        "context",
    )


def test_no_signal_is_about_what_somebody_believes() -> None:
    """No signal, counter or filter is named after or described by belief, party or origin."""
    assert resolve.nearest("author.age") == "author.age"
    declared = [(each.name, each.meaning) for each in SIGNALS.values()]
    declared += [(each.name, each.meaning) for each in COUNTERS.values()]
    declared += [(each.name, each.meaning) for each in WITHS.values()]
    found = [
        f"{name}: {said}"
        for name, meaning in declared
        for said in (name, *meaning.values())
        if BELIEFS.search(said)
    ]
    assert not found, report("Signals about what somebody believes:", found)


def test_no_shipped_policy_has_another_harm() -> None:
    """Each clause of the shipped policies declares one of the harms, and speaks of no belief."""
    policies = sorted((ROOT / "src" / "ombud" / "samples" / "policies").glob("*.md"))
    found = []
    for path in policies:
        for harm in re.findall(r"^\s*harm:\s*(\S+)", text(path), re.MULTILINE):
            if harm.rstrip(",.") not in HARMS:
                found.append(f"{place(path)}: harm {harm}")
        for title in re.findall(r"^## (.*)$", text(path), re.MULTILINE):
            if BELIEFS.search(title):
                found.append(f"{place(path)}: {title}")
    assert not found, report("Clauses that are not about a harm:", found)
