"""The language a text is written in, or that it cannot be told.

fastText's small published model (lid.176.ftz, 176 languages) is asked about the words of a text:
web addresses, mentions, tags, code, emoji, digits and punctuation are taken out first. Its answer
counts only where there are LETTERS_MIN letters and it is sure enough; anything else is unknown.
`evaluation/language.py` says how the two bounds were chosen and what they are worth.

A language is no harm, and says little of who writes. This module must never guess at short texts,
and never be a reason to restrict anybody: the compiler refuses such rules (`rules.refuse`).
"""

from __future__ import annotations

import functools
import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from ombud.signals import views

if TYPE_CHECKING:
    from fasttext.FastText import _FastText

NAME = "text.language"
MODEL_DIGEST = (
    "8f3472cfe8738a7b6099e8e999c3cbfae0dcd15696aac7d7738a8039db603e83"  # of tables/lid.176.ftz
)
LETTERS_MIN = 20
SURE = 850  # permille of the model's confidence
READ_MAX = 8_192  # characters of a text that are looked at
ASKED_MAX = 2_048  # characters of its words that the model is asked about

_LABEL = "__label__"
_NO_WORDS = re.compile(
    r"```.{0,4096}?```"
    r"|`[^`\n]{1,200}`"
    r"|(?:https?://|www\.)\S+"
    r"|<[@#:][^>\s]{1,80}>"
    r"|(?<![^\W_])[\w.+\-]{0,64}@\S+"
    r"|\#\w+"
    r"|:[a-z0-9_+\-]{2,40}:"
    r"|(?<![\w.\-])(?:[a-z0-9\-]{1,63}\.){1,8}[a-z]{2,23}(?:/\S*)?(?![^\W_])",
    re.DOTALL | re.IGNORECASE,
)


class Guess(NamedTuple):
    """What the model says: a language (ISO 639), how sure it is (permille), of how many letters."""

    language: str
    sure: int
    letters: int


def language(text: str) -> str | None:
    """The language of a text, as an ISO 639 code ("en", "vi"); None where it cannot be told."""
    found = guess(text)
    if found is None or found.letters < LETTERS_MIN or found.sure < SURE:
        return None
    return found.language


def guess(text: str) -> Guess | None:
    """The likeliest language, however unsure; None where there are no letters."""
    said = words(text)
    letters = sum(map(str.isalpha, said))
    if not letters:
        return None
    (label,), (chance,) = _model().predict(said, 1)
    # Rounded down, and the model's sums may pass 1 by a little.
    return Guess(label.removeprefix(_LABEL), min(1000, int(chance * 1000)), letters)


def words(text: str) -> str:
    """The words of a text in one line, at most ASKED_MAX characters; capitals made small where most
    letters are.
    """
    said = views.compose(_NO_WORDS.sub(" ", text[:READ_MAX]))[:READ_MAX]
    kept = [each if _of_word(each) else " " for each in said]
    said = " ".join("".join(kept).split())[:ASKED_MAX]
    return said.lower() if 2 * sum(map(str.isupper, said)) > len(said) else said


def _of_word(sign: str) -> bool:
    return sign.isalpha() or sign in "'’" or views.is_mark(sign)


@functools.cache
def _model() -> _FastText:
    """The model, read when it is first asked. Asking changes nothing in it: threads share it."""
    import importlib.resources  # slow to import

    import fasttext

    source = importlib.resources.files("ombud.signals").joinpath("tables/lid.176.ftz")
    with importlib.resources.as_file(source) as file:
        if hashlib.sha256(file.read_bytes()).hexdigest() != MODEL_DIGEST:
            raise ValueError("tables/lid.176.ftz is not the model this program was made with")
        return fasttext.load_model(str(file))
