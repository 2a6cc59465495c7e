"""The facts that rest on the shipped models: hints, counted in windows, unknown without a text."""

from __future__ import annotations

import pytest

from ombud.model import Account, Data, Event, Reply
from ombud.signals.counted import window
from ombud.signals.declare import COUNTERS, SIGNALS, WITHS
from ombud.signals.learned import shipped
from ombud.signals.learned.model import Model
from ombud.signals.observation import Observation
from ombud.signals.resolve import resolve
from signals.test_signals_declare import NOON, Tokens

HOUR = 3_600_000_000


def seen(text: str | None, author: str = "a") -> Observation:
    """A reply to somebody."""
    data = Data(author=Account(author), text=text, in_reply_to=Reply("p", author=Account("target")))
    event = Event(id="1", source="forum/a", type="post.created", time=NOON, data=data)
    return Observation(event, "reply", Tokens())


@pytest.mark.parametrize("name", ["insult", "insult.likely"])
def test_each_says_that_it_is_a_hint(name: str) -> None:
    """In its declaration and in its meaning; its version is that of the model files."""
    assert SIGNALS[name].hint
    assert "hint" in SIGNALS[name].meaning["en"]
    assert "gợi ý" in SIGNALS[name].meaning["vi"]
    least = shipped.VERSION + shipped.WORDS_MIN
    marks = shipped.LIKELY["en"] + 1000 * shipped.LIKELY["vi"]
    assert SIGNALS[name].version == (least if name == "insult" else least + marks)
    assert resolve(name).hint


def test_no_other_signal_is_a_hint() -> None:
    """What is no hint stays none; another by its declaration only (`private.exposes`)."""
    hints = {name for name, each in SIGNALS.items() if each.hint}
    assert hints == {"insult", "insult.likely", "private.exposes"}


@pytest.mark.parametrize(
    ("name", "word", "hint"),
    [
        ("author.posts", "insult", True),
        ("target.repliers", "insult", True),
        ("target.repliers", None, False),
        ("author.posts", "links", False),
    ],
)
def test_what_a_hint_chooses_is_a_hint(name: str, word: str | None, hint: bool) -> None:
    """Counted or as a share."""
    assert resolve(name, word=word, in_last=HOUR).hint is hint
    if word and name == "author.posts":
        assert resolve(name, word=word, in_last=HOUR, share=True).hint is hint


def test_a_text_counts_from_the_declared_threshold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each language's own, not one permille below it; without a text, in another script, or with
    too few known words it is unknown.
    """
    likely = SIGNALS["insult.likely"].compute
    texts = {"en": "what a lovely day in the garden", "vi": "trời hôm nay đẹp quá mọi người ơi"}
    for lang, text in texts.items():
        at = shipped.LIKELY[lang]
        for score, answer in ((at - 1, False), (at, True)):
            monkeypatch.setattr(Model, "permille_of", lambda *_, score=score: score)
            assert likely(seen(text)) is answer
            assert SIGNALS["insult"].compute(seen(text)) == score
        assert f"{at // 10} %" in SIGNALS["insult.likely"].meaning[lang]
    for unknown in (None, "idiot", "доброе утро всем", "..."):
        assert likely(seen(unknown)) is None
        assert SIGNALS["insult"].compute(seen(unknown)) is None


def test_repliers_with_insult_counts_people_by_whom_they_answer() -> None:
    """A kind answer adds nobody, an insult adds its author under the target's key."""
    counted = window("target.repliers", word="insult")
    assert counted.entries(seen("you are kind, thank you")) == ()
    answer = seen("you are a stupid worthless idiot, go away")
    assert counted.entries(answer) == ((answer.key("target"), answer.key("author")),)
    assert COUNTERS["target.repliers"].kinds == {"post", "reply"}
    assert WITHS["insult"].only == "insult.likely"
