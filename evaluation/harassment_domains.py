"""How far a model of insults carries: learned from one set, measured on the others.

Models as the signal uses them (same features, same masking), each from the train part of one set
alone, AUROC on test parts. Sets that may not be learned from for a model that ships (ETHOS,
Stormfront, ViHSD) are learned from here to measure, and nothing of it is kept. HateCheck is only
ever measured on. This module must never write a model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from evaluation import data, figures, starting_points
from ombud.training import figures as scores
from ombud.training import fit, groups
from ombud.training.fit import Row

NAME = "harassment_domains"
TITLE = "Insults and hate, across domains"
LEARNED: Mapping[str, Sequence[str]] = {
    "en": ("surge_toxicity", "davidson", "hatemoji_build", "uli", "ethos", "stormfront"),
    "vi": ("vihos", "vihsd"),
}
ONLY_MEASURED: Mapping[str, Sequence[str]] = {"en": ("hatecheck", "hatemoji_check"), "vi": ()}
PER_SET = 4_000  # rows learned from a set, so that none wins by its size

_SAID = """\
AUROC on the test part of the set above, learned from at most {rows} rows of the train part of the
set on the left; in bold where both are the same set. From `vihsd` for `vihos`, and the other way
round, texts nearly the same are left out of what is measured ({shared} of the rows measured). 50
% is chance."""


def evaluate(folder: Path, *, quick: bool) -> str:
    """The section of the page. `quick`: every tenth row."""
    step = 10 if quick else 1
    tables = []
    shared = 0
    for lang, sets in LEARNED.items():
        tests = {
            name: _rows(folder, name, lang, "test")[::step]
            for name in (*sets, *ONLY_MEASURED[lang])
        }
        lines = []
        for name in sets:
            train = _rows(folder, name, lang, "train")[::step]
            train = train[:: max(1, len(train) // PER_SET)][:PER_SET]
            own = tests
            if lang == "vi":
                own = {other: _apart(rows, train) for other, rows in tests.items()}
                shared += sum(len(tests[other]) - len(own[other]) for other in tests)
            lines.append([f"`{name}`", *_measured(name, train, own)])
        tables.append(figures.table(["learned from", *(f"`{name}`" for name in tests)], lines))
    return "\n\n".join([_SAID.format(rows=PER_SET, shared=shared), *tables])


def _rows(folder: Path, name: str, lang: str, split: str) -> list[Row]:
    return [
        Row(row["text"], starting_points.harmful(name, row), name, lang)
        for row in data.rows(folder, name, (split,))
        if row["lang"] == lang
    ]


def _apart(rows: Sequence[Row], train: Sequence[Row]) -> list[Row]:
    """The rows that are not nearly the same as one of `train`."""
    index = groups.Index()
    for row in train:
        index.add(row.text)
    return [row for row in rows if not index.alike(row.text)]


def _measured(name: str, train: Sequence[Row], tests: Mapping[str, Sequence[Row]]) -> list[str]:
    """The AUROC of a model of `train` on each set."""
    bits, seed = starting_points.BITS, starting_points.SEED
    table = fit.matrix([row.text for row in train], bits)
    strength = starting_points.STRENGTH
    fitted = fit.linear(table, train, range(len(train)), seed, bits, strength)
    cells = []
    for other, rows in tests.items():
        seen = fit.matrix([row.text for row in rows], bits)
        pairs = [(fitted.raw(seen, number), row.harm) for number, row in enumerate(rows)]
        value = scores.auroc(pairs)
        said = "" if value is None else figures.percent(value)
        cells.append(f"**{said}**" if other == name else said)
    return cells
