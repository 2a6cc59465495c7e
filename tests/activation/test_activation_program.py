"""What a configuration names of the program: what its rules read, and nothing besides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from flow.small_community import rule
from ombud import samples
from ombud.activation import program
from ombud.activation.compiling import from_sources
from ombud.config import Settings, Sources
from ombud.rules.checked import CheckedRule
from ombud.signals import language, lookalike
from ombud.signals.declare import COUNTERS, MEMORIES, SIGNALS, WITHS

DECLARED: Mapping[str, Mapping[str, Any]] = {
    "signals": SIGNALS,
    "counters": COUNTERS,
    "with": WITHS,
}
TABLES = {"python", "unicode", "confusables", "skeleton", "suffixes", "phrases"}


def rules(when: str, stated: str = "links.count  2") -> tuple[CheckedRule, ...]:
    """One rule with these conditions."""
    name, text = rule("one", when, stated, "links.count  0", then='alert "a"')
    made = Sources({name: text.encode()}, samples.files("policies"), {}, Settings())
    return from_sources(made).rules


def test_only_what_is_read_is_named() -> None:
    """A rule about links names that signal; the tables are always there."""
    found = program.named(rules("links.count >= 2"))
    assert found["signals"] == {"links.count": SIGNALS["links.count"].version}
    assert (found["counters"], found["with"]) == ({}, {})
    assert set(found) == TABLES | set(DECLARED)


@pytest.mark.parametrize(
    ("when", "counters", "words", "signals"),
    [
        ("author.posts in last 1 hour > 1", {"author.posts"}, set(), set()),
        ("author.posts with links in last 1 hour > 1", {"author.posts"}, {"links"}, {"links.any"}),
        (
            "share of author.posts with media in last 1 day > 1 %",
            {"author.posts"},
            {"media"},
            {"media.any"},
        ),
        (
            "room.posts with same domain in last 1 hour > 1",
            {"room.posts"},
            {"same domain"},
            set(),
        ),
    ],
)
def test_a_count_names_all_that_it_counts_by(
    when: str, counters: set[str], words: set[str], signals: set[str]
) -> None:
    """The counter by its full name, the word after `with`, and the signals that filter."""
    stated = f"{when.partition(' > ')[0]}  {'2 %' if '%' in when else 2}\n  author.age  1 day"
    found = program.named(rules(f"{when}\n  author.age < 3 days", stated))
    assert set(found["counters"]) == counters
    assert set(found["with"]) == words
    assert set(found["signals"]) == {*signals, "author.age"}


def test_what_is_remembered_for_a_phrase_is_named() -> None:
    """Where a rule reads of it; the manifest of any other is as it always was."""
    when = "author.name resembles recent names > 1 %\n  author.age < 1 day"
    stated = "author.name resembles recent names  5 %\n  author.age  1 hour"
    found = program.named(rules(when, stated))
    assert found["memories"] == {"recent names": MEMORIES["recent names"].kept.version}
    assert set(found["signals"]) == {"author.name", "author.age"}


def test_how_names_are_likened_is_named_where_a_rule_asks_it() -> None:
    """What was recorded before it was named is another meaning; who does not ask is untouched."""
    stated = 'author.name  "Riverbend"\n  target.name  "Riverbend"'
    asks = rules("author.name resembles target.name >= 90 %", stated)
    found = program.named(asks)
    assert found["likeness"] == lookalike.VERSION
    before = {name: version for name, version in found.items() if name != "likeness"}
    assert program.otherwise(asks, before) == ("likeness",)
    assert program.otherwise(asks, found) == ()
    assert "likeness" not in program.named(rules("links.count >= 2"))
    recent = rules(
        "author.name resembles recent names > 1 %\n  author.age < 1 day",
        "author.name resembles recent names  5 %\n  author.age  1 hour",
    )
    assert "likeness" not in program.named(recent)


def test_the_model_of_languages_is_named_where_a_rule_asks_it() -> None:
    """By its digest, so that another model is another configuration; nobody else's changes."""
    asking = rules('text.language = "vi"', 'text.language  "vi"')
    assert program.named(asking)["language"] == language.MODEL_DIGEST
    assert "language" not in program.named(rules("links.count >= 2"))
    recorded = program.named(asking) | {"language": "0" * 64}
    assert program.otherwise(asking, recorded) == ("language",)


def test_every_named_version_is_the_declared_one() -> None:
    """The shipped rules name nothing that is not declared, in its version."""
    texts: Any = {name: samples.files(name) for name in samples.FOLDERS}
    found = program.named(from_sources(Sources(**texts, settings=Settings())).rules)
    for register, known in DECLARED.items():
        for name, version in found[register].items():
            assert known[name].version == version


def test_what_is_as_recorded_is_not_otherwise() -> None:
    """Its own names, and a manifest that names everything there is, are both the same program."""
    read = rules("links.count >= 2")
    assert program.otherwise(read, program.named(read)) == ()
    everything = {
        name: {each: one.version for each, one in known.items()} for name, known in DECLARED.items()
    }
    first = {**program.named(read), **everything}
    del first["phrases"]  # the first manifests did not name it
    assert program.otherwise(read, first) == ()


def test_what_is_read_and_has_changed_is_named() -> None:
    """A signal in another version, one that the recording program lacked, another table."""
    read = rules("links.count >= 2")
    recorded = program.named(read)
    assert program.otherwise(read, {**recorded, "signals": {"links.count": 9}}) == ("links.count",)
    assert program.otherwise(read, {**recorded, "signals": {}}) == ("links.count",)
    assert program.otherwise(read, {**recorded, "unicode": "1.0"}) == ("unicode",)
    assert program.otherwise(read, {}) != ()
