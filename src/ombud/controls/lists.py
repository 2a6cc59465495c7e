"""Lists change while rules run: entries are added, imported, taken out, quarantined and released.

What a list holds is what its file says and what these controls did, in their order; so it can be
worked out for any record from the journal. What stands in an entry may be a person's id: the
journal names it by the digest of its line, and the line is kept beside, as list files are. This
module must never let a change through under which a rule in force would rest on what it may not.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import apsw
import msgspec

from ombud import journal
from ombud.activation import compiling
from ombud.activation.active import Active
from ombud.activation.compiling import Stored
from ombud.clock import rfc3339
from ombud.controls import staff
from ombud.effects import Effect, Group, Hands, Opened
from ombud.errors import CATALOGUE, BadData, BadUse, catalogue
from ombud.journal import Control
from ombud.rules import refuse
from ombud.rules.diagnostic import Report
from ombud.rules.entries import asks
from ombud.rules.load import imported
from ombud.signals.lists import Kept, TermList, reading
from ombud.signals.lists.changes import Changes
from ombud.signals.lists.terms import NEVER, key
from ombud.store.sqlite import Store
from ombud.track import Track
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
    U095=("The entry is not in quarantine in the list {name}.", "There is nothing to release."),
    U096=(
        "With this the list {name} would have more than {limit} entries.",
        "Take others out, or begin another list.",
    ),
    U097=(
        "Entries from elsewhere would let {rules} act on them alone.",
        "Add a line about the post itself to the rule, or leave the source out and vouch for it.",
    ),
    U098=(
        "The entry would never count: its end, {end}, has come already.",
        "Give an end that lies ahead, or none.",
    ),
)

QUARANTINED = "list entry quarantined"  # why the case is there
KEPT_EVERY = 512  # changes that a start goes through again
SINGLE = ("add", "remove", "quarantine", "release")
SOURCE_MAX = 200
_NAME = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*", re.ASCII)
_NAME_MAX = 100


class Line(NamedTuple):
    """What a change is about: one entry, as a line of a list file writes it, or a whole file."""

    content: bytes
    listed: TermList


def line(name: str, term: str, source: str = "", expires: str = "") -> Line:
    """The line of one entry. Raises BadUse U092 where it cannot be one."""
    fields = [term.strip(), source.strip(), expires.strip()]
    content = line_text(*fields).encode("utf-8", "replace")
    listed, problems = reading.parse(name, content)
    if any(mark in field for field in fields for mark in "\t\r\n") or len(source) > SOURCE_MAX:
        hint = f"Write it without line breaks and tabs, its source in {SOURCE_MAX} characters."
        raise BadUse("U092", "entry", detail="it is not one line.", hint=hint)
    if problems or len(listed.terms) != 1:
        raise BadUse("U092", "entry", **problems_said(problems))
    return Line(content, listed)


def line_text(term: str, source: str, expires: str | int | None = None) -> str:
    """An entry as a list file writes it."""
    if term.startswith(("#", "include:")):
        term = "\\" + term
    until = rfc3339(expires) if isinstance(expires, int) else expires or ""
    return f"{term}\t{source}\t{until}".rstrip("\t")


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
        line_text(term, listed.sources.get(term, source), listed.expires.get(term))
        for term in listed.terms
    ]
    whole = "\n".join(found).encode()
    return Line(whole, reading.parse(name, whole)[0])


def asked(do: str, name: str, about: Line, by: str | int | None, *, new: bool = False) -> Control:
    """The control of a change by somebody, or by a rule: None. Raises BadUse U091."""
    if _NAME.fullmatch(name) is None or len(name) > _NAME_MAX:
        raise BadUse("U091", "list", name=name[:_NAME_MAX])
    payload = {
        "do": do,
        "list": name,
        "content": compiling.content_digest(about.content),
        "form": reading.STARS,
        "imported": do in ("add", "import") and bool(about.listed.sources),
    }
    if by is None:
        return Control("list", {**payload, "by": "rule"}, {"about": about, "new": new})
    return Control("list", payload, {"about": about, "new": new, "by": by})


def sudden(community: Community, name: str, entry: str, rule: str, clause: str) -> Control | None:
    """The control that puts an entry in quarantine (`Track.misfires`), and a case before a person;
    None where it does not count any more anyway.
    """
    changes = community.lists.get(name)
    if changes is not None and entry in changes.quarantine:
        return None
    control = asked("quarantine", name, line(name, entry), None)
    cases = (Opened(clause, rule, "review", QUARANTINED),)
    return Control("list", {**control.payload, "rule": rule}, {**control.sealed, "cases": cases})


def prepare(community: Community, control: Control, at: int) -> None:
    """See whether a change can be made, and compile what the writer would else have to: a mistake
    does not even reach it. Raises BadUse as `change` does.
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


def change(hands: Hands, tx: Group, control: Control) -> Effect:
    """Change a list. Raises BadUse where the change cannot be made, and as `staff.require`; then
    nothing has changed.
    """
    payload, sealed = control.payload, control.sealed
    community, about = hands.community, sealed["about"]
    if payload.get("by") != "rule":  # else it has just matched
        payload = {**payload, "by": staff.require(community, hands.keys, sealed["by"], "lists")}
        _possible(community, payload, about, tx.recv, new=sealed["new"])
    apply(community, tx.seq, payload, about.listed)

    def write() -> None:
        hands.store.run("add_content", (payload["content"], about.content))
        if payload["do"] == "release":
            _release(hands.store, payload["list"], key(about.listed.terms[0]))
        _keep(hands.store, community)

    tx.later.append(write)
    count = len(about.listed.terms)
    version = community.active.digest
    return Effect(
        payload, "config", {"version": version}, touched=count, cases=sealed.get("cases", ())
    )


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


def _release(store: Store, name: str, entry: str) -> None:
    """What an entry matched lately is usual from now on."""
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
    if do in ("add", "import"):
        if do == "add" and about.listed.all_ends and about.listed.all_ends[0] <= at:
            raise BadUse("U098", "entry", end=rfc3339(about.listed.all_ends[0]))
        if not _has_room(kept, changes, about.listed, again=do == "add"):
            raise BadUse("U096", "list", name=name, limit=reading.ENTRIES_MAX)
        if payload["imported"]:
            _bearable(community, name)
        return
    known = key(about.listed.terms[0])
    quarantined = changes is not None and known in changes.quarantine
    if do == "release":
        if not quarantined:
            raise BadUse("U095", "entry", name=name)
    elif not _stands(known, kept, changes, at):
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


def _stands(known: str, kept: Kept | None, changes: Changes | None, at: int) -> bool:
    """Whether the list itself has an entry, quarantined or not."""
    if changes is not None and changes.here(known, at):
        return True
    if kept is None or (changes is not None and known in changes.spoken):
        return False
    return known in kept.written.keys and kept.written.ends.get(known, NEVER) > at


def _elsewhere(known: str, kept: Kept | None, at: int) -> str:
    """Where else an entry stands, as the end of a sentence."""
    for other in kept.reach[1:] if kept else ():
        if _stands(known, other, other.changes, at):
            return f" of its own: it stands in {other.name}, which the list includes"
    return ""


def _bearable(community: Community, name: str) -> None:
    """Raise BadUse U097 where a rule in force would rest on what came from elsewhere alone."""
    before = {each: changes.imported for each, changes in community.lists.items()}
    wrong = resting(community.active, before, {**before, name: True})
    if wrong:
        raise BadUse("U097", "source", rules=", ".join(wrong[:5]))


def resting(active: Active, before: Mapping[str, bool], after: Mapping[str, bool]) -> list[str]:
    """The rules that would rest on what came from elsewhere alone, once entries in the store have
    come from elsewhere as `after` says, and not as `before`.
    """
    known, then = imported(active.lists, before), imported(active.lists, after)
    wrong = []
    for rule in active.rules if then != known else ():
        named = {found[0] for found in map(asks, rule.atoms()) if found is not None}
        if named & (then - known):
            report = Report(rule.name)
            refuse.weak_evidence(report, rule.tree, rule.when, rule.unless, then)
            if any(problem.code == "R073" for problem in report.found):
                wrong.append(rule.name)
    return wrong


# --- what every telling of the journal does -------------------------------------------------------


def apply(community: Community, seq: int, payload: Mapping[str, Any], listed: TermList) -> None:
    """Let a change take effect: for every record after it."""
    name, do = payload["list"], payload["do"]
    changes = community.lists.get(name)
    if changes is None:
        changes = community.lists[name] = Changes(name)
    changes.seq = seq
    changes.unkept += 1
    term = listed.terms[0]
    if do == "import":
        changes.take_in(listed)
    elif do == "add":
        changes.add(term, listed.sources.get(term, ""), listed.expires.get(term))
    elif do == "remove":
        changes.remove(key(term))
    elif do == "quarantine":
        changes.quarantine[key(term)] = seq
    else:
        changes.quarantine.pop(key(term), None)
    settle(community, name)


def settle(community: Community, name: str = "") -> None:
    """Let the configuration in force see the changes: of one list, or of all."""
    active = community.active
    if not active.digest:
        return
    told = {each: Stored(one.seq, one.imported) for each, one in community.lists.items()}
    community.active = compiling.with_lists(active, told)
    community.attach(name)


def apply_recorded(
    community: Community, store: Store, seq: int, payload: Mapping[str, Any]
) -> None:
    """Apply a change as it was journalled."""
    row = store.one("content", (payload["content"],))
    content = bytes(row[0]) if row else b""
    if compiling.content_digest(content) != payload["content"]:
        raise BadData("D017", payload["list"], file=payload["list"])
    listed, _ = reading.parse(payload["list"], content, payload["form"])
    apply(community, seq, payload, listed)


def restore(community: Community, store: Store) -> None:
    """Bring the lists back as the journal's changes left them: from what was put away, and the
    changes since. Before a configuration is in force this costs least.
    """
    for name, state in store.all("list_states"):
        try:
            community.lists[name] = Changes.decoded(name, state)
        except msgspec.DecodeError:
            raise BadData("D017", name, file=name) from None
    upto = max((each.seq for each in community.lists.values()), default=0)
    for seq, _, text in store.all("controls_after", ("!list", upto)):
        apply_recorded(community, store, seq, journal.read_json(text))
    if community.lists:
        settle(community)


def of_store(path: Path) -> dict[str, Stored]:
    """The same of a store that nobody has opened yet, if it is there."""
    if not path.exists():
        return {}
    store = Store(path, readonly=True)
    try:
        return {} if store.empty else stored(store)
    except apsw.Error as error:
        raise BadData("D003", str(path), detail=str(error)) from None
    finally:
        store.close()


def stored(store: Store) -> dict[str, Stored]:
    """Which lists have been changed: when last, and whether anything came from elsewhere."""
    found = {row[0]: Stored(row[1], bool(row[2])) for row in store.all("list_seqs")}
    upto = max((each.seq for each in found.values()), default=0)
    for seq, _, text in store.all("controls_after", ("!list", upto)):
        payload = journal.read_json(text)
        before = found.get(payload["list"])
        from_elsewhere = payload["imported"] or (before is not None and before.imported)
        found[payload["list"]] = Stored(seq, from_elsewhere)
    return found
