"""The language of a text: told where it can be, unknown where not, bounded, the same each time."""

from __future__ import annotations

import hashlib
import importlib.resources
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.signals import language, resolve
from ombud.signals.language import Guess

ENGLISH = "We meet at the market on Saturday and bring some bread for everybody."
VIETNAMESE = "Chiều thứ bảy mình gặp nhau ở chợ, nhớ mang bánh mì cho mọi người nhé."
GERMAN = "Wir treffen uns am Samstag auf dem Markt und bringen Brot für alle mit."


@pytest.mark.parametrize(
    ("text", "told"), [(ENGLISH, "en"), (VIETNAMESE, "vi"), (GERMAN, "de"), (ENGLISH.upper(), "en")]
)
def test_a_sentence_has_a_language(text: str, told: str) -> None:
    """Written as people write, or shouted."""
    assert language.language(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "hello there",
        "chào bạn",
        "12345 67890 !!! ???",
        "😀" * 50,
        "https://a.example/we/meet/at/the/market/on/saturday/and/bring/bread",
        "@somebody_with_a_long_name #and_a_long_tag_too ana.maria.of.the.market@mail.example",
        "`for each in everything: print(each, file=somewhere)`",
        "```\nwhile there is something to do do it and then stop\n```",
    ],
)
def test_what_cannot_be_told_is_unknown(text: str) -> None:
    """Short texts, and what is no language at all: addresses, mentions, tags, code, signs."""
    assert language.language(text) is None


def test_what_stands_around_the_words_changes_nothing() -> None:
    """The model sees words alone."""
    around = f"@ana {ENGLISH} https://phuong.example/xin-chao 😀 #nhé `code` ana@mail.example 123"
    assert language.words(around).split() == language.words(ENGLISH).split()
    assert language.guess(around) == language.guess(ENGLISH)


@pytest.mark.parametrize(
    ("guess", "told"),
    [
        (Guess("vi", language.SURE, language.LETTERS_MIN), "vi"),
        (Guess("vi", language.SURE - 1, language.LETTERS_MIN), None),
        (Guess("vi", language.SURE, language.LETTERS_MIN - 1), None),
        (None, None),
    ],
)
def test_both_bounds_must_hold(
    guess: Guess | None, told: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Enough letters, and sure enough; at the bound is enough."""
    monkeypatch.setattr(language, "guess", lambda _: guess)
    assert language.language("any") == told


@pytest.mark.parametrize(("sure", "told"), [(850, "vi"), (849, None)])
def test_eighty_five_percent_is_sure(
    sure: int, told: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What docs/explanation/language.md promises, in figures."""
    monkeypatch.setattr(language, "guess", lambda _: Guess("vi", sure, 100))
    assert language.language("any") == told


def test_letters_are_counted_without_marks_and_signs() -> None:
    """Eight Vietnamese letters are eight, however many marks they have."""
    found = language.guess("ế" * 4 + " e\u0302\u0301" * 4 + "''' ...")
    assert found is not None
    assert found.letters == 8


HOSTILE = {
    "marks": "\u0301" * 1_000_000,
    "stacked marks": ("a" + "\u0323\u0302" * 40) * 12_000,
    "ligatures": "\ufdfa" * 65_536,
    "ticks": "`" * 1_000_000,
    "signs": "@" * 1_000_000,
    "open code": "```a" * 250_000,
    "dots": "a." * 500_000,
    "one word": "w" * 1_000_000,
    "brackets": "<@" * 500_000,
    "colons": ":a" * 500_000,
    "right to left": "\u202eabc \u202d" * 100_000,
    "zeros": "\0" * 1_000_000,
    "surrogates": "\ud800" * 1000,
    "lines": "\n" * 1_000_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_any_text_is_read_in_bounds(text: str) -> None:
    """However long it is, the model is asked about so many letters, in one line."""
    said = language.words(text)
    assert len(said) <= language.ASKED_MAX
    assert "\n" not in said
    told = language.language(text)
    assert told is None or told.isalpha()


def test_only_the_beginning_is_read() -> None:
    """What stands beyond the bound changes nothing."""
    long = (ENGLISH + " ") * 200
    assert language.guess(long) == language.guess(long + VIETNAMESE * 100)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_one_answer(text: str) -> None:
    """Whole numbers within bounds, and the same a second time."""
    found = language.guess(text)
    assert found == language.guess(text)
    if found is not None:
        assert 0 <= found.sure <= 1000
        assert found.letters > 0
        assert found.language.isalpha() or "-" in found.language


def test_the_ordinary_text_of_examples_has_the_ordinary_language() -> None:
    """So an example that states no text says what a real post of that text would."""
    said = resolve.resolve("text").ordinary
    assert isinstance(said, str)
    assert language.language(said) == resolve.resolve(language.NAME).ordinary


def test_threads_get_the_same_answers() -> None:
    """Also where all of them come before the model is loaded."""
    texts = [ENGLISH, VIETNAMESE, GERMAN] * 40
    alone = [language.guess(each) for each in texts]
    language._model.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(language.guess, texts)) == alone


def test_the_model_is_the_one_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its digest and its licence stand beside it; another file is refused."""
    tables = importlib.resources.files("ombud.signals").joinpath("tables")
    model = tables.joinpath("lid.176.ftz").read_bytes()
    assert hashlib.sha256(model).hexdigest() == language.MODEL_DIGEST
    licence = tables.joinpath("LID-176-LICENSE.txt").read_text(encoding="utf-8")
    assert language.MODEL_DIGEST in licence
    assert "ShareAlike 3.0" in licence
    language._model.cache_clear()
    monkeypatch.setattr(language, "MODEL_DIGEST", "0" * 64)
    with pytest.raises(ValueError, match="not the model"):
        language.guess(ENGLISH)


def test_nothing_is_printed_and_nothing_loaded_before_it_is_asked() -> None:
    """Who does not ask pays nothing, and who asks sees nothing of the library."""
    program = (
        "import sys; from ombud.signals import resolve, language; "
        "assert 'fasttext' not in sys.modules; "
        f"assert language.language({ENGLISH!r}) == 'en'"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
