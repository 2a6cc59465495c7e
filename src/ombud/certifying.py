"""What people ask of the engine for a rule's certificate: begin its labelling, label, stop.

The same for the command line and for a console. Hits are read beside the writer, before anything is
journalled. What people see of samples is `labelling`. This module must never grant anything: that
follows from the labels (`controls.certificates`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.controls import labels, population
from ombud.journal import Control
from ombud.staff.people import ADMIN

REQUESTS = ("begin labelling", "stop labelling", "label")


def perform(running: Engine, do: str, request: Mapping[str, Any]) -> None:
    """Do what a request asks. Raises BadUse U180 to U188."""
    by = str(request.get("by") or ADMIN)
    if do == "label":
        label(running, str(request.get("item")), str(request.get("said")), by)
    elif do == "stop labelling":
        stop(running, str(request.get("rule")), by)
    else:
        named, level = request.get("labellers") or (), request.get("level")
        labellers = [str(each) for each in named]
        asked = None if level is None else int(level)
        begin(running, str(request.get("rule")), labellers, by, asked)


def begin(
    running: Engine, rule: str, labellers: Sequence[str], by: str, level: int | None = None
) -> None:
    """Draw hits of the version of a rule that is in force, for these people to label, or go on
    with it; `level` in permille.
    """
    version = running.writer.pipeline.community.active.version_of(rule)
    files = running.folder / STORE_FILE, running.folder / KEY_FILE
    found = population.beside(*files, rule, version)
    running.control(labels.asked(rule, labellers, by, level, found))


def stop(running: Engine, rule: str, by: str) -> None:
    """Put no more hits of a rule before people, until it is gone on with."""
    running.control(Control("labelling", {}, {"rule": rule, "by": by}))


def label(running: Engine, item: str, said: str, by: str) -> None:
    """What somebody says of an item that is due: whether it breaks the clause it is shown with,
    "yes", "no" or "unclear".
    """
    running.control(Control("label", {}, {"item": item, "said": said, "by": by}))
