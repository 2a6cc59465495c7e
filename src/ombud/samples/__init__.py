"""The day-one pack: rules, policies, lists and canned replies that an operator starts from.

Every rule in it watches and does nothing until an operator says so, but for the one that brings
what members report before people: it is live, and can do nothing else. This module must never
write a file: who copies the samples is `app`.
"""

from __future__ import annotations

import importlib.resources

FOLDERS = ("rules", "policies", "lists")
COPIED = (*FOLDERS, "replies")  # at the first start
_ENDINGS = {"rules": ".rule", "policies": ".md", "lists": ".txt", "replies": ".md"}


def files(folder: str) -> dict[str, bytes]:
    """The sample files of one folder (one of COPIED) by name, sorted."""
    ending = _ENDINGS[folder]
    source = importlib.resources.files("ombud.samples").joinpath(folder)
    found = {each.name: each for each in source.iterdir() if each.name.endswith(ending)}
    return {name: found[name].read_bytes() for name in sorted(found)}
