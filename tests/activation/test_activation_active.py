"""The configuration in force: what a rule may do where, whatever is connected later."""

from __future__ import annotations

from dataclasses import replace

from activation.test_activation_compiling import PLAIN
from ombud.activation.compiling import from_payload, from_sources


def test_what_platforms_can_do_comes_back_from_the_payload() -> None:
    """A rule's hindrance is part of the recorded configuration, whatever is connected later."""
    able = {"forum": {"hold": "exact", "label": "partial", "warn": "none"}, "chat": {}}
    active = from_sources(replace(PLAIN, capabilities=able))
    again = from_payload({**active.payload, "since": {}}, lambda digest: active.contents[digest])
    assert again.digest == active.digest
    for each in (active, again):
        assert each.hindrance("forum", "hold") == each.hindrance("forum", "label") == ""
        assert each.hindrance("forum", "warn") == "cannot be undone"
        assert each.hindrance("forum", "remove") == "not on this platform"
        assert each.hindrance("chat", "remove") == each.hindrance("nowhere", "remove") == ""


def test_texts_are_compared_of_the_kinds_that_a_rule_counts() -> None:
    """Only what rules ask for is worked out ahead: without repeats there is nothing to compare."""
    assert from_sources(PLAIN).comparing >= {"post", "reply"}
    rules = {
        name: text
        for name, text in PLAIN.rules.items()
        if b"text.repeat" not in text and b"with same text" not in text
    }
    assert len(rules) < len(PLAIN.rules)
    assert from_sources(replace(PLAIN, rules=rules)).comparing == frozenset()
