"""A configuration that reads every signal, counter and word there is, and a process that explains
events under it: run as a program it answers a line of events with a line of what was found.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from ombud import events, explain, samples
from ombud.activation import compiling
from ombud.activation.active import Active
from ombud.config import Settings, Sources
from ombud.errors import BadEvent
from ombud.rules import load
from ombud.rules.diagnostic import ERROR
from ombud.signals.declare import COUNTERS, WITHS

_RULE = """rule {name}
  "One counter of the tests."

for     {kinds}
clause  spam.links
mode    watch

when
  {fact} >= 1

then
  alert "counted"

should catch "a count"
  {fact}  1

should pass "none"
  {fact}  0
"""


def counters() -> dict[str, bytes]:
    """A rule file for each form of each counter that the checker takes."""
    files = {}
    for number, (fact, kinds) in enumerate(_forms()):
        called = f"counter-{number}"
        text = _RULE.format(name=called, kinds=", ".join(sorted(kinds)), fact=fact)
        files[f"{called}.rule"] = text.encode()
    while True:  # only so many problems are told at once
        loaded = load.load(files, samples.files("policies"), samples.files("lists"))
        refused = {each.file for each in loaded.diagnostics if each.severity == ERROR}
        if not refused:
            return files
        files = {name: text for name, text in files.items() if name not in refused}


def _forms() -> Iterator[tuple[str, frozenset[str]]]:
    for name, counter in sorted(COUNTERS.items()):
        for word in ("", *(f" with {each}" for each in WITHS)):
            yield f"{name}{word} in last 1 hour", counter.kinds
        yield f"{name} in last 1 hour", frozenset({"flag"})  # of who reports, and is reported


def active() -> Active:
    """The shipped pack, and every counter as a watching rule."""
    pack = {name: samples.files(name) for name in samples.FOLDERS}
    pack["rules"] = {**pack["rules"], **counters()}
    rules, policies, lists = (pack[name] for name in ("rules", "policies", "lists"))
    return compiling.from_sources(Sources(rules, policies, lists, settings=Settings()))


def explained(active: Active, lines: Iterable[bytes]) -> list[Any]:
    """What is found in each line: the code of an error, or all that is said of an event."""
    parts = [events.attempt(line) for line in lines]
    good = [part for part in parts if not isinstance(part, BadEvent)]
    told = iter(explain.explain(active, good))
    return [part.code if isinstance(part, BadEvent) else next(told) for part in parts]


def main() -> None:
    """Answer each line, a list of events as text, with what was found in them."""
    everything = active()
    for asked in sys.stdin:
        found = explained(everything, [line.encode() for line in json.loads(asked)])
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
