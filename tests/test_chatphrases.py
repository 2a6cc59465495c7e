"""The sentences of a moderators' room are complete in every language."""

from __future__ import annotations

import string

import pytest

from ombud import chatphrases, chatrules, i18n, phrases


@pytest.mark.parametrize("key", sorted(chatphrases.TEXTS))
def test_every_sentence_is_there_in_every_language(key: str) -> None:
    """None lacks one, and each has the same places to fill."""
    texts = chatphrases.TEXTS[key]
    assert set(texts) == set(i18n.SPOKEN)
    places = {
        frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)
        for text in texts.values()
    }
    assert len(places) == 1


def test_no_key_is_given_twice() -> None:
    """What stands here stands nowhere else; and every reaction has its sentence."""
    assert not chatphrases.TEXTS.keys() & phrases.TEXTS.keys()
    assert {f"chat.{each}" for each in chatrules.SIGNS.values()} <= chatphrases.TEXTS.keys()
