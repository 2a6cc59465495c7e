"""`likely spam.links >= 80 %`: how likely a text breaks a clause, as a community's own model says.

One fact for each clause, known only where the community has trained a model for it from its own
decisions (`ombud learn`). A rule that asks it rests on that very model: its digest is part of the
fact's version. This module must never bring a model of its own, nor turn a score into a decision.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Protocol

from ombud.model import Value
from ombud.signals.declare import TEXT_KINDS, Signal, Type
from ombud.signals.observation import Observation
from ombud.signals.resolve import Fact

WORD = "likely"
VERSION = 1  # changes with how a model is asked; the model's own format has a version of its own
CLAUSE = re.compile(r"[a-z][a-z0-9-]{0,63}\.[a-z][a-z0-9-]{0,63}", re.ASCII)
COST = 200  # microseconds, roughly, of a text of some 400 letters

DECLARED = Signal(
    name=f"{WORD} CLAUSE",
    type=Type.PERCENT,
    unit="",
    kinds=TEXT_KINDS,
    cost=COST,
    version=VERSION,
    meaning={
        "en": "How likely what was written breaks the clause, by what people decided here before.",
        "vi": "Khả năng nội dung vi phạm điều khoản, theo những gì con người đã quyết định ở đây.",
    },
    ordinary=0,
    compute=lambda _: None,  # without a model nothing is known
)
"""What all these facts have in common; CLAUSE stands for the clause. It reads nothing of what an
example states: else examples would come out otherwise with every new model.
"""


class Model(Protocol):
    """What a fact needs of a model: which one it is, and a score."""

    @property
    def digest(self) -> str:
        """SHA-256 of its file, in hex."""

    def likely(self, seen: Observation) -> int | None:
        """How likely the text breaks the clause, in permille; None where there is no text."""


def clause_of(name: str) -> str | None:
    """The clause that a fact of this name is about; None where it is none of these facts."""
    word, _, clause = name.partition(" ")
    return clause if word == WORD and CLAUSE.fullmatch(clause) else None


def fact(clause: str, model: Model | None = None) -> Fact:
    """The fact of a clause: by this model, or unknown where there is none."""
    known = Fact(
        name=f"{WORD} {clause}",
        type=DECLARED.type,
        unit=DECLARED.unit,
        kinds=DECLARED.kinds,
        cost=DECLARED.cost,
        version=f"{WORD} {clause} {VERSION} without a model",
        meaning=DECLARED.meaning,
        ordinary=DECLARED.ordinary,
        compute=DECLARED.compute,
        reads=DECLARED.reads,
        rests_on=(("learned", WORD, VERSION),),
    )
    if model is None:
        return known

    def compute(seen: Observation) -> Value:
        return model.likely(seen)

    return replace(known, version=f"{WORD} {clause} {VERSION} {model.digest}", compute=compute)
