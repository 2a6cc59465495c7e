"""Texts are read once, and anew as soon as anything differs that a reading depends on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from activation.test_activation_models import file
from flow.learning_community import CLAUSE, RULE
from ombud import samples
from ombud.activation import checking
from ombud.activation.checking import Stored, checked
from ombud.config import Settings, Sources
from ombud.rules.learned import Models
from ombud.signals.lists import reading

PLAIN = Sources(
    rules=samples.files("rules"),
    policies=samples.files("policies"),
    lists=samples.files("lists"),
    settings=Settings(),
)
RAID = PLAIN.rules["join-raid.rule"]


def test_what_was_read_is_not_read_again() -> None:
    """The same texts give the same reading, whatever else the settings say."""
    found = checked(PLAIN, {})
    other = msgspec.structs.replace(PLAIN.settings, procedural_holds=True)
    assert checked(replace(PLAIN, settings=other), {}) is found
    assert checked(replace(PLAIN, rules=dict(PLAIN.rules)), {}) is found


@pytest.mark.parametrize(
    ("change", "stored"),
    [
        ({"rules": {**PLAIN.rules, "join-raid.rule": RAID + b"\n"}}, {}),
        ({"rules": {**PLAIN.rules, "more.rule": RAID}}, {}),
        ({"policies": {}}, {}),
        ({"lists": {**PLAIN.lists, "more.txt": b"shoes\n"}}, {}),
        ({"settings": Settings(queues={"night": "at night"})}, {}),
        ({"capabilities": {"chat": {"hold": "exact"}}}, {}),
        ({"unread": ("rules/old.txt",)}, {}),
        ({}, {"scam words": Stored(7, imported=True)}),
    ],
    ids=lambda each: "-".join(map(str, each)),
)
def test_whatever_differs_is_read(change: dict[str, Any], stored: dict[str, Stored]) -> None:
    """A rule, a clause, a list, a queue, what a platform can do, a file beside them, an import."""
    found = checked(PLAIN, {})
    assert checked(replace(PLAIN, **change), stored) is not found


def test_who_asks_a_model_is_read_each_time() -> None:
    """The file of a model may have changed, and nothing of it stands in the texts."""
    texts = {name: text.encode() for name, text in (RULE,)}
    sources = replace(PLAIN, rules=texts, lists={})
    first = checked(sources, {})
    assert first.models.opened == {CLAUSE: None}
    assert checked(replace(sources, model=lambda _: file()), {}).models.used.keys() == {CLAUSE}


def test_no_more_is_kept_than_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest reading goes."""
    monkeypatch.setattr(checking, "_read", {})
    for number in range(checking.READ_KEPT + 3):
        checked(replace(PLAIN, rules={}, lists={f"l{number}.txt": b"shoes\n"}), {})
    assert len(checking._read) == checking.READ_KEPT


def test_what_was_in_force_is_read_once_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Apart from how new texts are read: nothing is refused that only a new one must not do."""
    monkeypatch.setattr(checking, "_read", {})
    found = checking.recorded(PLAIN, Models(), {}, reading.STARS, frozenset())
    assert found is not checked(PLAIN, {})
    assert checking.recorded(PLAIN, Models(), {}, reading.STARS, frozenset()) is found
    for form, earlier in ((reading.PLAIN, frozenset()), (reading.STARS, frozenset({"posts"}))):
        assert checking.recorded(PLAIN, Models(), {}, form, earlier) is not found
