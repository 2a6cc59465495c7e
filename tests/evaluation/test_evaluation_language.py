"""The evaluation of languages, on invented rows, and in short on the real ones."""

from __future__ import annotations

from evaluation.language import Judged

from evaluation import data, language
from ombud.signals.language import LETTERS_MIN, SURE, Guess

VIETNAMESE = "Chiều thứ bảy mình gặp nhau ở chợ, nhớ mang bánh mì cho mọi người nhé."
ENGLISH = "We meet at the market on Saturday and bring some bread for everybody."


def row(text: str, lang: str) -> data.Row:
    """A row in the shape of the sets'."""
    return {"text": text, "lang": lang}


def said(source: str, spoken: str, guessed: str, sure: int, letters: int) -> Judged:
    """A row with what the model said."""
    return Judged(source, spoken, Guess(guessed, sure, letters))


def test_an_answer_needs_both_bounds() -> None:
    """As the signal does, at the bounds that are asked."""
    one = said("uli", "en", "en", 700, 30)
    assert one.answer(30, 700) == "en"
    assert one.answer(31, 700) is None
    assert one.answer(30, 701) is None
    assert Judged("uli", "en", None).answer(0, 0) is None
    assert said("uli", "en", "en", SURE, LETTERS_MIN).answer() == "en"
    assert said("uli", "en", "en", SURE - 1, LETTERS_MIN).answer() is None


def test_the_pair_that_answers_most_of_the_good_ones_is_chosen() -> None:
    """Where a lower bound lets mistakes through, a higher one is taken; where all do, none."""
    good = [said("vihos", "vi", "vi", 950, letters) for letters in (14, 22, 40)] * 10
    assert language.choose(good) == (12, 900)
    wrong = [said("vihos", "vi", "id", 820, 18)]
    assert language.choose([*good, *wrong]) == (12, 900)
    mistaken = [said("without diacritics", "vi", "it", 950, 14)]
    assert language.choose([*good, *mistaken]) == (20, 900)
    assert language.choose([said("vihos", "vi", "id", 1000, 99)]) is None


def test_texts_made_here_are_what_they_say() -> None:
    """Vietnamese without its diacritics, and two languages in one post."""
    bare = language.bare(VIETNAMESE)
    assert bare.isascii()
    assert bare.startswith("chieu thu bay")
    rows = [row(VIETNAMESE, "vi"), row("khong dau", "vi"), row("naïve café", "en")]
    (made,) = language.without_diacritics(rows)
    assert (made.source, made.language) == ("without diacritics", "vi")
    (both,) = language.mixed([row(ENGLISH, "en")], [row(VIETNAMESE, "vi"), row("x", "vi")])
    assert both.letters > 100


def test_the_section_counts_what_was_answered_and_quotes_nothing() -> None:
    """Unknown is not wrong; the model alone is told beside it."""
    found = list(language.judged("uli", [row(ENGLISH, "en"), row("ok ok", "en")]))
    found += language.judged("vihsd", [row(VIETNAMESE, "vi"), row(ENGLISH, "vi"), row("!", "vi")])
    made = list(language.without_diacritics([row(VIETNAMESE, "vi")]))
    text = language.section(found, made, (20, 850), 20)
    assert "| uli | en | 2 | 50.0 %" in text
    assert "| vihsd | vi | 3 | 66.7 %" in text
    assert "in this run: 20 letters, 85 %." in text
    assert "| 1 to 9 | all | 1 |" in text
    assert "market" not in text
    assert "none" not in text
    assert "no pair is good enough" in language.section(found, made, None, 20)


def test_a_short_run_on_the_data_there_is() -> None:
    """Invented rows everywhere, and the real ones where they are."""
    folder = data.folder()
    if folder is None:
        rows = [row(ENGLISH, "en")] * 3
        assert "| uli | en |" in language.section(list(language.judged("uli", rows)), [], None, 20)
    else:
        text = language.evaluate(folder, quick=True)
        assert "| vihsd | vi |" in text
        assert "| without diacritics |" in text
