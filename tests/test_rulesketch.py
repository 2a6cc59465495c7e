"""A first text from posts: what they have in common, and that no line misses one of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flow.small_community import prepare
from ombud import rulesketch, rulewriting
from ombud.app import Engine
from ombud.rules.diagnostic import ERROR
from ombud.rules.lex import LINE_LENGTH_MAX
from ombud.rulesketch import POSTS_MAX, Post, alone, lines, phrases, shortened, sketch

POSTS = [
    Post("Look: CHEAP shoes, only today! https://a.example/1", "post"),
    Post("cheap shoes (only today) at https://b.example", "post"),
    Post("So many cheap shoes — only today https://c.example", "reply"),
]


def test_words_that_stand_in_all_of_them() -> None:
    """Side by side, whatever the case and the signs around them; the longest first."""
    assert phrases([each.text for each in POSTS]) == ["CHEAP shoes", "only today"]
    assert lines([each.text for each in POSTS])[-1] == "links.any"
    assert phrases(["one two three"]) == ["one two three"]
    assert phrases(["red shoes", "blue hats"]) == []
    assert phrases(["Chợ nổi họp sớm", "chợ NỔI họp muộn"]) == ["Chợ nổi họp"]
    assert phrases([]) == []
    assert phrases(["a b", "a c"]) == []  # too short to say anything


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community, to check a text in."""
    found = prepare(tmp_path_factory.mktemp("community"))
    with Engine(found):
        pass
    return found


def test_a_text_is_taken_as_it_is(folder: Path) -> None:
    """It has no error, its examples are the posts, and it restricts nobody yet: it watches. Words
    that half of a language says ("only today") the compiler refuses, so they are not proposed.
    """
    made = sketch(
        POSTS, "spam.links", {"cheap-shoes"}, lambda t: rulewriting.checked(folder, "", t)
    )
    assert made is not None
    assert made.name == "cheap-shoes-2"
    assert made.lines == ('text contains "CHEAP shoes"', "links.any")
    assert "for     post, reply" in made.text
    assert "mode    watch" in made.text
    assert made.text.count("should catch") == 3
    assert not [e for e in rulewriting.checked(folder, "", made.text) if e.severity == ERROR]
    again = sketch(
        POSTS, "spam.links", {"cheap-shoes"}, lambda t: rulewriting.checked(folder, "", t)
    )
    assert again == made


def test_each_line_can_be_tried_alone(folder: Path) -> None:
    """As a rule of its own that only tells a person."""
    made = sketch(POSTS, "spam.links", set(), lambda t: rulewriting.checked(folder, "", t))
    assert made is not None
    found = alone(made.text, made.lines)
    assert list(found) == [f"cheap-shoes-line-{n}" for n in (1, 2)]
    for text in found.values():
        assert not [e for e in rulewriting.checked(folder, "", text) if e.severity == ERROR]


def test_nothing_in_common_makes_no_rule(folder: Path) -> None:
    """And no posts make none either."""
    posts = [Post("red shoes", "post"), Post("blue hats", "post")]
    for each in (posts, [], [Post("   ", "post")]):
        assert (
            sketch(each, "spam.links", set(), lambda t: rulewriting.checked(folder, "", t)) is None
        )


@pytest.mark.parametrize(
    "text",
    [
        'cheap "shoes" \\n # {} %s </textarea>',
        "cheap shoes\u202e\u200b\0 " + "z\u0335" * 3000,
        "cheap\n\n\tshoes\r\nrule x\nmode live",
        "cheap shoes " * 5000,
    ],
)
def test_hostile_posts_stay_examples(folder: Path, text: str) -> None:
    """One line each, no longer than a rule's may be, and never a part of the rule."""
    posts = [Post(text, "post"), Post(text + " more", "post")]
    made = sketch(posts, "spam.links", set(), lambda t: rulewriting.checked(folder, "", t))
    assert made is None or "mode    watch" in made.text.splitlines()
    assert made is None or max(map(len, made.text.splitlines())) <= LINE_LENGTH_MAX
    assert made is None or sum(each.startswith("rule ") for each in made.text.splitlines()) == 1


@settings(max_examples=50)
@given(st.lists(st.text(max_size=80), min_size=1, max_size=POSTS_MAX + 3))
def test_the_same_posts_give_the_same_text(texts: list[str]) -> None:
    """And every line is one."""
    posts = [Post(each, "post") for each in texts]
    made = sketch(posts, "spam.links", set(), lambda _: [])
    assert made == sketch(posts, "spam.links", set(), lambda _: [])
    assert made is None or all("\n" not in each for each in made.lines)


def test_a_text_is_cut_where_its_line_ends() -> None:
    """What cannot be seen is written out and makes it longer."""
    assert shortened("a\r\nb ") == "a\nb"
    assert len(shortened("x" * 5000)) == rulesketch.TEXT_MAX
    assert 0 < len(shortened("\u200b" * 5000)) < 200
