"""The label that a person would attach, and when there is none to propose."""

from __future__ import annotations

from flow.claims_community import CLAIMS_FILE, CONTEXT_RULES, sources
from flow.small_community import RULES, event, line
from ombud import contexts, events, i18n
from ombud.activation import compiling
from ombud.explain import ThrowAway
from ombud.signals.observation import Observation
from signals.factchecks.checks_made import FISH, TRAIN, claim


def seen(text: str) -> Observation:
    """A post of these words."""
    return Observation(events.decode(line(event(1, text=text))), "post", ThrowAway())


def test_a_label_names_its_source_in_the_publishers_words() -> None:
    """Publisher, day, claim, rating and address, in every language; without a day none is made."""
    for lang in i18n.SPOKEN:
        said = contexts.label(claim(FISH, rating="Pants on fire"), "Note:", lang)
        for part in ("Note: ", FISH, "Pants on fire", "Example Checks", "2026-05-04"):
            assert part in said
        assert said.endswith("https://checks.example/claims/1")
        undated = contexts.label(claim(FISH, date=""), "", lang)
        assert "2026" not in undated
        assert not undated.startswith(" ")


def test_only_a_rule_that_reads_of_claims_proposes_any() -> None:
    """And only for a post that does not itself say that they are false."""
    active = compiling.from_sources(sources(CONTEXT_RULES, {"made.jsonl": CLAIMS_FILE}))
    assert [each.claim.claim for each in contexts.matches(active, 0, seen(TRAIN))] == [TRAIN]
    assert contexts.matches(active, 0, seen(f"{TRAIN}: a hoax")) == ()
    assert contexts.matches(active, 0, seen("hello")) == ()
    others = compiling.from_sources(sources(RULES, {"made.jsonl": CLAIMS_FILE}))
    assert contexts.matches(others, 0, seen(TRAIN)) == ()
