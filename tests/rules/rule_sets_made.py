"""Sets of rules that share conditions, and events with facts that raise, made up by hypothesis.

What rules share is what a compiler of many rules can get wrong: so the rules of a set are drawn
from a few lines, and ask much of one text.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from ombud.model import Value
from ombud.rules import interpret
from ombud.rules.checked import Branch, CheckedRule, Leaf
from ombud.signals.observation import Observation
from ombud.signals.resolve import Fact
from rules import rules_made
from rules.rules_made import MadePast, MadeTokens, checked, readers

KINDS = ("post", "post, edit", "reply, edit", "edit, join")
_WORDS = ("casino", "cas1no", "ban", "bán", "hang", "hello", "there", "example", "://", "a.", "no")
_BEGINNINGS = ("buy", "bu", "hello", "HELLO", "ban hang", "bán", "casino http")
_PATTERNS = ("cas[1i]no", "^hello", "[0-9]", "b.n h.ng", "/x$", "(a|b)\\\\.example", "there")
_NAMES = ("admin", "Admin", "minh", "", "nobody")

text_conditions = st.one_of(
    st.builds('text contains "{}"'.format, st.sampled_from(_WORDS)),
    st.builds('text starts with "{}"'.format, st.sampled_from(_BEGINNINGS)),
    st.builds('text matches "{}"'.format, st.sampled_from(_PATTERNS)),
    st.builds(
        'author.name {} "{}"'.format, st.sampled_from(("=", "!=")), st.sampled_from(_NAMES[:3])
    ),
    st.builds('room {} "{}"'.format, st.sampled_from(("=", "!=")), st.sampled_from(("r1", "r2"))),
    st.just('text in list "words"'),
)
_lines = st.builds(
    lambda negated, said: f"  {'not ' if negated else ''}{said}",
    st.booleans(),
    rules_made.conditions | text_conditions,
)
_text_lines = text_conditions.map("  {}".format)
_groups = st.builds(
    lambda every, inner: "\n".join(
        ["  all of" if every else "  any of", *("  " + each for each in inner)]
    ),
    st.booleans(),
    st.lists(_lines, min_size=1, max_size=3),
)


def twin(written: str) -> str:
    """What differs in one `not` alone: of a line, or of a group's first line."""
    *head, line = written.split("\n")[:2]
    indent = line[: len(line) - len(line.lstrip())]
    said = line.strip()
    changed = indent + (said.removeprefix("not ") if said.startswith("not ") else f"not {said}")
    return "\n".join([*head, changed, *written.split("\n")[2:]])


@st.composite
def rule_sets(draw: st.DrawFn) -> tuple[CheckedRule, ...]:
    """One to eight rules whose lines are drawn from a few."""
    pool = draw(st.lists(_lines | _groups, min_size=2, max_size=7))
    pool += draw(st.just([]) | st.lists(_text_lines, min_size=4, max_size=7))
    pool += [twin(each) for each in draw(st.lists(st.sampled_from(pool), max_size=3))]
    some = st.lists(st.sampled_from(pool), min_size=1, max_size=4)
    rules = []
    for number in range(draw(st.integers(1, 8))):
        empty = _base(draw(st.sampled_from(KINDS)))
        when = tuple(map(_line, draw(some)))
        unless = tuple(map(_line, draw(st.just([]) | some)))
        rules.append(replace(empty, name=f"r{number}", when=when, unless=unless))
    return tuple(rules)


@functools.cache
def _base(kinds: str) -> CheckedRule:
    return checked("  links.any", kinds=kinds)


@functools.lru_cache(maxsize=4096)
def _line(written: str) -> Leaf | Branch:
    """A line or group as a rule has it: read once, since reading takes the longest."""
    return checked(written).when[0]


_texts = st.lists(
    st.sampled_from((*_WORDS, *_BEGINNINGS, "ours.example", "http://b.example/x", "7", "casinos")),
    max_size=6,
).map(" ".join)


@st.composite
def events(draw: st.DrawFn) -> list[Observation]:
    """A few events; most have a text made of the words that rules ask for."""
    found = draw(st.lists(rules_made.observations, min_size=1, max_size=4))
    for text in draw(st.lists(_texts, min_size=1, max_size=6)):
        values = draw(rules_made.data) | {"text": text}
        kind = draw(st.sampled_from(("post", "reply", "edit")))
        found.append(rules_made.seen(kind, draw(rules_made.pasts), **values))
    return found


def again(event: Observation) -> Observation:
    """The same event, seen for the first time."""
    fresh = type(event)(event.event, event.kind, MadeTokens())
    fresh.at, fresh.past = event.at, event.past
    assert isinstance(fresh.past, MadePast | None)
    return fresh


# --- facts that raise -----------------------------------------------------------------------------

VIEWS = ("normal", "folded", "skeleton", "links", "people", "normal_bytes", "domains")


def _raising(name: str) -> type[Observation]:
    def get(self: Observation) -> None:  # noqa: ARG001
        raise RuntimeError(f"{name} is broken")

    return type(f"Broken_{name}", (Observation,), {name: property(get)})


broken_observations = st.sampled_from([Observation, *map(_raising, VIEWS)])


def without(rules: tuple[CheckedRule, ...], names: frozenset[str]) -> tuple[CheckedRule, ...]:
    """The rules with facts of these names raising."""

    def broken(_: Observation) -> Value:
        raise RuntimeError("a signal is broken")

    def fact(known: Fact) -> Fact:
        return replace(known, compute=broken) if known.name in names else known

    def leaf(each: Leaf) -> Leaf:
        facts = tuple(map(fact, each.atom.facts))
        return replace(each, atom=replace(each.atom, facts=facts))

    def line(each: Leaf | Branch) -> Leaf | Branch:
        if isinstance(each, Leaf):
            return leaf(each)
        return replace(each, leaves=tuple(map(leaf, each.leaves)))

    return tuple(
        replace(rule, when=tuple(map(line, rule.when)), unless=tuple(map(line, rule.unless)))
        for rule in rules
    )


# --- what the interpreter says --------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What the reference interpreter says of all rules: by index, apart from how it got there."""

    fired: tuple[int, ...]
    unknown: tuple[int, ...]
    values: dict[str, Value]  # of slots that can be computed
    broken: frozenset[str]  # slots that raise


def said(rules: tuple[CheckedRule, ...], event: Observation) -> Said:
    """The outcome rule by rule, every slot computed for itself with its own reader."""
    values: dict[str, Value] = {}
    broken: set[str] = set()
    truths: dict[int, bool | None] = {}
    for index, rule in enumerate(sorted(rules, key=lambda each: each.name)):
        if event.kind not in rule.kinds:
            continue
        for slot, reader in readers(rule).items():
            try:
                values[slot] = reader.compute(again(event))
            except Exception:  # noqa: BLE001 -- as unknown as the plan has to take it
                broken.add(slot)
        truths[index] = interpret.evaluate(rule, values.get)
    return Said(
        tuple(index for index, truth in truths.items() if truth is True),
        tuple(index for index, truth in truths.items() if truth is None),
        values,
        frozenset(broken),
    )
