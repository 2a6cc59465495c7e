"""The evaluation of near-duplicates, on invented posts, and in short on real ones."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from bench.repeats import made

from evaluation import data, repeats

POSTS = [each.text for each in made(600) if len(each.text.split()) > 12]
COMMENTS: list[data.Row] = [
    {"text": "subscribe to my channel for free gift cards today", "author": "a", "label": "spam"},
    {"text": "please subscribe to my channel for free gift cards", "author": "b", "label": "spam"},
    {"text": "this song reminds me of a summer long ago", "author": "c", "label": "ham"},
    {"text": "this song reminds me of a summer long ago", "author": "c", "label": "ham"},
]


@pytest.mark.parametrize("how", sorted(repeats.EDITS))
def test_an_edit_changes_what_it_says_and_no_more(how: str) -> None:
    """At least one word, at most a fifth of them; the text as it is written is another."""
    words = POSTS[0].split()
    after = repeats.EDITS[how](words, 20, Random(1), ["other"])
    assert after != words
    assert abs(len(after) - len(words)) <= len(words) // 5


def test_copies_of_others_count_and_one_s_own_do_not() -> None:
    """A comment is a copy where another author said nearly the same before."""
    said = repeats.section(POSTS, COMMENTS, 20)
    assert "| spam | 2 | 50.0 % " in said
    assert "| ham | 2 | 0.0 % " in said
    assert "gift" not in said


def samples() -> Iterator[list[str]]:
    """Invented posts, and where the data sets are the real ones."""
    yield POSTS
    folder = data.folder()
    if folder is not None:
        rows = list(data.lines(folder / repeats.POSTS / "posts.jsonl.zst"))[1::20]
        yield [f"{row['title']}\n{row['text']}" for row in rows]


@pytest.mark.parametrize("posts", list(samples()), ids=lambda posts: f"{len(posts)} posts")
def test_planted_edits_of_a_fifth_are_found_and_nothing_else(posts: list[str]) -> None:
    """Recall and precision of at least .98, over all kinds of edits together."""
    texts = [repeats.compared(post) for post in posts]
    kept, homes = repeats.clusters(texts)
    chance = Random(3)
    fitting = [at for at, each in enumerate(texts) if len(each.words) >= 9]
    hits = tried = right = joined = 0
    for at in chance.sample(fitting, min(80, len(fitting))):
        for how in repeats.EDITS:
            edit = repeats.planted(posts, at, how, 20, chance, posts[at - 1].split() or ["word"])
            keys = set(kept.join(edit, len(posts) + 1, 0).keys) - {len(posts) + 1}
            tried += 1
            hits += not keys.isdisjoint(homes[at])
            joined += len(keys)
            right += len(keys & set(homes[at]))
    assert hits >= 0.98 * tried
    assert right >= 0.98 * joined
