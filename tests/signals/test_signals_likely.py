"""`likely CLAUSE`: a fact for each clause, unknown without a model, bound to the one it has."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ombud.explain import ThrowAway
from ombud.model import Data, Event
from ombud.signals import likely
from ombud.signals.declare import TEXT_KINDS, Type
from ombud.signals.observation import Observation

SEEN = Observation(
    Event(
        id="e", source="s", type="post.created", time=datetime(2026, 1, 1, tzinfo=UTC),
        data=Data(text="Hello"),
    ),
    "post",
    ThrowAway(),
)  # fmt: skip


class Model:
    """Says how long the text is."""

    def __init__(self, digest: str = "aa") -> None:
        self.digest = digest

    def likely(self, seen: Observation) -> int | None:
        """A score."""
        return None if seen.text is None else len(seen.text)


@pytest.mark.parametrize(
    ("name", "clause"),
    [
        ("likely spam.links", "spam.links"),
        ("likely a-b.c9", "a-b.c9"),
        ("likely spam", None),
        ("likely", None),
        ("likely spam.links in", None),
        ("likelyspam.links", None),
        ("author spam.links", None),
        ("likely Spam.links", None),
        ("likely spam.links.more", None),
    ],
)
def test_the_clause_is_read_of_the_name(name: str, clause: str | None) -> None:
    """Only the word and a whole clause are such a fact."""
    assert likely.clause_of(name) == clause


def test_without_a_model_it_is_unknown() -> None:
    """Nothing is guessed."""
    known = likely.fact("spam.links")
    assert (known.name, known.type, known.kinds) == ("likely spam.links", Type.PERCENT, TEXT_KINDS)
    assert known.compute(SEEN) is None
    assert known.ordinary == 0


def test_with_a_model_it_is_what_that_says() -> None:
    """The model's answer, permille."""
    assert likely.fact("spam.links", Model()).compute(SEEN) == 5


def test_each_model_is_another_version_and_none_is_one_too() -> None:
    """So a rule that asks it is another version as well; another clause is too."""
    versions = {
        likely.fact("spam.links").version,
        likely.fact("spam.links", Model("aa")).version,
        likely.fact("spam.links", Model("bb")).version,
        likely.fact("spam.repeats", Model("aa")).version,
    }
    assert len(versions) == 4
    assert likely.fact("spam.links", Model()).version == likely.fact("spam.links", Model()).version


def test_an_example_is_never_computed_by_a_model() -> None:
    """It reads nothing that an example states: else each new model would break examples."""
    assert likely.fact("spam.links", Model()).reads == frozenset()


def test_its_meaning_is_told_in_both_languages() -> None:
    """People read it in a statement of reasons."""
    assert set(likely.DECLARED.meaning) == {"en", "vi"}
    assert likely.fact("spam.links").rests_on == (("learned", "likely", likely.VERSION),)
