"""What a model sees of a text: the same for the same text, bounded, and apart where it matters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.signals import views
from ombud.signals.learned import features
from ombud.signals.learned.features import FLAG, NEGATED, QUOTED
from ombud.signals.learned.neutral import GROUP


def tokens(text: str) -> list[str]:
    """The tokens of a text, but for its tones."""
    return [t for t in features.tokens(text, views.normalise(text)) if t[0] != features.TONE]


def told(text: str) -> set[str]:
    """The tones of a text."""
    found = features.tokens(text, views.normalise(text))
    return {token[1:] for token in found if token[0] == features.TONE}


def hashes(text: str) -> list[int]:
    """The features of a text."""
    return sorted(features.hashes(text, views.normalise(text)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kettles whistle.", ["kettles", "whistle"]),
        ("not a good kettle. whistle", ["not", *(NEGATED + w for w in ("a", "good", "kettle")),
                                        "whistle"]),
        ("it isn't good", ["it", "isn't", NEGATED + "good"]),
        ("không tốt", ["không", NEGATED + "tốt"]),
        ('somebody wrote "bad kettle" here and left again',
         ["somebody", "wrote", QUOTED + "bad", QUOTED + "kettle", "here", "and", "left", "again"]),
        ('"all of it is quoted here"', ["all", "of", "it", "is", "quoted", "here"]),
        ("@ana see https://a.example/x?y=1 now", ["see", "now"]),
        ("k e t t l e on", ["kettle", "on"]),
        ("a b", ["a", "b"]),
        ("the kettle's lid", ["the", "kettle", "lid"]),
        ("your kettle", ["your", "kettle", FLAG + "you"]),
        ("Nobody should say kettle", ["nobody", NEGATED + "should", NEGATED + "say",
                                      NEGATED + "kettle", FLAG + "objects"]),
        ("no Muslim", ["no", GROUP, FLAG + "group"]),
        ("\U0001f600\U0001f3fd ok", ["\U0001f600", "ok"]),
    ],
)  # fmt: skip
def test_tokens_are_what_was_said_and_how(text: str, found: list[str]) -> None:
    """Negated and quoted words are other tokens; addresses, handles and skin tones go."""
    assert tokens(text) == found


@pytest.mark.parametrize(
    ("text", "tones"),
    [
        ("I hate tea", {"hostile.en", "hostile.en>other"}),
        ("I hate Muslims. tea", {"hostile.en", "hostile.en>group"}),
        ("I hate tea. Muslims", {"hostile.en", "hostile.en>other"}),
        ("I don't hate you", {"nhostile.en", "nhostile.en>you"}),
        (
            'somebody here wrote "loathing" and left',
            {"qhostile.en", "qhostile.en>other"},
        ),
        (
            "nobody should say they hate tea",
            {f"nhostile.en{of}" for of in ("", ">other", ">objects")},
        ),
        ("mày ngu lắm", {"contempt.vi", "contempt.vi>you", "vi"}),
        ("tea in the garden", set()),
    ],
)
def test_tones_say_of_whom_and_how(text: str, tones: set[str]) -> None:
    """By clause: of a group, to somebody, or neither; negated, quoted, objected to."""
    assert told(text) == tones


def test_what_is_mostly_quotation_is_what_it_says() -> None:
    """Quotation marks around everything hide nothing."""
    assert QUOTED + "bad" in tokens('"bad kettle" yes yes yes')
    assert tokens('"all of this is a bad kettle" ok') == tokens("all of this is a bad kettle ok")


def test_look_alikes_share_their_reading() -> None:
    """Letters from elsewhere, digits for letters and missing diacritics: most features stay."""
    plain = set(features.of_word("kettle"))
    for other in ("kеttle", "k3ttle", "kéttle"):
        seen = set(features.of_word(other))
        assert len(plain & seen) == len(plain) - 1
    assert not plain & set(features.of_word(NEGATED + "kettle"))


def test_saying_a_word_often_changes_nothing() -> None:
    """A token counts once, and so does a pair."""
    assert hashes("tea tea tea") == hashes("tea tea tea tea tea")


def test_pairs_tell_the_order() -> None:
    """First then second is another feature than second then first."""
    assert features.pair(1, 2) != features.pair(2, 1)
    assert 0 <= features.pair(0xFFFFFFFF, 0xFFFFFFFF) <= 0xFFFFFFFF


def test_only_the_beginning_of_a_long_text_counts() -> None:
    """A megabyte is no more work than TEXT_MAX characters, whatever it consists of."""
    for unit in ("tea ", "t\u0301\u0302", "\u202e", "\U0001f600", '"', "a ", "không "):
        long = unit * (1_000_000 // len(unit))
        assert len(features.hashes(long, views.normalise(long))) < 100 * features.TEXT_MAX
    head = "tea " * (features.TEXT_MAX // 4)
    assert hashes(head) == hashes(head + "kettle")


@given(st.text(max_size=200))
def test_any_text_has_features_that_fit(text: str) -> None:
    """32 bits each, no error, and the same again."""
    found = hashes(text)
    assert found == hashes(text)
    assert all(0 <= each <= 0xFFFFFFFF for each in found)
