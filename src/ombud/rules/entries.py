"""Which list a condition asks, what of it, and by which of its entries the condition is true.

`phrases` decides whether a condition holds; this is asked of those that made a rule fire, and of
all before they run. This module must never decide anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ombud.rules.checked import Atom
from ombud.rules.tree import InList, Resembles
from ombud.signals import views
from ombud.signals.declare import Type
from ombud.signals.lists import Asked, Entry, Kept
from ombud.signals.lists.kept import Watched
from ombud.signals.observation import Observation
from ombud.signals.resolve import Fact


def asks(atom: Atom) -> tuple[str, Asked] | None:
    """The list that an atom asks, and what of it; None where it asks none."""
    written, known = atom.written, atom.facts[0]
    if isinstance(written, Resembles) and isinstance(written.likeness.other, str):
        part: Asked = "pictures" if is_picture(known) else "names"
        return written.likeness.other, "sites" if are_sites(known) else part
    if not isinstance(written, InList):
        return None
    if known.type is Type.TEXTS:
        return written.list, "hosts" if are_sites(known) else "exact"
    return written.list, "exact" if known.type is Type.NAME else "words"


def entries_of(
    atom: Atom, lists: Mapping[str, Kept | Watched], seen: Observation
) -> Iterator[Entry]:
    """The entries by which a true `in list` is true, each with its own list; of no other phrase."""
    written, known = atom.written, atom.facts[0]
    value = known.compute(seen) if isinstance(written, InList) else None
    if not isinstance(written, InList) or value is None:
        return
    kept = lists[written.list]
    if known.type is Type.TEXTS or known.type is Type.NAME:
        look = kept.host_entries if are_sites(known) else kept.entries
        for each in value if isinstance(value, tuple) else (str(value),):
            yield from look(seen.at, each)
    elif known.name == "text":
        yield from kept.text_entries(seen.at, seen.text, seen.normal, seen.folded, seen.skeleton)
    else:
        name, normal = str(value), views.normalise(str(value))
        yield from kept.text_entries(
            seen.at, name, normal, views.fold(normal), views.skeleton(name)
        )


def is_picture(known: Fact) -> bool:
    """Whether a fact's text is the hash of a picture."""
    return known.name.endswith(".avatar")


def are_sites(known: Fact) -> bool:
    """Whether a fact's texts are hosts."""
    return known.name == "links" or known.name.endswith(".links")
