"""One run of `ombud learn CLAUSE`: gathered, capped, trained, measured, written.

Where there is too little to learn from nothing is written, and what is missing is told. The model
counts for nothing until a rule asks it and the configuration is activated anew. This module must
never activate it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from ombud import clock, config, model_folder
from ombud.activation import models
from ombud.errors import BadUse, catalogue
from ombud.learn import caps, shown
from ombud.learn.gather import Example, Gathered, gather
from ombud.learn.shown import KeptCard
from ombud.reading import reading
from ombud.rules import policy

catalogue(
    U130=("There is no clause called {clause}.", "{hint}"),
    U131=(
        "The clause {clause} is about form, and what is said is none of its business.",
        "Nothing is learned for it. Write a rule that counts.",
    ),
    U132=(
        "Learning needs scikit-learn, which is not installed.",
        "Install it beside Ombud: pip install 'ombud[ml]'. Rules that ask a model do without.",
    ),
)

SEED = 20261126  # of folds and fitting: the same decisions give the same model
CHANCE = 500  # permille: an AUROC that may be no better than drawing lots
MISSING = ("breaks", "does_not", "labels")
NO_BETTER = (
    "What was learned may be no better than drawing lots: the texts that broke the clause cannot be"
    " told from the others by their words. Check the labels, or write a rule about something else."
)
Begin = Callable[[int], Callable[[int], None] | None]


@dataclass(frozen=True, slots=True)
class Learned:
    """What came out: a model, or what is `missing` (how many of which answer) and `why`."""

    clause: str
    model: str | None
    before: str | None  # the model that it replaces
    labels: Mapping[str, int]
    left_out: Mapping[str, int]
    have: Mapping[str, int]
    missing: Mapping[str, int]
    why: str = ""
    card: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """As data."""
        return asdict(self)


def learn(
    folder: Path, clause: str, file: Path | None = None, begin: Begin = lambda _: None
) -> Learned:
    """Train the model of a clause anew. Raises BadUse U130, U131, U132, BadData D004."""
    with reading(folder) as reader:
        version = _clause(folder, clause)
        fit = _trainer()
        found = gather(reader, clause, file, begin)
    from ombud.training import groups

    examples = caps.capped(found, groups.near_duplicates([each.text for each in found.examples]))
    before = _before(folder, clause)
    told: dict[str, Any] = {
        "clause": clause,
        "before": before,
        "labels": found.labels,
        "left_out": found.left_out,
        "have": _have(examples),
    }
    try:
        rows = [_row(fit, each) for each in examples]
        name = models.name_of(clause)
        trained = fit.train(rows, name=name, seed=SEED, notes=caps.SAID)
    except fit.NotEnough as few:
        return Learned(**told, model=None, missing=_missing(few), why=_why(few))
    if trained.card.auroc.low <= CHANCE:
        return Learned(**told, model=None, missing=dict.fromkeys(MISSING, 0), why=NO_BETTER)
    kept = _write(folder, clause, version, found, trained)
    return Learned(**told, model=kept.model, missing={}, card=msgspec.to_builtins(kept))


def _clause(folder: Path, clause: str) -> str:
    """The version of the clause as the operator's policies have it. Raises BadUse U130, U131."""
    clauses, _ = policy.read_policies(config.read(folder).policies)
    if clause not in clauses:
        near = difflib.get_close_matches(clause, sorted(clauses), n=1)
        known = f"There are: {', '.join(sorted(clauses)[:10])}." if clauses else "Write a policy."
        raise BadUse(
            "U130", clause, clause=clause, hint=f"Did you mean {near[0]}?" if near else known
        )
    if clauses[clause].harm == "form":
        raise BadUse("U131", clause, clause=clause)
    return clauses[clause].version


def _trainer() -> Any:
    """The module that fits. Raises BadUse U132 without the extra `ml`."""
    try:
        import sklearn  # noqa: F401 -- asked for here so that nothing is read for nothing

        from ombud.training import fit
    except ImportError:
        raise BadUse("U132", "learn") from None
    return fit


def _row(fit: Any, example: Example) -> Any:
    """An example as the trainer takes it; folds keep an author on one side."""
    return fit.Row(
        text=example.text,
        harm=example.breaks,
        source="decisions",
        at=datetime.fromtimestamp(example.at / 1e6, UTC).date(),
        group=None if example.author is None else str(example.author),
    )


def _have(examples: list[Example]) -> dict[str, int]:
    breaking = sum(each.breaks for each in examples)
    return {"breaks": breaking, "does_not": len(examples) - breaking}


def _missing(few: Any) -> dict[str, int]:
    """How many more of each answer are needed, and of all together."""
    short = {name: max(0, few.need[name] - few.have[name]) for name in few.need}
    counts = (short["harmful"], short["not harmful"], short["labels"])
    return dict(zip(MISSING, counts, strict=True))


def _why(few: Any) -> str:
    """What is missing, in words."""
    if few.width is not None:
        return (
            "The labels are many enough, but what was learned is too uncertain to say how good it"
            " is. More of them, or clearer ones, are needed."
        )
    return (
        f"{few.have['labels']} labels after all that is left out ({few.have['harmful']} that broke"
        f" the clause, {few.have['not harmful']} that did not); needed are {few.need['labels']},"
        f" with {few.need['harmful']} and {few.need['not harmful']} among them."
    )


def _before(folder: Path, clause: str) -> str | None:
    """The digest of the model that is there now; None where there is none that can be used."""
    card = shown.card(folder, clause)
    return None if card is None else card.model


def _write(folder: Path, clause: str, version: str, found: Gathered, trained: Any) -> KeptCard:
    from ombud.training import card as cards

    kept = KeptCard(
        model=trained.model.version,
        clause=clause,
        clause_version=version,
        trained=clock.rfc3339(clock.now()),
        until=found.until,
        labels=found.labels,
        left_out=found.left_out,
        measured=msgspec.to_builtins(trained.card),
    )
    files = {
        model_folder.CARD: msgspec.json.format(msgspec.json.encode(kept), indent=2),
        model_folder.PLOT: cards.svg(trained.card).encode(),
        model_folder.MODEL: trained.content,
    }
    model_folder.write(folder, clause, files)
    return kept
