"""Lists change while rules run: entries are added, imported, taken out, quarantined and released.

What a list holds is what its file says and what these controls did, in their order; so it can be
worked out for any record from the journal. What stands in an entry may be a person's id: the
journal names it by the digest of its line, and the line is kept beside, as list files are. This
module must never let a change through under which a rule in force would rest on what it may not.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from ombud.activation import compiling
from ombud.activation.standing import ONE_PERSON
from ombud.clock import rfc3339
from ombud.controls import breadth, elsewhere, followed, protecting, staff, watching
from ombud.controls.listed import FOLLOWS, apply
from ombud.effects import Effect, Hands, Opened
from ombud.errors import CATALOGUE, BadUse, catalogue
from ombud.journal import Control
from ombud.rules.entries import asks
from ombud.signals.lists import Kept, TermList, reading
from ombud.signals.lists import changes as changing
from ombud.signals.lists.changes import Changes
from ombud.signals.lists.terms import NEVER, key
from ombud.store.sqlite import Store
from ombud.track import Sudden, Track
from ombud.transaction import Transaction
from ombud.verdicts.community import Community

catalogue(
    U090=("There is no list called {name}.", "{hint}"),
    U091=(
        "{name} cannot be the name of a list.",
        'Take small letters, digits and single spaces, as in "bad sites".',
    ),
    U092=("This cannot be an entry: {detail}", "{hint}"),
    U093=("The list {name} has no such entry{elsewhere}.", "`ombud lists show` shows its entries."),
    U094=(
        "The entry is {state} in the list {name} already.",
        "`ombud lists show` tells how its entries stand.",
    ),
    U447=(
        "The reason cannot be kept: it has more than {limit} characters, or some that do not show.",
        "Say in a sentence why the entry shall not count here.",
    ),
    U095=("The entry is not in quarantine in the list {name}.", "There is nothing to release."),
    U096=(
        "With this the list {name} would have more than {limit} entries.",
        "Take others out, or begin another list.",
    ),
    U098=(
        "The entry would never count: its end, {end}, has come already.",
        "Give an end that lies ahead, or none.",
    ),
)

QUARANTINED = "list entry quarantined"  # why the case is there
BUSY = "list entry on watch"
OVER_CAP = "list entry over cap"
KEPT_EVERY = 512  # changes that a start goes through again
SINGLE = ("add", "remove", "quarantine", "release", "confirm")
SOURCE_MAX, REASON_MAX = 200, 500
_NAME = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*", re.ASCII)
_NAME_MAX = 100


class Line(NamedTuple):
    """What a change is about: one entry, as a line of a list file writes it, or a whole file."""

    content: bytes
    listed: TermList
    form: int = reading.STARS


def line(name: str, term: str, source: str = "", expires: str = "") -> Line:
    """The line of one entry. Raises BadUse U092 where it cannot be one."""
    return _line(name, (term, source, expires), reading.STARS)


def standing(name: str, term: str) -> Line:
    """The line of an entry as it may stand in any list. Raises BadUse U092."""
    return _line(name, (term, "", ""), reading.GLOBS)


def _line(name: str, written: Sequence[str], form: int) -> Line:
    fields = [each.strip() for each in written]
    content = reading.line_text(*fields).encode("utf-8", "replace")
    listed, problems = reading.parse(name, content, form)
    if any(mark in each for each in fields for mark in "\t\r\n") or len(written[1]) > SOURCE_MAX:
        hint = f"Write it without line breaks and tabs, its source in {SOURCE_MAX} characters."
        raise BadUse("U092", "entry", detail="it is not one line.", hint=hint)
    if problems or len(listed.terms) != 1:
        raise BadUse("U092", "entry", **problems_said(problems))
    return Line(content, listed, form)


def reason(said: str) -> str:
    """Why an entry shall not count here, as it is kept. Raises BadUse U447."""
    plain = " ".join(said.split())
    if len(plain) > REASON_MAX or not plain.isprintable():
        raise BadUse("U447", "reason", limit=REASON_MAX)
    return plain


def problems_said(problems: tuple[reading.Problem, ...]) -> Mapping[str, str]:
    """The first problem in words."""
    if not problems:
        return {"detail": "there is no visible term.", "hint": "Write the term."}
    entry, first = CATALOGUE[problems[0].code], problems[0].arguments
    message = entry.message.format(**first)
    return {"detail": message[0].lower() + message[1:], "hint": entry.hint.format(**first)}


def file_of(name: str, content: bytes, source: str) -> Line:
    """The lines of a file to import, each with where it comes from. Raises BadUse U092 where any
    line cannot be an entry: nothing is half imported.
    """
    listed, problems = reading.parse(name, content)
    wrong = [each for each in problems if not each.warning]
    if wrong:
        said = problems_said(tuple(wrong))
        raise BadUse("U092", f"line {wrong[0].line}", **said)
    if listed.includes or not listed.terms:
        what = "a file to import includes no other." if listed.includes else "the file has none."
        raise BadUse("U092", "file", detail=what, hint="Write one entry a line.")
    found = [
        reading.line_text(term, listed.sources.get(term, source), listed.expires.get(term))
        for term in listed.terms
    ]
    whole = "\n".join(found).encode()
    return Line(whole, reading.parse(name, whole)[0])


def asked(
    do: str, name: str, about: Line, by: str | int | None, *, new: bool = False, **given: Any
) -> Control:
    """The control of a change by somebody, or by a rule: None. `given`: `breadth` of what is added;
    of what is confirmed, `whole` for all that came with it, and how many matches were `seen`.
    Raises BadUse U091.
    """
    if _NAME.fullmatch(name) is None or len(name) > _NAME_MAX:
        raise BadUse("U091", "list", name=name[:_NAME_MAX])
    payload = {
        "do": do,
        "list": name,
        "content": compiling.content_digest(about.content),
        "form": about.form,
        "imported": do in ("add", "import") and changing.elsewhere(about.listed.sources.values()),
    }
    sealed = {"about": about, "new": new, **given}
    if by is None:
        return Control("list", {**payload, "by": "rule"}, sealed)
    return Control("list", payload, {**sealed, "by": by})


def sudden(community: Community, found: Sudden, at: int) -> Control | None:
    """The control that puts an entry in quarantine (`Track.misfires`), lets what came with it stay
    on watch until a person has looked, or lets it hide nothing more, and a case before a person;
    None where that is so already, or where it does not count any more.
    """
    changes, more = community.lists.get(found.list), {}
    if changes is not None and found.entry in changes.quarantine:
        return None
    if found.do == "cap" and changes is not None and found.entry in changes.capped:
        return None
    if found.do == "hold":
        batch = None if changes is None else changes.batch_of(found.entry, at)
        if changes is None or batch is None or changes.batches[batch].why:
            return None
        more = {"batch": batch, "why": "busy"}
    about = standing(found.list, found.entry)
    control = asked(found.do, found.list, about, None)
    reason = {"hold": BUSY, "cap": OVER_CAP}.get(found.do, QUARANTINED)
    cases = (Opened(found.clause, found.rule, "review", reason),)
    payload = {**control.payload, **more, "rule": found.rule}
    return Control("list", payload, {**control.sealed, "cases": cases})


def prepare(community: Community, control: Control, at: int, files: Sequence[Path]) -> Control:
    """See whether a change can be made, how much of the latest posts in the `files` (store, keys)
    what is added would match, and compile what the writer would else have to: a mistake does not
    even reach it. Raises BadUse as `change` does.
    """
    do, name = control.payload["do"], control.payload["list"]
    active, about = community.active, control.sealed["about"]
    kept = active.lists.get(name)
    if do in ("remove", "quarantine"):
        for each in kept.reach if kept else ():
            _ = each.written.keys
    if do == "import":
        for found in filter(None, (asks(atom) for rule in active.rules for atom in rule.atoms())):
            if any(each.name == name for each in active.lists[found[0]].reach):
                getattr(about.listed, found[1])
    _possible(community, control.payload, about, at, new=control.sealed["new"])
    if do not in ("add", "import"):
        return control
    wide = breadth.beside(files[0], files[1], active, name, about.listed)
    return Control(control.type, control.payload, {**control.sealed, "breadth": wide})


def change(hands: Hands, tx: Transaction, control: Control) -> Effect:
    """Change a list. Raises BadUse where the change cannot be made, and as `staff.require`; then
    nothing has changed.
    """
    payload, sealed = control.payload, control.sealed
    community, about = hands.community, sealed["about"]
    if payload["do"] in FOLLOWS:
        if payload["do"] == "follow":
            followed.require_room(community, payload["list"])
            elsewhere.bearable(community, payload["list"])
        return followed.change(hands, tx, control)
    lone = False
    if payload.get("by") != "rule":  # else it has just matched
        by = staff.require(community, hands.keys, sealed["by"], "lists")
        payload = {**payload, "by": by}
        _possible(community, payload, about, tx.recv, new=sealed["new"])
        if payload["do"] == "confirm":
            payload = {
                **payload,
                **watching.confirmed(hands, payload, about.listed, sealed, tx.recv),
            }
            lone = payload["one_person"]
        elif payload["do"] in ("add", "import") and not _counts(community, payload, about, tx.recv):
            found = sealed.get("breadth") or breadth.Breadth(0, 0)
            batch = watching.begun(by, tx.recv, len(about.listed.terms), found)
            payload = {**payload, "watch": msgspec.to_builtins(batch)}
        if _lets_off(community, payload, about, tx.recv):
            payload = {**payload, **protecting.agreed(hands, payload, about.listed, tx.recv)}
            lone = payload.get("one_person", False)
    apply(community, tx.seq, payload, about.listed)

    def write() -> None:
        hands.store.run("add_content", (payload["content"], about.content))
        if payload["do"] in protecting.TAKES:
            gone = (payload["list"], key(about.listed.terms[0]))
            hands.store.run("drop_list_going", gone)
        if payload["do"] in ("release", "quarantine"):
            _spoken_of(hands.store, payload, key(about.listed.terms[0]), sealed, tx.recv)
        _keep(hands.store, community)

    tx.later.append(write)
    count = len(about.listed.terms)
    if payload["do"] == "confirm":
        count = payload["entries"]
    fields = {"version": community.active.digest, "outcome": ONE_PERSON if lone else None}
    return Effect(payload, "config", fields, touched=count, cases=sealed.get("cases", ()))


def _keep(store: Store, community: Community) -> None:
    """Now and then put away what was done to lists: of all that have changed, so that the last of
    their records is where a start goes on.
    """
    changed = [each for each in community.lists.values() if each.unkept]
    if sum(each.unkept for each in changed) >= KEPT_EVERY:
        for each in changed:
            row = (each.name, each.seq, int(each.imported), each.encoded())
            store.run("put_list_state", row)
            each.unkept = 0


def _spoken_of(
    store: Store, payload: Mapping[str, Any], entry: str, sealed: Mapping[str, Any], now: int
) -> None:
    """Why an entry counts no more is kept, until it is released: then what it matched lately is
    usual.
    """
    name, reason = payload["list"], sealed.get("reason")
    if payload["do"] == "quarantine":
        if reason:
            store.run("put_list_refusal", (name, entry, reason, payload["by"], now))
        return
    store.run("drop_list_refusal", (name, entry))
    row = store.one("list_record", (name, entry))
    if row is not None:
        track = Track.decoded(row[0])
        track.release()
        store.run("put_list_record", (name, entry, track.encoded()))


def _possible(
    community: Community, payload: Mapping[str, Any], about: Line, at: int, *, new: bool
) -> None:
    """Raise BadUse where a change cannot be made at the instant `at`."""
    do, name = payload["do"], payload["list"]
    kept, changes = community.active.lists.get(name), community.lists.get(name)
    if kept is None and changes is None and not (new and do in ("add", "import")):
        raise BadUse("U090", "list", name=name, hint=_hint(name, do, community))
    if do in ("add", "import", "remove"):
        followed.require_own(community, name)
    if do in ("add", "import"):
        if do == "add" and about.listed.all_ends and about.listed.all_ends[0] <= at:
            raise BadUse("U098", "entry", end=rfc3339(about.listed.all_ends[0]))
        if not _has_room(kept, changes, about.listed, again=do == "add"):
            raise BadUse("U096", "list", name=name, limit=reading.ENTRIES_MAX)
        if payload["imported"]:
            elsewhere.bearable(community, name)
        return
    known = key(about.listed.terms[0])
    quarantined = changes is not None and known in changes.quarantine
    if do == "release":
        if not quarantined and (changes is None or known not in changes.capped):
            raise BadUse("U095", "entry", name=name)
    elif not _stands(known, kept, changes, at):  # to confirm it, too
        raise BadUse("U093", "entry", name=name, elsewhere=_elsewhere(known, kept, at))
    elif quarantined and do == "quarantine":
        raise BadUse("U094", "entry", name=name, state="in quarantine")


def _has_room(kept: Kept | None, changes: Changes | None, new: TermList, *, again: bool) -> bool:
    """Whether a list can take more entries; `again`: one takes the place of any of its key. What
    was taken out is looked for only in a list that seems full.
    """
    most = reading.ENTRIES_MAX - len(new.terms)
    written = kept.written if kept else None
    size = (len(written.terms) if written else 0) + (changes.size if changes else 0)
    if size <= most:
        return True
    known = key(new.terms[0]) if again else ""
    size = changes.size_without(known) if changes else 0
    if written is not None:
        gone = (changes.spoken if changes else set()) | {known}
        size += len(written.terms) - len(written.keys & gone)
    return size <= most


def _hint(name: str, do: str, community: Community) -> str:
    near = difflib.get_close_matches(name, [*community.active.lists, *community.lists], n=1)
    if near:
        return f'Did you mean "{near[0]}"?'
    return "Say --new to begin it." if do in ("add", "import") else "`ombud lists list` shows all."


def _counts(community: Community, payload: Mapping[str, Any], about: Line, at: int) -> bool:
    """Whether what is to be added by itself counts already: then it goes on to. An import stands
    beside what is there, which it takes nothing from.
    """
    if payload["do"] == "import":
        return False
    known, name = key(about.listed.terms[0]), payload["list"]
    kept, changes = community.active.lists.get(name), community.lists.get(name)
    return _stands(known, kept, changes, at, counting=True)


def _lets_off(community: Community, payload: Mapping[str, Any], about: Line, at: int) -> bool:
    """Whether a change takes away an entry that counts, and by which a rule lets people off."""
    do, name = payload["do"], payload["list"]
    if do not in protecting.TAKES or name not in community.active.exempting:
        return False
    known, changes = key(about.listed.terms[0]), community.lists.get(name)
    if changes is not None and known in changes.quarantine:
        return False
    kept = community.active.lists.get(name)
    if not _stands(known, kept, changes, at, counting=True):
        return False
    return protecting.takes(do, about.listed, _end(known, kept, changes))


def _end(known: str, kept: Kept | None, changes: Changes | None) -> int:
    """Until when an entry counts: the latest end that it has anywhere in the list itself."""
    ends = [
        part.listed.ends.get(known, NEVER)
        for part in (changes.parts if changes else ())
        if known in part.listed.keys and known not in part.hidden
    ]
    if (
        kept is not None
        and known in kept.written.keys
        and not (changes and known in changes.spoken)
    ):
        ends.append(kept.written.ends.get(known, NEVER))
    return max(ends, default=NEVER)


def _stands(
    known: str, kept: Kept | None, changes: Changes | None, at: int, *, counting: bool = False
) -> bool:
    """Whether the list itself has an entry, quarantined or not; `counting`: and not on watch."""
    if changes is not None and changes.here(known, at, counting=counting):
        return True
    if kept is None or (changes is not None and known in changes.spoken):
        return False
    if counting and changes is not None and known in changes.edited_on_watch(at):
        return False
    return known in kept.written.keys and kept.written.ends.get(known, NEVER) > at


def _elsewhere(known: str, kept: Kept | None, at: int) -> str:
    """Where else an entry stands, as the end of a sentence."""
    for other in kept.reach[1:] if kept else ():
        if _stands(known, other, other.changes, at):
            return f" of its own: it stands in {other.name}, which the list includes"
    return ""
