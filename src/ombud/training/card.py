"""A model's card: what it was made from, how good it was on what it had not seen, and a picture.

This module must never leave out a figure because it is bad.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from ombud.signals.learned.model import Made
from ombud.training import figures
from ombud.training.figures import Bin, Pair

RECALLS = (250, 500, 750, 900)  # permille
RESAMPLES = 200
_SIDE, _EDGE = 240, 40  # of the picture, in its own units


class Rate(msgspec.Struct, frozen=True):
    """A figure in permille, with its interval of 95 %."""

    value: int
    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.value / 10:.1f} % ({self.low / 10:.1f} to {self.high / 10:.1f})"


class AtRecall(msgspec.Struct, frozen=True):
    """Precision where this share of harm is found, and the score from which it is."""

    recall: int
    precision: int
    score: int


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Figures in permille, all on rows of folds that the scored model had not seen, with
    near-duplicates on one side.
    """

    name: str
    version: str
    made: Made
    groups: int
    f1: Rate
    auroc: Rate
    ece: int
    at_recall: tuple[AtRecall, ...]
    reliability: tuple[Bin, ...]
    notes: tuple[str, ...] = ()


def make(
    name: str,
    version: str,
    made: Made,
    groups: int,
    pairs: Sequence[Pair],
    notes: Sequence[str] = (),
) -> Card:
    """The card of these scores (permille) and labels."""
    at = []
    for recall in RECALLS:
        found = figures.precision_at_recall(pairs, recall / 1000)
        if found is not None:
            at.append(AtRecall(recall, round(1000 * found[0]), found[1]))
    return Card(
        name=name,
        version=version,
        made=made,
        groups=groups,
        f1=rate(pairs, figures.f1),
        auroc=rate(pairs, figures.auroc),
        ece=round(1000 * (figures.ece(pairs) or 0)),
        at_recall=tuple(at),
        reliability=tuple(figures.reliability(pairs)),
        notes=tuple(notes),
    )


def rate(pairs: Sequence[Pair], figure: Callable[[Sequence[Pair]], float | None]) -> Rate:
    """A figure and its interval, in permille."""
    low, high = figures.interval(pairs, figure, RESAMPLES)
    return Rate(round(1000 * (figure(pairs) or 0)), round(1000 * low), round(1000 * high))


def markdown(card: Card) -> str:
    """The card as a page."""
    made = card.made
    clean = made.rows - made.harmful
    days = f", labelled {made.since} to {made.until}" if made.since else ""
    lines = [
        f"# Model {card.name}",
        "",
        (
            f"Version {card.version[:16]}, from {made.rows} labels ({made.harmful} harmful, "
            f"{clean} not{days}), seed {made.seed}, in {card.groups} groups of near-duplicates."
        ),
        f"Sources: {', '.join(made.sources) or 'none named'}.",
        "",
        (
            "Each figure is of texts that the scored model had not seen, with near-duplicates of"
            " them kept out too. On texts of another place or time it will be worse."
        ),
        "",
        "| figure | value |",
        "| --- | --- |",
        f"| F1 at 50 % | {card.f1} |",
        f"| AUROC | {card.auroc} |",
        f"| calibration error | {card.ece / 10:.1f} % |",
        *(
            f"| precision where {each.recall / 10:.0f} % of harm is found |"
            f" {each.precision / 10:.1f} %, from a score of {each.score / 10:.1f} % |"
            for each in card.at_recall
        ),
        "",
        "| said | came true | rows |",
        "| --- | --- | --- |",
        *(
            f"| {each.score / 10:.1f} % | {each.harm / 10:.1f} % | {each.rows} |"
            for each in card.reliability
        ),
    ]
    lines += ["", *(f"- {note}" for note in card.notes)] if card.notes else []
    return "\n".join(lines) + "\n"


def svg(card: Card) -> str:
    """The reliability plot: what was said from left to right, what came true upwards."""
    whole = _SIDE + 2 * _EDGE
    points = [
        (_EDGE + each.score * _SIDE / 1000, _EDGE + _SIDE - each.harm * _SIDE / 1000, each.rows)
        for each in card.reliability
    ]
    most = max((rows for _, _, rows in points), default=1)
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{2 + 5 * (rows / most) ** 0.5:.1f}"/>'
        for x, y, rows in points
    )
    low, high = _EDGE, _EDGE + _SIDE
    middle = whole // 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" role="img"'
        ' font-family="sans-serif" font-size="12">'
        f"<title>How far the scores of {card.name} came true</title>"
        f'<rect width="{whole}" height="{whole}" fill="#fff"/>'
        f'<path d="M{low} {low}V{high}H{high}" fill="none" stroke="#555"/>'
        f'<path d="M{low} {high}L{high} {low}" stroke="#999" stroke-dasharray="4"/>'
        f'<polyline points="{line}" fill="none" stroke="#06c"/><g fill="#06c">{dots}</g>'
        f'<text x="{middle}" y="{whole - 12}" text-anchor="middle">said</text>'
        f'<text x="16" y="{middle}" text-anchor="middle"'
        f' transform="rotate(-90 16 {middle})">came true</text></svg>\n'
    )
