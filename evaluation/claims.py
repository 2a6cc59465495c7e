"""Published fact-checks: which checked claim a post repeats, and what is proposed where none is.

Two sets of posts for each of which people named the fact-check about its claim. *Ranking* is MAP at
5, the official measure of the first set: ours, the package `bm25s` over the same words, and ours
ranked anew by a sentence model (DEPTH candidates, by claim and headline). The model is no part of
the repository: OMBUD_EVALUATION_MODEL names a folder with `model.onnx` and `tokenizer.json`; where
it cannot run, the page says so. Some claims stand in the first set twice, word for word, and only
one of them counts as right; all methods have such ties in the order of the file.

*Proposing* is what a rule sees: the strongest match from a threshold on. A claim of the same words
counts as the same one. "Removed" leaves every fact-check of a post's claim out of what is found:
whatever is proposed then is wrong, though often about the same rumour. Ordinary posts
are those of the later half of `reddit_2013_posts`. The thresholds were chosen on train and on posts
of the earlier half; forms of the score were compared before on train and on 3,000 posts drawn from
the whole. No test query was used for either.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from evaluation import data, figures
from ombud.errors import BadUse
from ombud.rerank import Reranker
from ombud.signals import views
from ombud.signals.factchecks import matching
from ombud.signals.factchecks.claim import CLAIM_MAX, HEADLINE_MAX, Claim
from ombud.signals.factchecks.index import BIT, Index, words_of
from ombud.signals.factchecks.words import content_words

NAME = "claims"
TITLE = "Published fact-checks"
SETS = ("checkthat2020_claims", "politifact_match")
ORDINARY = "reddit_2013_posts"
MODEL = "OMBUD_EVALUATION_MODEL"
BEST = 5  # ranks that count
DEPTH = 20  # candidates that are ranked anew

_SAID = """\
`checkthat2020_claims`: 10,375 fact-checks and tweets that repeat one; `politifact_match`: 467
fact-checks, and tweets under which somebody linked one (the tweet need not repeat its words).
Figures are of the test parts. Known for the first one: BM25 .84, MiniLM without training .933."""
_PROPOSING = """\
What a rule sees: the strongest match at two thresholds. "Right" is of all posts; "wrong" is another
claim; "removed" is how often something is proposed after the right claims were taken out; the last
column, how many of 10,000 ordinary posts get a proposal."""
_NO_MODEL = "Ranked by meaning: not measured. {why}"

Rank = Callable[[str], list[int]]


class Set(NamedTuple):
    """One set: claims as the program keeps them, their ids, and the posts that are measured."""

    name: str
    claims: Sequence[Claim]
    ids: Sequence[str]
    posts: Sequence[data.Row]


def load(folder: Path, name: str, splits: tuple[str, ...], step: int) -> Set:
    """A set; every `step`-th post of some of its splits."""
    rows = list(data.lines(folder / name / "claims.jsonl.zst"))
    claims = [claim(row["claim"], row["title"], number) for number, row in enumerate(rows)]
    return Set(
        name, claims, [row["id"] for row in rows], list(data.rows(folder, name, splits))[::step]
    )


def claim(text: str, headline: str, number: int) -> Claim:
    """A claim of a set: who published it does not matter here."""
    return Claim(
        claim=text[:CLAIM_MAX] or "-",
        headline=headline[:HEADLINE_MAX],
        publisher="-",
        rating="-",
        url=f"https://claims.invalid/{number}",
    )


def average_precision(ranked: Sequence[str], right: Sequence[str]) -> float:
    """AP at BEST of one post, as CheckThat! counts it."""
    found = total = 0.0
    for rank, each in enumerate(ranked[:BEST], 1):
        if each in right:
            found += 1
            total += found / rank
    return total / min(len(set(right)), BEST) if right else 0.0


# --- ranking --------------------------------------------------------------------------------------


def in_file_order(index: Index) -> list[int]:
    """For each claim of the index, its place in the file."""
    return [int(each.url.rpartition("/")[2]) for each in index.claims]


def ours(index: Index, depth: int = BEST) -> Rank:
    """Our index: places in the file, the best first."""
    place = in_file_order(index)

    def rank(text: str) -> list[int]:
        found = index.search(content_words(views.normalise(text)), 50)
        ranked = sorted(((-score, place[number]) for score, number in found))
        return [each for _, each in ranked[:depth]]

    return rank


def peer(claims: Sequence[Claim]) -> Rank:
    """The package bm25s over the same words."""
    import bm25s

    retriever = bm25s.BM25(k1=1.2, b=0.75)
    retriever.index([words_of(each) or ["-"] for each in claims], show_progress=False)
    known = retriever.vocab_dict

    def rank(text: str) -> list[int]:
        words = list(dict.fromkeys(content_words(views.normalise(text))))
        asked = [word for word in words if word in known]
        if not asked:
            return []
        scores = retriever.get_scores(asked)
        return sorted(range(len(claims)), key=lambda each: (-scores[each], each))[:BEST]

    return rank


def by_meaning(model: Reranker, of: Set, first: Rank) -> Rank:
    """What `first` finds, by the model; each text is put through it once."""
    found = {row["text"]: first(row["text"]) for row in of.posts}
    needed = sorted({each for ranked in found.values() for each in ranked})
    said = [f"{of.claims[each].claim} {of.claims[each].headline}" for each in needed]
    vectors = model.vectors([*said, *found])
    row_of = {each: number for number, each in enumerate(needed)}
    row_of_post = {text: len(needed) + number for number, text in enumerate(found)}

    def rank(text: str) -> list[int]:
        asked = vectors[row_of_post[text]]
        near = {each: round(1000 * float(vectors[row_of[each]] @ asked)) for each in found[text]}
        return sorted(near, key=lambda each: (-near[each], each))[:BEST]

    return rank


def ranked(of: Set, method: str, rank: Rank, resamples: int) -> list[object]:
    """A row of the table of rankings."""
    precisions = [
        average_precision([of.ids[each] for each in rank(row["text"])], row["claims"])
        for row in of.posts
    ]
    first = [
        bool(found) and of.ids[found[0]] in row["claims"]
        for row in of.posts
        for found in (rank(row["text"]),)
    ]
    return [
        f"`{of.name}`",
        method,
        len(of.posts),
        _decimal(figures.bootstrap(precisions, _mean, resamples=resamples)),
        figures.rate(sum(first), len(first), resamples=resamples),
    ]


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _decimal(found: figures.Interval) -> str:
    if found.value is None:
        return ""
    return f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f})"


# --- proposing ------------------------------------------------------------------------------------


def same(one: Claim, other: Claim) -> bool:
    """Whether two claims have the same words."""
    return content_words(views.normalise(one.claim)) == content_words(views.normalise(other.claim))


def proposed(
    of: Set, index: Index, ordinary: Sequence[str], threshold: int, resamples: int
) -> list[object]:
    """A row of the table of proposals."""
    right = wrong = removed = 0
    place = {each: number for number, each in enumerate(of.ids)}
    for row in of.posts:
        gold = [of.claims[place[each]] for each in row["claims"] if each in place]
        found = [
            each.claim
            for each in matching.match(index, views.normalise(row["text"])).matches
            if each.strength >= threshold
        ]
        good = [any(same(each, one) for one in gold) for each in found]
        right += good[:1] == [True]
        wrong += good[:1] == [False]
        removed += False in good
    false = sum(
        any(each.strength >= threshold for each in matching.match(index, text).matches)
        for text in ordinary
    )
    posts = len(of.posts)
    return [
        f"`{of.name}`",
        f"{threshold // BIT} bits",
        *(
            figures.rate(part, whole, resamples=resamples)
            for part, whole in (
                *((right, posts), (wrong, posts), (right, right + wrong), (removed, posts)),
            )
        ),
        _per_10_000(figures.rate(false, len(ordinary), resamples=resamples)),
    ]


def _per_10_000(found: figures.Interval) -> str:
    if found.value is None:
        return ""
    low, value, high = (10_000 * each for each in (found.low, found.value, found.high))
    return f"{value:.1f} ({low:.1f} to {high:.1f})"


# --- the section ----------------------------------------------------------------------------------


def model() -> Reranker | str:
    """The model, or why there is none."""
    named = os.environ.get(MODEL)
    if not named:
        return f"{MODEL} names no folder."
    try:
        return Reranker(Path(named))
    except BadUse as error:
        return error.message


def evaluate(folder: Path, *, quick: bool) -> str:
    """The section of the page. `quick`: every tenth post, few resamples."""
    step, resamples = (10, 50) if quick else (1, figures.RESAMPLES)
    sets = [load(folder, name, ("test",), step) for name in SETS]
    posts = list(data.lines(folder / ORDINARY / "posts.jsonl.zst"))
    later = posts[len(posts) // 2 :: step]
    texts = [views.normalise(f"{row['title']} {row['text']}") for row in later]
    return section(sets, texts, model(), resamples)


def section(
    sets: Iterable[Set], ordinary: Sequence[str], reranker: Reranker | str, resamples: int
) -> str:
    """What was found, as Markdown."""
    rankings: list[list[object]] = []
    proposals: list[list[object]] = []
    for of in sets:
        index = Index(of.claims)
        methods: Mapping[str, Rank] = {"ours": ours(index), "`bm25s`": peer(of.claims)}
        if isinstance(reranker, Reranker):
            first = ours(index, DEPTH)
            methods = {**methods, "ours, ranked by meaning": by_meaning(reranker, of, first)}
        rankings += [ranked(of, name, rank, resamples) for name, rank in methods.items()]
        proposals += [
            proposed(of, index, ordinary, threshold, resamples)
            for threshold in (matching.SUGGEST, matching.CONFIRM)
        ]
    said = _NO_MODEL.format(why=reranker) if isinstance(reranker, str) else _of_model(reranker)
    head = ["set", "method", "posts", "MAP@5", "right at rank 1"]
    asked = ["set", "from", "right", "wrong", "precision", "removed", "ordinary, of 10,000"]
    return "\n\n".join(
        (
            _SAID,
            figures.table(head, rankings),
            said,
            f"{_PROPOSING} Ordinary posts: {len(ordinary):,}.",
            figures.table(asked, proposals),
        )
    )


def _of_model(reranker: Reranker) -> str:
    return (
        f"Ranked by meaning: the {DEPTH} best of ours, by the model whose file has the SHA-256"
        f" `{reranker.model[:16]}`. Its order is shown to people and is part of no verdict."
    )
