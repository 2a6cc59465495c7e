"""Which rules have a summary that is published instead of their text, and which had one to the end.

A summary is a file `NAME.summary.md` beside the rules, read when it is shown. Where a rule goes
together with its summary no file says any more that its texts were kept back; so the store knows,
from when it comes into force, once an hour, and at the end. A summary that is taken away while its
rule stays gives the texts free when that is looked at next: that is for the operator to do. This
module must never take a folder that it cannot list for one without summaries.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from ombud import config, files
from ombud.errors import BadData
from ombud.rules.parse import NAME
from ombud.store.sqlite import Store

FOLDER = "rules"
BYTES_MAX = 16 * 1024


def texts(folder: Path) -> dict[str, str] | None:
    """The summaries in a data folder, by the name of their rule. One that cannot be read, or is
    longer than BYTES_MAX, is "": its rule's text is kept back all the same. None where the folder
    cannot be listed: nobody knows then of which rules there are any.
    """
    named = _named(folder)
    return None if named is None else {name: _text(path) for name, path in named.items()}


def note(store: Store, folder: Path, rules: Collection[str]) -> None:
    """Keep which of the rules in force have a summary, and of which that are in force no more the
    texts up to now stay back. Where the folder or a rule cannot be read all stays as it is known.
    """
    named = _named(folder)
    try:
        rule_files = config.all_of(folder / FOLDER, config.FOLDERS[FOLDER])
    except BadData:
        return
    if named is None:
        return
    known = {rule: (bool(had), until) for rule, had, until in store.all("summarised")}
    seq = store.one("head_seq")
    for rule in sorted({*known, *(named.keys() & set(rules))}):
        had, until = known.get(rule, (False, -1))
        going = rule in rules and not _is_rule(rule_files, rule)  # its file is gone already
        has = (rule in named and (had or rule in rules)) or (had and going)
        if had and rule not in rules and (rule not in named or until < 0):
            until = max(until, -1 if seq is None else int(seq[0]))
        if not has and until < 0:
            store.run("unsummarise", (rule,))
        elif (has, until) != known.get(rule):
            store.run("summarise", {"rule": rule, "had": has, "until": until})


def kept_back(store: Store) -> dict[str, tuple[bool, int]]:
    """Of rules that had a summary: whether they have one as far as is known, and up to which record
    the texts that came into force before stay back; -1 for none.
    """
    return {rule: (bool(had), until) for rule, had, until in store.all("summarised")}


def orphans(folder: Path) -> tuple[str, ...]:
    """The summaries that no rule is called after, as `config.beside` tells what is not read."""
    named = _named(folder)
    if not named:
        return ()
    rules = config.all_of(folder / FOLDER, config.FOLDERS[FOLDER])
    lone = [path.name for name, path in named.items() if not _is_rule(rules, name)]
    return tuple(f"{FOLDER}/{name}" for name in lone)[: config.UNREAD_MAX]


def _is_rule(rules: Mapping[str, bytes], name: str) -> bool:
    """Whether a file holds a rule of this name, whatever the file is called."""
    head = re.compile(rf"^rule[ \t]+{re.escape(name)}[ \t\r]*(?:#.*)?$".encode(), re.MULTILINE)
    return any(head.search(content) for content in rules.values())


def _named(folder: Path) -> dict[str, Path] | None:
    try:
        paths = sorted((folder / FOLDER).iterdir())
    except OSError:
        return None
    named = {path.name.removesuffix(config.SUMMARY): path for path in paths
             if path.name.endswith(config.SUMMARY)}  # fmt: skip
    return {name: path for name, path in named.items() if NAME.fullmatch(name)}


def _text(path: Path) -> str:
    try:
        return files.content(path, BYTES_MAX).decode("utf-8", "replace").strip()
    except BadData:
        return ""
