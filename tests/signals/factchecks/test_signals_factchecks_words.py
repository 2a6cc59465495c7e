"""Content words, and the two terms of a Vietnamese syllable."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ombud.signals import views
from ombud.signals.factchecks import words


def of(text: str) -> list[str]:
    """The content words of a text as it is written."""
    return words.content_words(views.normalise(text))


def test_little_words_and_addresses_are_left_out() -> None:
    """What every text has, one letter alone, and the letters of an address tell nothing."""
    assert of("The tunnel is NOT in a harbour https://x.example/the-tunnel-x www.y.example z") == [
        "tunnel",
        "harbour",
    ]
    assert of("Đây là cầu Rồng") == ["cầu", "rồng"]


def test_a_plural_is_its_singular() -> None:
    """As far as the last letters tell, and only of plain letters."""
    assert of("tunnels cities buses glass virus tháp") == [
        *("tunnel", "city", "buse", "glass", "virus", "tháp"),
    ]


def test_diacritics_are_folded_beside() -> None:
    """Without any, a post finds every writing; with others, it finds none but the bare one."""
    kept = set(words.kept("cầu"))
    assert kept == {"cầu", "~cau"}
    assert kept & set(words.asked("cầu"))
    assert kept & set(words.asked("cau"))
    assert not kept & set(words.asked("câu"))
    assert words.kept("cau") == ("cau",)
    assert set(words.kept("cau")) & set(words.asked("cầu"))


def test_no_text_is_read_further_than_its_bounds() -> None:
    """A megabyte of words, of one word, or of marks gives few words of bounded length."""
    for text in ("abc def " * 131_072, "a" * 1_000_000, "e\u0301" * 500_000, "ab " * 350_000):
        found = words.content_words(views.normalise(text[:65_536]))
        assert len(found) <= words.WORDS_MAX
        assert all(len(word) <= words.WORD_MAX for word in found)
    many = " ".join(f"word{number}x" for number in range(1000))
    assert len(of(many)) == words.WORDS_MAX
    assert of("x" * words.LETTERS_MAX + " tunnel") == []


@given(st.text(max_size=300))
def test_a_word_that_is_kept_is_found_by_itself(text: str) -> None:
    """Whatever the writing: what a claim says is found by a post that says the same."""
    for word in of(text):
        assert set(words.kept(word)) & set(words.asked(word))
        assert words.BESIDE not in word
