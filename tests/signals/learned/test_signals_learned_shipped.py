"""The models in the package: no group, party, faith or official sways them, in either language."""

from __future__ import annotations

import hashlib
import importlib.resources
import itertools
from pathlib import Path

import pytest

from evaluation import swapped as swaps
from ombud.signals import views
from ombud.signals.learned import features, shipped


def score(text: str) -> int | None:
    """The score of a text."""
    return shipped.permille(text, views.normalise(text))


CASES = [(lang, template) for lang in ("en", "vi") for template in swaps.TEMPLATES[lang]]


@pytest.mark.parametrize(("lang", "template"), CASES)
def test_swapping_one_term_for_another_changes_nothing(lang: str, template: str) -> None:
    """The swap test of the design: every term of the table, in every sentence, to the permille."""
    found = {score(swaps.filled(template, term)) for _, term in swaps.terms(lang)}
    assert len(found) == 1, found
    assert (found == {None}) is (template == "{}")  # a term alone is too few words


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_terms_that_no_table_has_change_little_between_them(lang: str) -> None:
    """Of terms that no table has the score changes; how much is on the evaluation page. Held here:
    between two of them on average by less than a tenth of the scale.
    """
    changes = []
    for template in swaps.TEMPLATES[lang]:
        if template == "{}":
            continue  # too few words, as above
        found = [score(swaps.filled(template, term)) for term in swaps.UNKNOWN[lang]]
        known = [each for each in found if each is not None]
        assert len(known) == len(found)
        changes += [abs(one - other) for one, other in itertools.combinations(known, 2)]
    assert sum(changes) / len(changes) < 100


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("what a lovely day in the garden", "en"),
        ("trời hôm nay đẹp quá", "vi"),
        ("troi hom nay dep qua khong ai biet", "vi"),
        ("доброе утро всем", None),
        ("おはようございます", None),
        ("ok доброе утро всем", None),
    ],
)
def test_the_language_chooses_the_model(text: str, lang: str | None) -> None:
    """By letters, by small words; mostly another script: none, and the fact is unknown."""
    assert shipped.language(features.tokens(text, views.normalise(text))) == lang
    assert (score(text) is None) is (lang is None)


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("you are a stupid worthless idiot, go away", "you are a kind and clever friend, stay"),
        ("I hate all of you, you filthy pigs", "I love all of you, you lovely people"),
        ("mày ngu như chó, cút đi", "bạn giỏi quá, cảm ơn nhé"),
        ("đồ mất dạy, câm mồm lại", "chúc mừng bạn nhé, vui quá"),
    ],
)
def test_an_insult_scores_above_kindness(worse: str, better: str) -> None:
    """On either side of the middle; what counts is a matter of its mark."""
    bad, good = score(worse), score(better)
    assert bad is not None
    assert good is not None
    assert good < 400
    assert bad > 500


EVERYDAY = (Path(__file__).parent / "everyday.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("text", EVERYDAY)
def test_greetings_and_plain_mentions_count_as_no_insult(text: str) -> None:
    """In both languages; none of them was learned from."""
    found = shipped.read(text, views.normalise(text))
    assert found is None or not found.likely


def test_what_counts_is_told_by_each_languages_own_mark() -> None:
    """Of texts that the models know words of."""
    for lang, text in (("en", "you stupid worthless idiot, go away"), ("vi", "mày ngu như chó")):
        found = shipped.read(text, views.normalise(text))
        assert found is not None
        assert found.likely is (found.permille >= shipped.LIKELY[lang])


@pytest.mark.parametrize("text", ["", "ok", "xin chào", "idiot idiot idiot idiot", "đồ ngu"])
def test_too_few_words_are_unknown(text: str) -> None:
    """However bad they are, and however often one is said."""
    assert score(text) is None


@pytest.mark.parametrize("text", ["youareastupidworthlessidiot", "Thankyouverymuchfriends"])
def test_words_run_together_are_read_by_their_letters(text: str) -> None:
    """What leaves out its spaces is not unknown for it; letters at random are."""
    assert score(text) is not None
    assert score("xqzvkjwpfhgbtrmdnxkqzjvw") is None


def test_a_text_without_words_is_unknown() -> None:
    """Signs and addresses alone."""
    assert score("?!") is None
    assert score("https://a.example/idiot") is None


@pytest.mark.parametrize("unit", ["t\u0301", "\u202e", "idiot ", "a ", '"', "\U0001f600", "đ"])
def test_a_megabyte_of_anything_has_a_score(unit: str) -> None:
    """Of its beginning."""
    long = unit * (1_000_000 // len(unit))
    found = score(long)
    assert found is None or 0 <= found <= 1000


@pytest.mark.parametrize("lang", sorted(shipped.MODELS))
def test_the_file_is_the_one_that_is_named(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its digest; another one is refused."""
    folder = importlib.resources.files("ombud.signals.learned").joinpath("models")
    content = folder.joinpath(f"insult-{lang}.model").read_bytes()
    assert hashlib.sha256(content).hexdigest() == shipped.MODELS[lang]
    assert shipped.loaded(lang).header.made.rows > 5000
    shipped.loaded.cache_clear()
    monkeypatch.setitem(shipped.MODELS, lang, "0" * 64)
    with pytest.raises(ValueError, match="not the model"):
        shipped.loaded(lang)
    shipped.loaded.cache_clear()


def test_all_files_together_are_small() -> None:
    """Two megabytes at most."""
    folder = importlib.resources.files("ombud.signals.learned").joinpath("models")
    assert sum(len(each.read_bytes()) for each in folder.iterdir()) <= 2_000_000
