"""The models of a folder: which clauses have one, what their cards say, which rules ask them.

What can be wrong with a model is told, never hidden: that its files do not fit together, that its
clause is gone or worded otherwise since, that somebody was erased whose texts it may have been
trained on. This module must never change a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from ombud import config, journal, model_folder
from ombud.activation import models
from ombud.controls import forgotten
from ombud.errors import BadData, OmbudError
from ombud.reading import Reader, reading
from ombud.replay import records
from ombud.rules import policy


class KeptCard(msgspec.Struct, kw_only=True):
    """What stands beside a model: on what it was trained, and how well it does.

    `until` is the last record there was; `measured` is the card of `training`.
    """

    model: str
    clause: str
    clause_version: str
    trained: str
    until: int
    labels: dict[str, int]
    left_out: dict[str, int]
    measured: dict[str, Any]


def card(folder: Path, clause: str) -> KeptCard | None:
    """The card of a clause's model; None where there is none that can be read."""
    try:
        content = model_folder.read(folder, clause, model_folder.CARD)
        return None if content is None else msgspec.json.decode(content, type=KeptCard)
    except (OmbudError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def listed(folder: Path) -> list[dict[str, Any]]:
    """Every model of the folder, by clause."""
    with reading(folder) as reader:
        active, versions = _in_force(reader), _versions(folder)
        return [_one(reader, each, active, versions) for each in model_folder.clauses(folder)]


def shown(folder: Path, clause: str) -> dict[str, Any]:
    """One model with all its card says. Raises BadData D030, D031, D032, D034 where there is none
    that can be used.
    """
    content = model_folder.content(folder, clause)
    if content is None:
        path = folder / model_folder.FOLDER / clause
        raise BadData("D030", str(path), path=path, what="not there", clause=clause)
    models.opened(content, clause)
    found = card(folder, clause)
    if found is None:
        raise BadData("D032", clause, path=folder / model_folder.FOLDER / clause, clause=clause)
    with reading(folder) as reader:
        about = _one(reader, clause, _in_force(reader), _versions(folder))
        told: dict[str, Any] = msgspec.to_builtins(found)
        return {**about, **told}


def _in_force(reader: Reader) -> Mapping[str, str]:
    """The models that the rules in force ask: digests by clause."""
    rows = reader.store.all("controls", ("!config",))
    return forgotten.trained(journal.read_json(rows[-1][2])) if rows else {}


def _versions(folder: Path) -> dict[str, str]:
    """The clauses as the operator's policies have them."""
    clauses, _ = policy.read_policies(config.read(folder).policies)
    return {name: clause.version for name, clause in clauses.items()}


def _one(
    reader: Reader, clause: str, active: Mapping[str, str], versions: Mapping[str, str]
) -> dict[str, Any]:
    """How a model stands."""
    found, problem = card(reader.folder, clause), None
    try:
        content = model_folder.content(reader.folder, clause)
        if content is None:
            problem = "There is no model."
        else:
            models.opened(content, clause)
    except OmbudError as error:
        problem = error.message
    return {
        "clause": clause,
        "model": found.model if found else None,
        "trained": found.trained if found else None,
        "in_force": found is not None and active.get(clause) == found.model,
        "clause_now": _clause_now(clause, found, versions),
        "erased_since": _erased_since(reader, found) if found else False,
        "problem": problem,
    }


def _clause_now(clause: str, found: KeptCard | None, versions: Mapping[str, str]) -> str:
    """How the clause stands to the one that the model was trained for."""
    if clause not in versions:
        return "gone"
    same = found is not None and versions[clause] == found.clause_version
    return "same" if same else "worded otherwise"


def _erased_since(reader: Reader, found: KeptCard) -> bool:
    """Whether a text may have been erased since that it was trained on."""
    return any(
        seq <= found.until < control for seq, control in records.erased(reader.store).items()
    )
