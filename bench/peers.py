"""The same rules in other engines' words, each compiled once as its documents say.

A peer takes an event as JSON gave it and answers with the names of the rules that hold. What is
derived from the event (age, length, number of links) is worked out once for all its rules. A peer
whose package is not there is left out. This module must never measure anything itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bench.rule_sets import KINDS, Condition, Spec, lists

Decoded = Mapping[str, Any]
Flat = dict[str, Any]
Judge = Callable[[Decoded], list[str]]

_LINK = re.compile(r"https?://[^ ]+")


def flat(event: Decoded) -> Flat:
    """What rules ask, by name: raw fields as they stand, and three that are derived."""
    data = event["data"]
    author, text = data["author"], data["text"]
    return {
        "specversion": event["specversion"],
        "id": event["id"],
        "source": event["source"],
        "kind": event["type"],
        "time": event["time"],
        "subject": event["subject"],
        "author": author["id"],
        "author_name": author["name"],
        "author_created": author["created"],
        "author_lang": author["lang"],
        "author_roles": author["roles"],
        "text": text,
        "room": data["room"]["id"],
        "room_name": data["room"]["name"],
        "server": data["server"]["id"],
        "mentions": data["mentions"],
        "media": data["media"],
        "given_links": data["links"],
        "age": age(event),
        "length": len(text),
        "links": links(event),
    }


def age(event: Decoded) -> int:
    """How old the author's account is, in microseconds."""
    created = event["data"]["author"]["created"]
    since = datetime.fromisoformat(event["time"]) - datetime.fromisoformat(created)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def links(event: Decoded) -> int:
    """How many different links there are."""
    return len(set(_LINK.findall(event["data"]["text"])))


# --- plain Python ---------------------------------------------------------------------------------


def plain_python(rules: list[Spec]) -> Judge:
    """One function a rule, as somebody would write it by hand: it takes the event, and shares
    nothing with others.
    """
    fields = {
        "kind": "e['type']",
        "text": "e['data']['text']",
        "author": "e['data']['author']['id']",
        "room": "e['data']['room']['id']",
        "length": "len(e['data']['text'])",
        "links": "links(e)",
        "age": "age(e)",
    }
    functions = _functions(rules, fields)

    def judge(event: Decoded) -> list[str]:
        return [name for name, function in functions if function(event)]

    return judge


def plain_python_sharing(rules: list[Spec]) -> Judge:
    """The same, with the event taken apart and the three derived facts worked out once for all."""
    fields = ("kind", "text", "author", "room", "length", "links", "age")
    functions = _functions(rules, {name: f"e[{name!r}]" for name in fields})

    def judge(event: Decoded) -> list[str]:
        e = flat(event)
        return [name for name, function in functions if function(e)]

    return judge


def _functions(
    rules: list[Spec], fields: Mapping[str, str]
) -> list[tuple[str, Callable[[Any], bool]]]:
    names: dict[str, Any] = {"re": re, "age": age, "links": links}
    lines = [f"{_constant(name)} = {set(each)!r}" for name, each in lists().items()]
    for number, rule in enumerate(rules):
        tests = [f"{fields['kind']} == {KINDS[rule.kind]!r}"]
        for place, each in enumerate(rule.conditions):
            pattern = f"PATTERN_{number}_{place}"
            if each.form == "matches":
                lines.append(f"{pattern} = re.compile({each.value!r})")
            tests.append(_python(each, fields[each.field], pattern))
        lines += [f"def rule_{number}(e):", f"    return {' and '.join(tests)}"]
    exec("\n".join(lines), names)  # noqa: S102 -- made here from the workload
    return [(rule.name, names[f"rule_{number}"]) for number, rule in enumerate(rules)]


def _python(c: Condition, field: str, pattern: str) -> str:
    if c.form == "contains":
        return f"{c.value!r} in {field}"
    if c.form == "matches":
        return f"{pattern}.search({field})"
    if c.form == "list":
        return f"{field} in {_constant(str(c.value))}"
    return f"{field} {c.operator or '=='} {c.value!r}"


def _constant(name: str) -> str:
    return name.replace(" ", "_").upper()


# --- packages -------------------------------------------------------------------------------------


def json_logic(rules: list[Spec]) -> Judge:
    """json-logic-qubit: `jsonLogic` on each rule's tree; patterns by an operation of ours."""
    import json_logic as engine

    patterns: dict[str, re.Pattern[str]] = {}

    def fits(pattern: str, text: str) -> bool:
        return patterns[pattern].search(text) is not None

    engine.add_operation("matches", fits)

    def tree(c: Condition) -> dict[str, Any]:
        field = {"var": c.field}
        if c.form == "contains":
            return {"in": [c.value, field]}
        if c.form == "matches":
            patterns[str(c.value)] = re.compile(str(c.value))
            return {"matches": [c.value, field]}
        if c.form == "list":
            return {"in": [field, list(lists()[str(c.value)])]}
        return {c.operator or "==": [field, c.value]}

    trees = [
        (
            rule.name,
            {"and": [{"==": [{"var": "kind"}, KINDS[rule.kind]]}, *map(tree, rule.conditions)]},
        )
        for rule in rules
    ]

    def judge(event: Decoded) -> list[str]:
        e = flat(event)
        return [name for name, each in trees if engine.jsonLogic(each, e)]

    return judge


def rule_engine(rules: list[Spec]) -> Judge:
    """rule-engine: `Rule(text).matches`."""
    import rule_engine as engine

    def say(c: Condition) -> str:
        if c.form == "contains":
            return f"{_quoted(c.value)} in text"
        if c.form == "matches":
            return f"text =~~ {_quoted(c.value)}"
        if c.form == "list":
            return f"author in {json.dumps(list(lists()[str(c.value)]))}"
        return f"{c.field} {c.operator or '=='} {json.dumps(c.value)}"

    made = [(rule.name, engine.Rule(_joined(rule, say, " and ", "=="))) for rule in rules]

    def judge(event: Decoded) -> list[str]:
        e = flat(event)
        return [name for name, each in made if each.matches(e)]

    return judge


def zen_engine(rules: list[Spec]) -> Judge:
    """zen-engine: `compile_expression(text).evaluate`."""
    import zen

    def say(c: Condition) -> str:
        if c.form in ("contains", "matches"):
            return f"{c.form}(text, {_quoted(c.value)})"
        if c.form == "list":
            return f"author in {json.dumps(list(lists()[str(c.value)]))}"
        return f"{c.field} {c.operator or '=='} {json.dumps(c.value)}"

    made = [
        (rule.name, zen.compile_expression(_joined(rule, say, " and ", "=="))) for rule in rules
    ]

    def judge(event: Decoded) -> list[str]:
        e = flat(event)
        return [name for name, each in made if each.evaluate(e)]

    return judge


def expression_language(rules: list[Spec]) -> Judge:
    """common-expression-language (CEL in Rust): programs over one context an event."""
    import cel

    def say(c: Condition) -> str:
        if c.form in ("contains", "matches"):
            return f"text.{c.form}({_quoted(c.value)})"
        if c.form == "list":
            return f"author in {json.dumps(list(lists()[str(c.value)]))}"
        return f"{c.field} {c.operator or '=='} {json.dumps(c.value)}"

    made = [(rule.name, cel.compile(_joined(rule, say, " && ", "=="))) for rule in rules]

    def judge(event: Decoded) -> list[str]:
        context = cel.Context(variables=flat(event))
        return [name for name, each in made if each.execute(context)]

    return judge


def _joined(rule: Spec, say: Callable[[Condition], str], conjunction: str, equal: str) -> str:
    kind = f"kind {equal} {_quoted(KINDS[rule.kind])}"
    return conjunction.join([kind, *map(say, rule.conditions)])


def _quoted(value: object) -> str:
    return json.dumps(str(value))


PEERS: Mapping[str, Callable[[list[Spec]], Judge]] = {
    "plain Python": plain_python,
    "plain Python, facts worked out once": plain_python_sharing,
    "json-logic-qubit": json_logic,
    "rule-engine": rule_engine,
    "zen-engine": zen_engine,
    "common-expression-language": expression_language,
}


def there(name: str) -> bool:
    """Whether a peer can be made here."""
    try:
        PEERS[name]([])
    except ImportError:
        return False
    return True
