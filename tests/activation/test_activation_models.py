"""Models of a configuration: opened from files, kept by digest, asked again from the store."""

from __future__ import annotations

import hashlib
from array import array
from typing import Any

import pytest

from flow.learning_community import RULE
from flow.small_community import event, line
from ombud import events, samples
from ombud.activation import models
from ombud.activation.compiling import BadRulesFound, from_payload, from_sources
from ombud.config import Settings, Sources
from ombud.errors import BadData
from ombud.explain import ThrowAway
from ombud.model import Event
from ombud.signals.learned import model as learned
from ombud.signals.observation import Observation

CLAUSE = "spam.links"
OTHER = (RULE[0].replace("learned", "plain"), RULE[1].replace("rule learned", "rule plain"))


def file(name: str = CLAUSE, low: int = 100) -> bytes:
    """The file of a model that says the same of every text."""
    made = learned.Made(rows=2, harmful=1, sources=("x",))
    points = ((0, low), (1, low))
    header = learned.Header(learned.FORMAT, name, learned.sees(), 8, 0, points, made)
    return learned.encode(header, array("h", bytes(512)))


def sources(content: bytes | None, *rules: tuple[str, str]) -> Sources:
    """The texts of a community with one model."""
    texts = {name: text.encode() for name, text in rules or (RULE,)}
    return Sources(
        texts, samples.files("policies"), {}, Settings(),
        model=lambda clause: content if clause == CLAUSE else None,
    )  # fmt: skip


def seen(**data: Any) -> Observation:
    """One post as signals see it."""
    found = events.attempt(line(event(1, **data)))
    assert isinstance(found, Event)
    return Observation(found, "post", ThrowAway())


def test_a_model_answers_of_a_text_and_of_nothing_else() -> None:
    """Permille; without a text unknown."""
    kept = models.opened(file(low=300), CLAUSE)
    assert kept.digest == hashlib.sha256(file(low=300)).hexdigest()
    assert kept.likely(seen(text="some words")) == 300
    assert kept.likely(seen(text=None)) is None


def test_a_model_of_another_clause_is_refused() -> None:
    """Who puts one model in another one's place is told so."""
    with pytest.raises(BadData) as error:
        models.opened(file("hate.slurs"), CLAUSE)
    assert error.value.code == "D034"
    long = f"{'a' * 60}.{'b' * 60}"
    assert models.opened(file(models.name_of(long)), long).content == file(models.name_of(long))


def test_a_configuration_names_the_models_its_rules_read() -> None:
    """In its manifest and its payload, with the file among its contents; else no word of models."""
    active = from_sources(sources(file()))
    digest = hashlib.sha256(file()).hexdigest()
    assert active.manifest["models"] == {CLAUSE: digest}
    assert active.payload["sources"]["models"] == {CLAUSE: digest}
    assert active.contents[digest] == file()
    assert active.manifest["program"]["learned"] == {"likely": 1}
    name, text = RULE
    plain = (name, text.replace("\n  likely spam.links >= 80 %", ""))
    plain = (name, plain[1].replace("\n  likely spam.links  80 %", ""))
    plain = (name, plain[1].replace('text "a.example"\n  likely spam.links  79 %', 'text "a"'))
    for each in (sources(file(), plain), sources(None, plain)):
        quiet = from_sources(each)
        assert "models" not in quiet.manifest
        assert "learned" not in quiet.manifest["program"]
        assert "models" not in quiet.payload["sources"]
    with_model = from_sources(sources(file(), plain)).digest
    assert with_model == from_sources(sources(None, plain)).digest


def test_a_draft_that_asks_a_model_puts_none_in_force() -> None:
    """What judges nothing reads nothing."""
    name, text = RULE
    active = from_sources(sources(file(), (name, text.replace("mode    live", "mode    draft"))))
    assert "models" not in active.manifest


def test_a_recorded_configuration_asks_the_model_of_then() -> None:
    """From the store's contents alone; digest, manifest and versions are those recorded."""
    active = from_sources(sources(file(low=900)))
    payload = {**active.payload, "since": {}}
    again = from_payload(payload, lambda digest: active.contents.get(digest, b""))
    assert (again.digest, again.versions, again.otherwise) == (active.digest, active.versions, ())
    reader = again.plan.readers[again.plan.slots.index("likely spam.links")]
    assert reader.compute(seen(text="some words")) == 900


def test_a_model_that_is_gone_leaves_the_facts() -> None:
    """It is named among what this program computes otherwise, so that facts are judged."""
    active = from_sources(sources(file()))
    gone = from_payload({**active.payload, "since": {}}, lambda _: b"")
    assert gone.otherwise == ("likely spam.links",)
    assert gone.digest == active.digest


def test_a_recorded_model_that_was_changed_is_refused() -> None:
    """A store that contradicts itself is not believed."""
    active = from_sources(sources(file()))
    with pytest.raises(BadData) as error:
        from_payload({**active.payload, "since": {}}, lambda _: file(low=500))
    assert error.value.code == "D033"


@pytest.mark.parametrize(
    "content", [b"garbage", b"", file()[:-1], file() + b"x", file("hate.slurs"), b"{}\n" + b"x" * 9]
)
def test_what_is_no_model_is_refused_and_nothing_is_activated(content: bytes) -> None:
    """With the line of the rule that asks it."""
    with pytest.raises(BadRulesFound) as error:
        from_sources(sources(content))
    (found,) = error.value.diagnostics
    assert (found.code, found.file) == ("R146", "learned.rule")


def test_two_rules_share_one_model() -> None:
    """The manifest has it once."""
    assert len(from_sources(sources(file(), RULE, OTHER)).manifest["models"]) == 1
