"""The plan says what the reference interpreter says."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ombud.model import Account, Value
from ombud.rules import phrases, sieve
from ombud.rules import plan as plan_module
from ombud.rules.checked import Atom, Branch, CheckedRule, Leaf
from ombud.rules.phrases import Reader
from ombud.rules.plan import NOTHING, TOGETHER, Judgement, compile_plan
from ombud.signals.lists import TermList
from ombud.signals.observation import Observation
from rules.rule_sets_made import again, broken_observations, events, rule_sets, said, without
from rules.rules_made import LISTS, checked, only, seen

HARD = settings(
    max_examples=200,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # making such a case small takes minutes
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
RuleSet = tuple[CheckedRule, ...]


def outcome(judged: Judgement) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Which rules fired and which are unknown."""
    return judged.fired, judged.unknown


@HARD
@given(rule_sets(), events())
def test_plan_and_interpreter_agree(rules: RuleSet, seen_events: list[Observation]) -> None:
    """Fired and unknown rules are those of the interpreter, and what was read is what is there."""
    plan = compile_plan(rules, LISTS)
    for event in seen_events:
        judged, expected = plan.judge(event), said(rules, event)
        assert outcome(judged) == (expected.fired, expected.unknown)
        assert judged.faults == ()
        read = {plan.slots[number]: value for number, value in judged.read.items()}
        assert read == {slot: expected.values[slot] for slot in read}


@HARD
@given(rule_sets(), events(), st.randoms(use_true_random=False))
def test_no_order_changes_the_outcome(
    rules: RuleSet, seen_events: list[Observation], chance: random.Random
) -> None:
    """Shuffled lines, shuffled members of groups and shuffled rules give the same outcome."""
    before, after = compile_plan(rules, LISTS), compile_plan(shuffled(rules, chance), LISTS)
    for event in seen_events:
        assert outcome(after.judge(again(event))) == outcome(before.judge(event))


def shuffled(rules: RuleSet, chance: random.Random) -> RuleSet:
    """The same rules, everything in another order."""

    def mixed(lines: tuple[Leaf | Branch, ...]) -> tuple[Leaf | Branch, ...]:
        found: list[Leaf | Branch] = []
        for line in lines:
            if isinstance(line, Branch):
                leaves = list(line.leaves)
                chance.shuffle(leaves)
                found.append(replace(line, leaves=tuple(leaves)))
            else:
                found.append(line)
        chance.shuffle(found)
        return tuple(found)

    mixed_rules = [
        replace(rule, when=mixed(rule.when), unless=mixed(rule.unless)) for rule in rules
    ]
    chance.shuffle(mixed_rules)
    return tuple(mixed_rules)


@HARD
@given(rule_sets(), events())
def test_recorded_slots_give_the_same_judgement(
    rules: RuleSet, seen_events: list[Observation]
) -> None:
    """What was read is enough to judge again when the text is gone, and holds no text."""
    plan = compile_plan(rules, LISTS)
    for event in seen_events:
        judged = plan.judge(event)
        recorded = {plan.slots[number]: value for number, value in judged.read.items()}
        assert all(value is None or isinstance(value, int) for value in recorded.values())
        again_judged = plan.judge_recorded(event.kind, recorded)
        assert outcome(again_judged) == outcome(judged)
        assert again_judged.read == judged.read


@HARD
@given(rule_sets(), events())
def test_what_is_read_of_many_rules_is_what_is_read_of_each(
    rules: RuleSet, seen_events: list[Observation]
) -> None:
    """Sharing saves work and hides nothing: the facts recorded are those that the rules would look
    at one by one, whatever stands beside them. So live and replay read the same.
    """
    plan = compile_plan(rules, LISTS)
    alone = [compile_plan([rule], LISTS) for rule in rules]
    for event in seen_events:
        read: dict[str, Value] = {}
        for single in alone:
            judged = single.judge(again(event))
            read |= {single.slots[number]: value for number, value in judged.read.items()}
        whole = plan.judge(event).read
        assert {plan.slots[number]: value for number, value in whole.items()} == read


@HARD
@given(rule_sets(), events())
def test_no_slot_is_computed_twice(rules: RuleSet, seen_events: list[Observation]) -> None:
    """However many rules and groups ask for a slot, its reader runs once an event at most."""
    asked: Counter[str] = Counter()

    def counting(atom: Atom, lists: Mapping[str, TermList]) -> Reader:
        made = phrases.reader(atom, lists)

        def compute(seen: Observation) -> Value:
            asked[atom.slot] += 1
            return made.compute(seen)

        return replace(made, compute=compute)

    with mock.patch.object(plan_module, "reader", counting):
        plan = compile_plan(rules, LISTS)
    for event in seen_events:
        asked.clear()
        plan.judge(event)
        assert set(asked.values()) <= {1}


@HARD
@given(rule_sets(), events(), broken_observations, st.sets(st.integers(0, 40), max_size=2))
def test_facts_that_raise_are_unknown_and_change_nothing_else(
    rules: RuleSet, seen_events: list[Observation], kind: type[Observation], some: set[int]
) -> None:
    """Whatever raises, the outcome is the interpreter's with that fact unknown; whoever reads it is
    named if the plan met it; what could not be computed is not recorded.
    """
    facts = {fact.name for rule in rules for atom in rule.atoms() for fact in atom.facts}
    names = sorted(facts - {"text"}) or [""]  # the text itself is a view: see `broken_observations`
    rules = without(rules, frozenset(names[number % len(names)] for number in some))
    plan = compile_plan(rules, LISTS)
    for whole in seen_events:
        event = kind(whole.event, whole.kind, whole.tokens)
        event.at, event.past = whole.at, whole.past
        judged, expected = plan.judge(again(event)), said(rules, event)
        assert outcome(judged) == (expected.fired, expected.unknown)
        assert judged == plan.judge(again(event))
        touched = tuple(
            rule.name
            for rule in plan.rules
            if event.kind in rule.kinds
            and any(atom.slot in expected.broken for atom in rule.atoms())
        )
        assert judged.faults in ((), touched)
        read = {plan.slots[number]: value for number, value in judged.read.items()}
        assert read == {slot: expected.values[slot] for slot in read}
        recorded = plan.judge_recorded(event.kind, read)
        assert outcome(recorded) == outcome(judged)


def test_a_missing_recorded_slot_is_unknown() -> None:
    """Without a slot that decides the rule is unknown; where another rules it out, it is false."""
    plan = compile_plan([checked("  links.count >= 2\n  mentions.count >= 2")], LISTS)
    assert plan.judge_recorded("post", {"links.count": 2}).unknown == (0,)
    assert plan.judge_recorded("post", {"links.count": 1}).unknown == ()
    assert plan.judge_recorded("post", {"links.count": 2, "mentions.count": 2}).fired == (0,)
    assert plan.judge_recorded("join", {"links.count": 2, "mentions.count": 2}) == NOTHING


class Broken(Observation):
    """An observation whose links cannot be computed."""

    @property
    def links(self) -> None:
        """Always raises."""
        raise RuntimeError("a signal is broken")


def test_a_fact_that_raises_is_unknown_and_its_rules_are_named() -> None:
    """Only rules that need the broken fact are unknown; others are judged as ever."""
    rules = [
        checked("  text.length >= 1", name="sound"),
        checked("  text.length >= 1\n  links.count >= 2", name="needs-it"),
        checked("  text.length >= 100\n  links.count >= 2", name="ruled-out"),
    ]
    whole = seen(text="hello")
    event = Broken(whole.event, "post", whole.tokens)
    plan = compile_plan(rules, LISTS)
    judged = plan.judge(event)
    assert [plan.rules[index].name for index in judged.fired] == ["sound"]
    assert [plan.rules[index].name for index in judged.unknown] == ["needs-it"]
    assert judged.faults == ("needs-it", "ruled-out")
    recorded = {plan.slots[number]: value for number, value in judged.read.items()}
    assert recorded == {"text.length": 5}
    again = plan.judge_recorded("post", recorded)
    assert (again.fired, again.unknown) == (judged.fired, judged.unknown)


def test_a_fault_of_what_answers_together_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the function raises and no fact does, every answer is as ever, and the fault named."""
    words = [checked(f'  text contains "word{n}"', name=f"r{n}") for n in range(3)]
    sound = compile_plan(words, LISTS).judge(seen(text="a word1"))
    assert (sound.fired, sound.faults) == ((1,), ())

    def broken(_: Observation) -> None:
        raise RuntimeError("the sieve is broken")

    monkeypatch.setattr(sieve, "_words", lambda _: broken)
    judged = compile_plan(words, LISTS).judge(seen(text="a word1"))
    assert (judged.fired, judged.unknown) == (sound.fired, sound.unknown)
    assert judged.faults == (TOGETHER,)


def test_a_fact_of_the_wrong_type_is_unknown() -> None:
    """A signal that answers a number question with text fires nothing and stops nothing."""
    rule = checked("  links.count >= 2")
    leaf = only(rule)
    fact = replace(leaf.atom.facts[0], compute=lambda _: "many")
    leaf = replace(leaf, atom=replace(leaf.atom, facts=(fact,)))
    judged = compile_plan([replace(rule, when=(leaf,))], LISTS).judge(seen(text=""))
    assert judged.unknown == (0,)
    assert judged.faults == ("sample",)


def test_drafts_are_not_in_the_plan_and_rules_stand_by_name() -> None:
    """Watch and live rules are planned, sorted by name; a draft is not."""
    rules = [checked("  links.any", name=name) for name in ("c", "a", "b")]
    draft = checked("  media.any", name="d", mode="draft")
    plan = compile_plan([*rules, draft], LISTS)
    assert [rule.name for rule in plan.rules] == ["a", "b", "c"]
    assert plan.slots == ("links.any",)


def test_each_window_has_the_widest_width_asked_of_it() -> None:
    """Two widths of one window are one window; a share needs two."""
    rule = checked(
        "  share of author.posts with links in last 3 days > 10 %\n"
        "  author.posts in last 1 hour > 3\n  author.posts in last 1 day > 9"
    )
    windows = [(window.name, width) for window, width in compile_plan([rule], LISTS).windows]
    day = 86_400_000_000
    assert sorted(windows) == [("author.posts", 3 * day), ("author.posts with links", 3 * day)]


def test_a_fact_is_computed_once_however_many_rules_ask() -> None:
    """Ten rules over one fact compute it once an event."""
    asked = []
    rules = []
    for number in range(10):
        rule = checked(f"  mentions.count >= {number + 1}", name=f"r{number}")
        leaf = only(rule)
        fact = replace(
            leaf.atom.facts[0],
            compute=lambda _: asked.append(1) or 5,  # type: ignore[func-returns-value]
        )
        leaf = replace(leaf, atom=replace(leaf.atom, facts=(fact,)))
        rules.append(replace(rule, when=(leaf,)))
    assert compile_plan(rules, LISTS).judge(seen()).fired == (0, 1, 2, 3, 4)
    assert asked == [1]


def test_no_word_of_an_operator_gets_into_the_source_text() -> None:
    """Strings of rules are bound, never written: only numbers and made names are in the source."""
    hostile = '\\"); import os #'
    rule = checked(f'  text contains "{hostile}"\n  text contains "zebra"\n  links.count >= 77')
    source = compile_plan([rule], LISTS).source["post"]
    assert "import" not in source
    assert "zebra" not in source
    assert "77" in source


def test_a_trace_names_every_line_with_its_value_and_words() -> None:
    """The trace of a fired rule has the facts of `when`, and `unless` with what did not hold."""
    rule = checked(
        '  links.count >= 2\n  any of\n    text in list "words"\n    text contains "zebra"',
        '  author in list "trusted helpers"\n  not links any in list "our own sites"',
    )
    plan = compile_plan([rule], LISTS)
    event = seen(
        text="Casino http://a.example http://ours.example", author=Account("x9", name="Minh")
    )
    assert plan.judge(event).fired == (0,)
    facts = {slot: reader.compute(event) for slot, reader in enumerate(plan.readers)}
    trace = plan.trace(0, event, facts)
    assert trace.holds is True
    assert [line.said for line in trace.when] == [
        "links.count >= 2",
        'any of: text in list "words"; text contains "zebra"',
    ]
    assert trace.when[0].findings[0].value == 2
    assert [finding.words for finding in trace.when[1].findings] == [("casino",), ()]
    assert [line.holds for line in trace.unless] == [False, False]
    assert trace.unless[1].findings[0].words == ("ours.example",)


@pytest.mark.parametrize("kind", ["flag", "upload", "nothing"])
def test_an_event_no_rule_is_for_is_not_judged(kind: str) -> None:
    """Kinds without rules give the empty judgement."""
    assert compile_plan([checked("  links.any")], LISTS).judge(seen(kind)) == NOTHING
