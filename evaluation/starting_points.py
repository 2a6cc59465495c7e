"""The models that ship, made anew: `python -m evaluation.starting_points [--data DIR] [--check]`.

Only sets whose source permits it are learned from (tier P), the train parts of them without rows
marked `leak`, and the made-up sentences of `sentences` and `everyday`. How much each counts was
chosen on the dev parts of these sets, of HateCheck, ETHOS and Stormfront, before any test part was
looked at: those three are domains that no text was learned from, and not domains never seen. Uli is
not learned from: on the dev parts its label (gendered abuse) made every other set worse.

    English     hatemoji_build 2, surge_toxicity 1, davidson 0.05 (its "offensive": not hate, 0.005)
    Vietnamese  vihos 1

The same data and libraries give the same bytes; `--check` says whether they are those in the
package. From where a text counts as an insult is worked out by `mark`, on dev parts of the sets
learned from. Only when a model is made, ordinary posts are scored, for its card. This module must
never learn from an evaluation set, nor write a text.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib.metadata
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from evaluation import data, everyday, figures, sentences
from ombud.signals import views
from ombud.signals.learned import features, shipped
from ombud.signals.learned.model import Model
from ombud.training import card, fit
from ombud.training.fit import Row, Trained

FOLDER = data.ROOT / "src" / "ombud" / "signals" / "learned" / "models"
CARDS = data.ROOT / "docs" / "reference" / "models"
SEED = 20261126
BITS = 17
STRENGTH = 1.0
LANGUAGES = ("en", "vi")
SETS = {"en": ("hatemoji_build", "surge_toxicity", "davidson"), "vi": ("vihos",)}
WEIGHTS = {"hatemoji_build": 2.0, "surge_toxicity": 1.0, "davidson": 0.05, "vihos": 1.0}
ADVERSARIAL = ("hatemoji_build",)  # written to mislead models: no example of what will come
OFFENSIVE = 0.005  # a row of Davidson's that is offensive and no hate
SENTENCES = 1.0
COUNTED_MAX = 0.01  # of the benign dev rows of each set
MARKS = range(500, 1000, 10)  # permille
PUBLISHED = {"hatemoji_build": 2022, "surge_toxicity": 2021, "davidson": 2017, "vihos": 2023}
ORDINARY = "reddit_2013_posts"
NOTES = (
    "Made to order cases and to count, never to act: see docs/explanation/learned-signals.md.",
    (
        "Made-up sentences, hatemoji_build (written to mislead models) and Davidson's merely"
        " offensive tweets are learned from; calibration and figures are of the other rows."
    ),
    (
        "Shares of harm in the sets are far higher than in a community, so a score is no"
        " probability there."
    ),
)


def name(lang: str) -> str:
    """What the model of a language is called."""
    return f"insult-{lang}"


def rows(folder: Path, lang: str, *, step: int = 1, made_up: bool = True) -> list[Row]:
    """What the model of a language learns from; `step`: every so manieth row, for a short try;
    `made_up`: with the sentences made up for it.
    """
    found = [row for each in SETS[lang] for row in list(_of(folder, each))[::step]]
    if made_up:
        found += [*sentences.rows(lang, SENTENCES), *everyday.rows(lang, SENTENCES)]
    return found


def _of(folder: Path, name: str) -> Iterator[Row]:
    for row in data.rows(folder, name, ("train",)):
        offensive = row["label"] == "offensive"
        yield Row(
            row["text"],
            harmful(name, row),
            name,
            row["lang"],
            weight=OFFENSIVE if offensive else WEIGHTS[name],
            taught=offensive or name in ADVERSARIAL,
        )


def harmful(name: str, row: data.Row) -> bool:
    """Whether a row is harm as this signal means it; of Davidson's only hate is."""
    return row["label"] == "hate" if name == "davidson" else bool(row["y"])


def made(folder: Path, lang: str, *, step: int = 1, made_up: bool = True) -> Trained:
    """The model of a language."""
    versions = (f"{each} {importlib.metadata.version(each)}" for each in ("scikit-learn", "numpy"))
    years = ", ".join(f"{each} {PUBLISHED[each]}" for each in SETS[lang])
    notes = (
        *NOTES,
        f"Published: {years}; the texts are older, and no set dates them. Made up: 2026.",
        f"Made with {', '.join(versions)}.",
    )
    some = rows(folder, lang, step=step, made_up=made_up)
    return fit.train(some, name=name(lang), seed=SEED, bits=BITS, strength=STRENGTH, notes=notes)


def scores(model: Model, texts: Sequence[str]) -> list[int]:
    """Permille by text; 0 where the model knows too few words, as it counts for nothing there."""
    found = []
    for text in texts:
        listed = features.tokens(text, views.normalise(text))
        known = model.knows(listed, shipped.WORDS_MIN)
        found.append(model.permille_of(listed) if known else 0)
    return found


def mark(folder: Path, lang: str, model: Model) -> int:
    """From where a text counts as an insult: the lowest of MARKS that at most COUNTED_MAX of the
    benign dev rows reach, of each set learned from by itself but the adversarial ones; 1000 where
    there is none.
    """
    benign = [
        scores(model, benign_of(folder, each, "dev"))
        for each in SETS[lang]
        if each not in ADVERSARIAL
    ]
    for at in MARKS:
        if all(sum(s >= at for s in found) <= COUNTED_MAX * len(found) for found in benign):
            return at
    return 1000


def benign_of(folder: Path, name: str, split: str) -> list[str]:
    """The texts of a split that are no harm."""
    return [r["text"] for r in data.rows(folder, name, (split,)) if not harmful(name, r)]


def ordinary(folder: Path, lang: str, model: Model, at: int) -> str:
    """A line for the card: how many texts that are no insult count as one from `at` on."""
    if lang == "en":
        posts = [f"{row['title']}\n{row['text'] or ''}" for row in posts_of(folder)]
        said = f"ordinary English posts (`{ORDINARY}`, unlabelled)"
    else:
        (name,) = SETS[lang]
        posts = benign_of(folder, name, "test")
        said = f"benign test rows of `{name}`; ordinary Vietnamese posts were not at hand"
    hits = sum(score >= at for score in scores(model, posts))
    share = figures.rate(hits, len(posts))
    return f"Counted as insults from {at / 10:g} % on: {share} of {len(posts)} {said}."


def posts_of(folder: Path) -> Iterator[data.Row]:
    """The ordinary posts."""
    return data.lines(folder / ORDINARY / "posts.jsonl.zst")


def main(arguments: list[str] | None = None) -> int:
    """Write the models and their cards, or check them; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.starting_points")
    parser.add_argument("--data", type=Path, default=data.folder(), help="the folder of the sets")
    parser.add_argument("--check", action="store_true", help="compare and write nothing")
    asked = parser.parse_args(arguments)
    if asked.data is None or not asked.data.is_dir():
        sys.stderr.write(f"There is no data: name its folder by --data or {data.VARIABLE}.\n")
        return 2
    differ = 0
    for lang in LANGUAGES:
        done = made(asked.data, lang)
        at = mark(asked.data, lang, done.model)
        file = FOLDER / f"{name(lang)}.model"
        if asked.check:
            same = file.exists() and file.read_bytes() == done.content
            differ += not same or at != shipped.LIKELY[lang]
            sys.stdout.write(f"{file.name}: {'the same' if same else 'different'}")
            sys.stdout.write(f"; it counts from {shipped.LIKELY[lang]}, by the rule {at}\n")
            continue
        line = ordinary(asked.data, lang, done.model, at)
        done = dataclasses.replace(
            done, card=msgspec.structs.replace(done.card, notes=(*done.card.notes, line))
        )
        FOLDER.mkdir(exist_ok=True)
        CARDS.mkdir(exist_ok=True)
        file.write_bytes(done.content)
        (FOLDER / f"{name(lang)}.json").write_bytes(
            msgspec.json.format(msgspec.json.encode(done.card)) + b"\n"
        )
        (CARDS / f"{name(lang)}.md").write_text(card.markdown(done.card), encoding="utf-8")
        (CARDS / f"{name(lang)}.svg").write_text(card.svg(done.card), encoding="utf-8")
        sys.stdout.write(f"{file.name}: {done.model.version}, counts from {at}\n")
    return 1 if differ else 0


if __name__ == "__main__":
    raise SystemExit(main())
