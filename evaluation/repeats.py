"""Texts that are nearly the same: planted edits of real posts, false merges, real campaigns.

Thresholds (`LIKENESS_MIN`, `WORDS_MIN`, the bands) were chosen after looking at likenesses of a few
thousand of these posts under such edits, and committed before this module first ran; they were not
changed since. So these posts are no untouched test of the thresholds. Edits are planted: a share of
a post's words is replaced by words of another post, preceded by them, misspelt, or moved; or the
post is written in look-alike letters, with invisible characters, emoji, digits. An edit is found
where it shares a cluster with its original among all posts of the sample.

What two posts have in common by themselves (reposts, templates of traders) is no planted edit and
counts against precision all the same. In `youtube_spam` whatever says nearly the same as an earlier
comment of somebody else is a copy, beside what equality finds.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from random import Random

from evaluation import data, figures
from ombud.signals import views
from ombud.signals.repeats import WORDS_MIN, Shingles, shingles
from ombud.windows.clusters import Clusters

NAME = "repeats"
TITLE = "Texts that are nearly the same"
POSTS, COMMENTS = "reddit_2013_posts", "youtube_spam"
SEED = 20261126
SHARES = (5, 10, 15, 20)  # percent of the words
LENGTHS = ((6, 8), (9, 15), (16, 40), (41, 10_000))  # different words of a post
PER_CELL = 400
LOOKALIKES = str.maketrans("aeopcxyAEOPCXT", "аеорсхуАЕОРСХТ")
INVISIBLE, EMOJI = "\u200b", "\U0001f600"

_SAID = f"""\
`{POSTS}`: {{posts}} posts with odd numbers, {{own}} of them clusters of their own; {{few}} have
fewer than {WORDS_MIN} different words. Recall of planted edits, by how many of the words are
changed:"""
_SAID_BY_LENGTH = """\
Recall by different words of the post, all edits of 20 %; precision, how many of the posts that an
edit was joined with are its original or in a cluster with it:"""

Edit = Callable[[list[str], int, Random, Sequence[str]], list[str]]


def _times(words: list[str], share: int) -> int:
    return max(1, len(words) * share // 100)


def replaced(words: list[str], share: int, chance: Random, others: Sequence[str]) -> list[str]:
    """Words of other posts instead."""
    after = list(words)
    for at in chance.sample(range(len(words)), _times(words, share)):
        after[at] = chance.choice(others)
    return after


def inserted(words: list[str], share: int, chance: Random, others: Sequence[str]) -> list[str]:
    """Words of other posts in between."""
    after = list(words)
    for _ in range(_times(words, share)):
        after.insert(chance.randint(0, len(after)), chance.choice(others))
    return after


def misspelt(
    words: list[str],
    share: int,
    chance: Random,
    others: Sequence[str],  # noqa: ARG001
) -> list[str]:
    """A letter of a word is changed, doubled or dropped."""
    after = list(words)
    for at in chance.sample(range(len(words)), _times(words, share)):
        word = words[at]
        cut = chance.randrange(len(word))
        middle = chance.choice(("", word[cut] * 2, chance.choice("aeiourstln")))
        after[at] = word[:cut] + middle + word[cut + 1 :]
    return after


def moved(
    words: list[str],
    share: int,
    chance: Random,
    others: Sequence[str],  # noqa: ARG001
) -> list[str]:
    """Words change places with their neighbours."""
    after = list(words)
    for _ in range(_times(words, share)):
        at = chance.randrange(len(after) - 1)
        after[at], after[at + 1] = after[at + 1], after[at]
    return after


def dressed(
    words: list[str],
    share: int,
    chance: Random,
    others: Sequence[str],  # noqa: ARG001
) -> list[str]:
    """Look-alike letters, invisible characters, emoji and digits, one of them a word."""
    after = list(words)
    for at in chance.sample(range(len(words)), _times(words, share)):
        word = words[at]
        cut = chance.randrange(len(word) + 1)
        after[at] = chance.choice(
            (
                word.translate(LOOKALIKES),
                word[:cut] + INVISIBLE + word[cut:],
                f"{word} {EMOJI}",
                f"{word} {chance.randrange(1000)}",
            )
        )
    return after


EDITS: Mapping[str, Edit] = {
    "replaced": replaced,
    "inserted": inserted,
    "misspelt": misspelt,
    "moved": moved,
    "dressed": dressed,
}


def compared(text: str) -> Shingles:
    """A text as the engine compares it."""
    normal = views.normalise(text)
    content = views.content(normal)
    token = hash_of(content) if content else 0
    return shingles(views.skeleton(text, normal), token, SEED)


def hash_of(content: str) -> int:
    """A token of a content, the same in each run."""
    return int.from_bytes(hashlib.blake2b(content.encode(), digest_size=7).digest(), "big")


def clusters(texts: Iterable[Shingles]) -> tuple[Clusters, list[tuple[int, ...]]]:
    """The clusters of texts in order; ids are numbers of texts, from 1."""
    kept, found = Clusters(), []
    for seq, each in enumerate(texts, start=1):
        keys = kept.join(each, seq, 0).keys
        kept.keep(keys, each, 1, seq)
        found.append(keys)
    return kept, found


def evaluate(folder: Path, *, quick: bool) -> str:
    """The section of the page. `quick`: a part of the posts, few resamples."""
    posts = [
        f"{row['title']}\n{row['text']}" for row in data.lines(folder / POSTS / "posts.jsonl.zst")
    ][1::2]  # half of them are enough
    comments = list(data.rows(folder, COMMENTS))
    if quick:
        posts, comments = posts[::10], comments[::4]
    return section(posts, comments, 50 if quick else figures.RESAMPLES)


def section(posts: Sequence[str], comments: Sequence[data.Row], resamples: int) -> str:
    """What was found, as Markdown."""
    texts = [compared(post) for post in posts]
    kept, homes = clusters(texts)
    return "\n\n".join(
        (
            _SAID.format(
                posts=len(posts), own=len(kept), few=sum(not each.words for each in texts)
            ),
            _recall(posts, texts, kept, homes, resamples),
            _SAID_BY_LENGTH,
            _by_length(posts, texts, kept, homes, resamples),
            _merges(texts, homes, resamples),
            _campaigns(comments, resamples),
        )
    )


def _sample(texts: Sequence[Shingles], low: int, high: int, chance: Random) -> list[int]:
    fitting = [at for at, each in enumerate(texts) if low <= len(each.words) <= high]
    return chance.sample(fitting, min(PER_CELL, len(fitting)))


def planted(
    posts: Sequence[str],
    at: int,
    how: str,
    share: int,
    chance: Random,
    others: Sequence[str],
) -> Shingles:
    """An edit of a post, as it is compared."""
    return compared(" ".join(EDITS[how](posts[at].split(), share, chance, others)))


def _recall(
    posts: Sequence[str],
    texts: Sequence[Shingles],
    kept: Clusters,
    homes: Sequence[tuple[int, ...]],
    resamples: int,
) -> str:
    lines = []
    for how in EDITS:
        cells: list[object] = [how]
        for share in SHARES:
            chance = Random(SEED + share)
            hits = tried = 0
            for at in _sample(texts, WORDS_MIN, LENGTHS[-1][1], chance):
                edit = planted(posts, at, how, share, chance, posts[at - 1].split() or ["word"])
                keys = kept.join(edit, len(posts) + 1, 0).keys
                tried += 1
                hits += not set(keys).isdisjoint(homes[at])
            cells.append(figures.rate(hits, tried, resamples=resamples))
        lines.append(cells)
    return figures.table(["edit", *(f"{share} %" for share in SHARES)], lines)


def _by_length(
    posts: Sequence[str],
    texts: Sequence[Shingles],
    kept: Clusters,
    homes: Sequence[tuple[int, ...]],
    resamples: int,
) -> str:
    lines = []
    for low, high in LENGTHS:
        chance = Random(SEED + low)
        hits = tried = wrong = joined = 0
        for at, how in itertools.product(_sample(texts, low, high, chance), EDITS):
            edit = planted(posts, at, how, SHARES[-1], chance, posts[at - 1].split() or ["word"])
            keys = set(kept.join(edit, len(posts) + 1, 0).keys) - {len(posts) + 1}
            tried += 1
            hits += not keys.isdisjoint(homes[at])
            joined += len(keys)
            wrong += len(keys - set(homes[at]))
        lines.append(
            [
                f"{low} to {high}" if high < LENGTHS[-1][1] else f"{low} and more",
                tried,
                figures.rate(hits, tried, resamples=resamples),
                figures.rate(joined - wrong, joined, resamples=resamples),
            ]
        )
    return figures.table(["different words", "edits", "recall", "precision"], lines)


def _merges(texts: Sequence[Shingles], homes: Sequence[tuple[int, ...]], resamples: int) -> str:
    """How often an ordinary post joined another one, and equality's part of it."""
    joined = equal = 0
    seen: set[int] = set()
    for number, (text, keys) in enumerate(zip(texts, homes, strict=True), start=1):
        joined += any(key != number and key < number for key in keys)
        equal += bool(text.content) and text.content in seen
        seen.add(text.content)
    return (
        "Ordinary posts that joined an earlier one, reposts and templates among them:"
        f" {figures.rate(joined, len(texts), resamples=resamples)}; by equality of content alone"
        f" {figures.rate(equal, len(texts), resamples=resamples)}."
    )


def _campaigns(comments: Sequence[data.Row], resamples: int) -> str:
    """Comments that say nearly the same as an earlier one of another author, by label."""
    texts = [compared(row["text"]) for row in comments]
    authors = [row["author"] for row in comments]
    _, found = clusters(texts)
    by_cluster: dict[int, set[str]] = {}
    by_content: dict[int, set[str]] = {}
    hits = {label: [0, 0, 0] for label in ("spam", "ham")}
    for row, text, author, keys in zip(comments, texts, authors, found, strict=True):
        counts = hits[row["label"]]
        counts[0] += 1
        counts[1] += any(by_cluster.get(key, set()) - {author} for key in keys)
        counts[2] += bool(text.content) and bool(by_content.get(text.content, set()) - {author})
        for key in keys:
            by_cluster.setdefault(key, set()).add(author)
        by_content.setdefault(text.content, set()).add(author)
    head = ["label", "comments", "nearly the same as another author's", "equal"]
    lines = [
        [label, n, *(figures.rate(each, n, resamples=resamples) for each in (near, equal))]
        for label, (n, near, equal) in hits.items()
    ]
    return f"`{COMMENTS}`, all splits:\n\n{figures.table(head, lines)}"
