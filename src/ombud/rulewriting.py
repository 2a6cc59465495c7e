"""What people ask of the engine for its rules: write one, change its mode, bring one back.

A rule is checked with everything beside it, written into the community's folder, and put in force
as of who asked; what is refused leaves the file as it was. Only that one rule comes in: where the
folder holds something else that nobody has put in force yet, its author would be whoever pressed a
button, so it is refused. This module must never write a rule that has an error.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from ombud import config, rulefiles, rulehistory, staffing
from ombud.activation import checking, compiling
from ombud.activation.active import Active
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE, Sources
from ombud.controls import listed
from ombud.errors import BadUse, OmbudError, catalogue
from ombud.rules.diagnostic import Diagnostic
from ombud.rules.lex import FILE_BYTES_MAX
from ombud.rules.vocabulary import MODES
from ombud.staff.people import ADMIN
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

catalogue(
    U282=(
        "The file of {rule} is not what you were shown: somebody has changed it meanwhile.",
        "Look at it as it is now, then do it again.",
    ),
    U283=(
        "The data folder holds changes that nobody has put in force: {what}.",
        "Let who made them put them in force (`ombud connect reload --by NAME`), then do it again.",
    ),
    U284=(
        "No version of {rule} was in force from record {seq} on.",
        "Its history shows which were.",
    ),
    U285=('There is no mode called "{mode}".', "The modes are draft, watch and live."),
    U286=(
        "This is called {found} now, and you opened {rule}.",
        "A rule keeps its name; write a new rule, and pause the old one.",
    ),
    U287=("Another rule is being checked or written just now.", "Try again in a moment."),
)

REQUESTS = ("write rule", "rule mode", "restore rule")
PATIENCE_SECONDS = 10.0
_FOLLOWS = frozenset({"program", "rules", "edited", "models", "claims"})  # of what a rule reads
_one = threading.Lock()  # one check or change at a time: what it costs, judging does without


def perform(running: Engine, do: str, request: Mapping[str, Any]) -> Any:
    """Do what a request asks. Raises BadUse U280 to U287 and BadRules with the diagnostics."""
    by = str(request.get("by") or ADMIN)
    staffing.allowed(running, by, "rules")
    rule, shown = str(request.get("rule") or ""), str(request.get("shown") or "")
    if not _one.acquire(timeout=PATIENCE_SECONDS):
        raise BadUse("U287", "rule")
    try:
        if do == "write rule":
            return _write(running, rule, str(request.get("text")), shown, by)
        if do == "rule mode":
            return _mode(running, rule, str(request.get("mode")), shown, by)
        return _restore(running, rule, int(str(request.get("seq"))), shown, by)
    finally:
        _one.release()


# --- what a text would say ------------------------------------------------------------------------


def text_of(folder: Path, rule: str) -> tuple[str, str]:
    """A rule's text as its file has it, and by what that is told apart; empty for none."""
    for content in config.read(folder).rules.values():
        if rulefiles.called(content.decode("utf-8", "replace")) == rule:
            return content.decode("utf-8", "replace"), rulefiles.digest(content)
    return "", ""


def checked(folder: Path, rule: str, text: str) -> list[Diagnostic]:
    """All that is wrong or doubtful in a text that would be this rule, or a new one (""), with all
    rules beside it as their files are. Raises BadUse U280, U286 and U287.
    """
    sources = config.read(folder)
    file = _file(sources, rule, text)
    if not _one.acquire(timeout=PATIENCE_SECONDS):
        raise BadUse("U287", "rule")
    try:
        found = checking.checked(
            with_text(sources, file, text), listed.of_store(folder / STORE_FILE)
        )
    finally:
        _one.release()
    return [each for each in found.diagnostics if each.file == file]


def with_text(sources: Sources, file: str, text: str) -> Sources:
    """The texts of a community with one rule's in place of what its file has."""
    content = text.encode("utf-8", "replace")[: FILE_BYTES_MAX + 1]
    return replace(sources, rules={**sources.rules, file: content})


def file_for(folder: Path, rule: str, text: str) -> str:
    """The file that a text would be written to. Raises BadUse U280 and U286."""
    return _file(config.read(folder), rule, text)


def _file(sources: Sources, rule: str, text: str) -> str:
    found = rulefiles.called(text)
    if rule and found and found != rule:
        raise BadUse("U286", "rule", found=found, rule=rule)
    if not rule and not found:
        return f"{DRAFT}{rulefiles.ENDING}"  # what is wrong with it, its diagnostics tell
    return rulefiles.file_of(sources.rules, rule or found)


DRAFT = "this-rule"  # how a text is called that names no rule yet


# --- what is done ---------------------------------------------------------------------------------


def _write(running: Engine, rule: str, text: str, shown: str, by: str) -> dict[str, Any]:
    """Write a text as a rule of this name, or as a new rule, and put it in force."""
    sources = config.read(running.folder)
    file = _file(sources, rule, text)
    name = rule or rulefiles.checked(rulefiles.called(text))
    return _put(running, sources, (name, file), text.replace("\r\n", "\n"), shown, by)


def _mode(running: Engine, rule: str, mode: str, shown: str, by: str) -> dict[str, Any]:
    """Give a rule another mode; its words stay."""
    if mode not in MODES:
        raise BadUse("U285", "mode", mode=mode[:40])
    sources = config.read(running.folder)
    file = rulefiles.file_of(sources.rules, rule)
    if file not in sources.rules:
        raise BadUse("U080", rule, rule=rule)
    text = rulefiles.with_mode(sources.rules[file].decode("utf-8", "replace"), mode)
    return _put(running, sources, (rule, file), text, shown, by)


def _restore(running: Engine, rule: str, seq: int, shown: str, by: str) -> dict[str, Any]:
    """Put a version in force again that was, in the mode it had then."""
    store = Store(running.folder / STORE_FILE, readonly=True)
    keys = KeyFile(running.folder / KEY_FILE, readonly=True)
    try:
        found = next((e for e in rulehistory.of(store, keys, rule) if e.seq == seq), None)
    finally:
        store.close()
        keys.close()
    if found is None or not found.text:
        raise BadUse("U284", rule, rule=rule, seq=seq)
    sources = config.read(running.folder)
    file = rulefiles.file_of(sources.rules, rule)
    return _put(running, sources, (rule, file), found.text, shown, by)


def _put(
    running: Engine, sources: Sources, rule: tuple[str, str], text: str, shown: str, by: str
) -> dict[str, Any]:
    """Check, write and activate; a refusal puts the file back. Raises BadRules, BadUse U282, U283
    and what `Engine.reload` raises.
    """
    name, file = rule
    before = sources.rules.get(file)
    if ("" if before is None else rulefiles.digest(before)) != shown:
        raise BadUse("U282", name, rule=name)
    after = with_text(sources, file, text)
    wanted = compiling.from_sources(after, listed.of_store(running.folder / STORE_FILE))
    _alone(running.writer.pipeline.community.active, wanted, name)
    rulefiles.write(running.folder, file, after.rules[file])
    try:
        new = running.reload(by)
    except OmbudError:
        rulefiles.write(running.folder, file, before)
        raise
    return {"rule": name, "file": file, "activated": new}


def _alone(now: Active, wanted: Active, rule: str) -> None:
    """Raise BadUse U283 where more than this rule would come into force."""
    if not now.digest:
        return
    rules = [
        {name: _canonical(said) for name, said in each.manifest["rules"].items() if name != rule}
        for each in (now, wanted)
    ]
    what = sorted(
        name
        for name in {*now.manifest, *wanted.manifest} - _FOLLOWS
        if _said(now, name) != _said(wanted, name)
    )
    either = {**rules[0], **rules[1]}
    what += sorted(name for name in either if rules[0].get(name) != rules[1].get(name))
    if what:
        raise BadUse("U283", "folder", what=", ".join(what[:5]))


def _said(active: Active, name: str) -> bytes:
    """What a manifest says of something; of lists only what their files are, since what was done to
    them in the store is in force.
    """
    said = active.manifest.get(name)
    if name != "lists" or said is None:
        return _canonical(said)
    firsts = {each: told[0] if isinstance(told, list) else told for each, told in said.items()}
    return _canonical(firsts)


def _canonical(said: Any) -> bytes:
    """As it is written down: what was read back from there is of other types, and no change."""
    return msgspec.json.encode(said, order="sorted")
