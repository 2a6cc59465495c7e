"""The facts about private data, as rules and people see them: never the data itself."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from ombud import decisions
from ombud.model import Event
from ombud.rules import phrases
from ombud.rules.checked import Atom
from ombud.rules.interpret import Finding
from ombud.rules.tree import Compare, Constant, FactName, Holds
from ombud.signals.declare import SIGNALS, Type
from ombud.signals.observation import Observation
from ombud.signals.resolve import resolve
from rules.rules_made import MadeTokens

PRIVATE = sorted(name for name in SIGNALS if name.startswith("private."))


def seen(text: str | None, **data: Any) -> Observation:
    """A post as signals see it."""
    if text is not None:
        data["text"] = text
    wire = {
        "specversion": "1.0",
        "id": "1",
        "source": "forum",
        "type": "post.created",
        "time": datetime(2026, 11, 26, tzinfo=UTC),
        "data": {"author": {"id": "ana"}, **data},
    }
    return Observation(msgspec.convert(wire, Event), "post", MadeTokens())


def facts(observation: Observation) -> dict[str, Any]:
    """All facts about private data."""
    return {name.removeprefix("private."): SIGNALS[name].compute(observation) for name in PRIVATE}


def test_counts_and_answers() -> None:
    """Each kind has its count; any and exposes say yes or no."""
    text = "his number is 0912 345 679, or 0351234567; mail ana@shop.example"
    assert facts(seen(text)) == {
        "accounts": 0,
        "addresses": 0,
        "any": True,
        "cards": 0,
        "exposes": True,
        "identities": 0,
        "mails": 1,
        "phones": 2,
    }


def test_a_hotline_is_no_private_data() -> None:
    """Neither a phone number of a person nor any; what else the post holds still is."""
    ordinary = facts(seen("Thanks!"))
    assert facts(seen("Hotline 0912 345 678 shop em")) == ordinary
    assert facts(seen("shop của mình: 0912 345 678")) == ordinary
    both = facts(seen("hotline 0912 345 678, ana@shop.example"))
    assert both == {**ordinary, "any": True, "mails": 1}


def test_what_changed_its_meaning_has_another_version() -> None:
    """So what was judged before comes out by its recorded facts."""
    changed = {name for name in PRIVATE if SIGNALS[name].version != 1}
    assert changed == {"private.any", "private.exposes", "private.phones"}


def test_an_ordinary_post_has_the_ordinary_values() -> None:
    """What examples take for granted is what an ordinary post gives."""
    ordinary = {name: SIGNALS[f"private.{name}"].ordinary for name in facts(seen("Thanks!"))}
    assert facts(seen("Thanks, that was helpful.")) == ordinary


def test_without_a_text_all_is_unknown() -> None:
    """Nothing is concluded from a text that was not given."""
    assert set(facts(seen(None)).values()) == {None}


@pytest.mark.parametrize(
    "more",
    [
        {"in_reply_to": {"id": "post/1", "author": {"id": "bo"}}},
        {"mentions": [{"id": "bo"}]},
    ],
)
def test_a_person_answered_or_mentioned_is_addressed(more: dict[str, Any]) -> None:
    """ "Your number" is the target's, where there is one."""
    text = "your address is 12 Maple Street"
    assert facts(seen(text, **more))["exposes"] is True
    assert facts(seen(text))["exposes"] is False


@pytest.mark.parametrize("name", PRIVATE)
def test_no_statement_repeats_what_was_found(name: str) -> None:
    """The reason a person reads has a number or a yes, and no digit of what was written."""
    fact = resolve(name)
    assert fact.type in (Type.COUNT, Type.YESNO)
    event = seen("his number is 0912 345 679, 12 Maple Street, ana@shop.example")
    written = FactName(name)
    condition: Holds | Compare = Holds(written)
    if fact.type is Type.COUNT:
        condition = Compare(written, ">=", Constant(Type.COUNT, 1))
    operator = ">=" if fact.type is Type.COUNT else None
    atom = Atom(name, name, condition, (fact,), operator, 1, 1)
    reader = phrases.reader(atom, {})
    finding = Finding(name, name, fact.type, reader.compute(event), True, reader.words(event))
    said = decisions.fact_seen(finding, fact)
    assert said.matched == ()
    assert not re.search(r"\d{3}|maple|ana@", str(said), re.IGNORECASE)
