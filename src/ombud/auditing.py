"""Checking a public log, or a receipt, from public files alone: of a folder, or of a URL.

Nothing here needs the community's store or its keys. This module must never take what it could not
read for what it should be.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ombud import files
from ombud.egress import Answer, Egress, place
from ombud.errors import BadLedger, BadUse, catalogue
from ombud.ledger import checkpoint, counts, disclosure, note, policy, receipt
from ombud.ledger import verify as verification
from ombud.ledger.leaf import Leaf, parse_leaf
from ombud.ledger.policy import Policy
from ombud.ledger.tiles import FileReader
from ombud.transparency import FILE_BYTES_MAX, FOLDER, VKEY_FILE, read_file

catalogue(
    L081=("There is no public log in {path}.", "Name the folder that holds the file `checkpoint`."),
    L084=(
        "A receipt needs the log's key.",
        "Name it with --key; the log's operator publishes it, for example in its terms.",
    ),
    L085=(
        "The receipt does not hold the line that it proves.",
        "Get the public files of the log and look there for the line with this index.",
    ),
    L086=(
        "The public counts are not those that the entries give.",
        "Ask the operator about the difference; the entries say what was done.",
    ),
    U363=(
        "There is nothing called {place}.",
        "Name the folder or the URL of a log's public files, or a .tlog-proof.",
    ),
    L071=(
        "Of {day} the register of demands tells of {told}, the log of {lines}.",
        "A demand that was entered is not shown. Ask the operator which.",
    ),
    U497=(
        "{place} is no receipt, and a statement is checked against one.",
        "Keep both from the page of your statement, and name the .tlog-proof first.",
    ),
    L087=("The file {path} is missing.", "Get the whole folder; `transparency public` writes it."),
)

FETCH_SECONDS = 30.0
AGAIN = 3  # times that a log which grows meanwhile is checked
REGISTER = "demands.json"
ABOVE = (counts.FILE, REGISTER)  # the files that stand above the log's folder


@dataclass(frozen=True, slots=True)
class Trust:
    """What whoever checks relies on: the log's key, a policy of witnesses, a head seen before.

    Without a key the policy's is taken, which may name its logs. Without that too the key beside
    the log is taken, and so with the policy: then the log vouches for itself.
    """

    vkey: str | None = None
    policy: bytes | None = None
    seen: bytes | None = None

    def rules(self) -> Policy | None:
        """The policy, read. Raises `BadLedger` L024."""
        return None if self.policy is None else policy.parse(self.policy)


def reader(folder: Path) -> FileReader:
    """Reads the public files of a folder: of the log, and the counts that stand above it. The
    folder is the log's own or the one that holds it. Raises `BadLedger` L081.
    """
    place = folder / FOLDER if (folder / FOLDER / checkpoint.PATH).exists() else folder
    if not (place / checkpoint.PATH).exists():
        raise BadLedger("L081", str(folder), path=folder)
    above = place.parent if place.name == FOLDER else place

    def read(path: str) -> bytes | None:
        return read_file(above if path in ABOVE else place, path)

    return read


def fetcher(url: str, egress: Egress) -> FileReader:
    """The same under a URL. Raises BadUse U031 for what is no URL, `BadLedger` L081
    where no checkpoint is there.
    """
    base = url.rstrip("/")
    place(base, "url")

    def fetch(url: str) -> bytes | None:
        answer = egress.send(
            place(url, "url"),
            {},
            method="GET",
            seconds=FETCH_SECONDS,
            answer_bytes=FILE_BYTES_MAX,
        )
        if not isinstance(answer, Answer) or answer.status != 200 or answer.cut:
            return None
        return answer.body

    if fetch(f"{base}/{checkpoint.PATH}") is None:
        base = f"{base}/{FOLDER}"
        if fetch(f"{base}/{checkpoint.PATH}") is None:
            raise BadLedger("L081", url, path=url)
    above = base.removesuffix(f"/{FOLDER}")
    return lambda path: fetch(f"{above if path in ABOVE else base}/{path}")


def verify(read: FileReader, trust: Trust) -> dict[str, Any]:
    """Check all the public files behind a reader."""
    return _told(_verified(read, trust))


def _verified(read: FileReader, trust: Trust) -> verification.Report:
    beside, rules = (read(VKEY_FILE) or b"").decode("utf-8", "replace").strip(), trust.rules()
    vkey = _key(trust, rules, read(checkpoint.PATH) or b"") or beside
    return verification.verify(read, vkey, _seen(trust, vkey), rules)


def _told(report: verification.Report) -> dict[str, Any]:
    return {
        "ok": report.ok,
        "origin": report.origin,
        "size": report.size,
        "root": None if report.root is None else report.root.hex(),
        "witnesses": str(report.attested),
        "handovers": [
            {
                "kind": each.kind,
                "from": each.old.encode(),
                "to": each.new.encode(),
                "size": each.last.size,
                "root": each.last.root.hex(),
            }
            for each in report.handovers
        ],
        "problems": [
            {
                "code": each.code,
                "message": each.message,
                "where": each.path if each.index is None else f"{each.path}, entry {each.index}",
                "hint": each.hint,
            }
            for each in report.problems
        ],
        **report.counts.as_json(),
    }


def _key(trust: Trust, rules: Policy | None, head: bytes) -> str | None:
    """The key that was named, else the policy's of the log whose head this says it is."""
    if trust.vkey or rules is None:
        return trust.vkey
    named = rules.log(head.partition(b"\n")[0].decode("utf-8", "replace"))
    return None if named is None else named.encode()


def _seen(trust: Trust, vkey: str) -> checkpoint.Checkpoint | None:
    """The head that was seen before; under the key it was seen under, where that signs no more."""
    if trust.seen is None:
        return None
    return checkpoint.verify(trust.seen, note.parse_vkey(vkey))


def compare_counts(report: dict[str, Any], published: bytes | None) -> dict[str, Any]:
    """The report with a problem more where the counts that were published are not those that the
    entries give.
    """
    if published is None:
        problem = BadLedger("L087", counts.FILE, path=counts.FILE)
    elif _counts(published) != {each: report[each] for each in COUNTED}:
        problem = BadLedger("L086", counts.FILE)
    else:
        return report
    return {**report, "ok": False, "problems": [*report["problems"], problem.as_json()]}


def compare_register(
    report: dict[str, Any], lines: Mapping[str, int], published: bytes | None
) -> dict[str, Any]:
    """The report with a problem more where the register of demands, secret ones too, tells of fewer
    than were entered by the log. It may tell of more: those that came since the head was signed.
    """
    told = _entered(published)
    short = [day for day in sorted(lines) if told[day] < lines[day]]
    if not short:
        return report
    day = short[0]
    problem = BadLedger("L071", REGISTER, day=day, told=told[day], lines=lines[day])
    if published is None:
        problem = BadLedger("L087", REGISTER, path=REGISTER)
    return {**report, "ok": False, "problems": [*report["problems"], problem.as_json()]}


def _entered(published: bytes | None) -> Counter[str]:
    """How many demands a register tells of, by the day they were entered on."""
    try:
        items = json.loads(published or b"{}")["items"]
        found = {str(each["id"]): str(each["entered"]) for each in items}
    except (ValueError, RecursionError, KeyError, TypeError):
        return Counter()
    return Counter(found.values())


COUNTED = ("size", "root", "counts", "days")


def _counts(published: bytes) -> dict[str, Any] | None:
    try:
        read = json.loads(published)
    except (ValueError, RecursionError):
        return None
    return {each: read.get(each) for each in COUNTED} if isinstance(read, dict) else None


def verify_receipt(data: bytes, trust: Trust, statement: bytes | None = None) -> dict[str, Any]:
    """Check one receipt, offline, and that its line is about a `statement`, where one is given.
    Raises `BadLedger` where it does not hold; one that holds and of which the policy is not met is
    told with what is wrong.
    """
    given, rules = receipt.parse(data), trust.rules()
    vkey = _key(trust, rules, given.checkpoint)
    if not vkey:
        raise BadLedger("L084", "key")
    if not given.extra:
        raise BadLedger("L085")
    head = receipt.verify(given, given.extra, vkey)
    attested = rules.attested(given.checkpoint) if rules else policy.Attested()
    wrong: list[BadLedger] = []
    if rules and rules.logs and note.parse_vkey(vkey) not in rules.logs:
        wrong.append(BadLedger("L068", checkpoint.PATH))
    unmet = rules.unmet(attested) if rules else None
    wrong += [] if unmet is None else [unmet]
    line = parse_leaf(given.extra)
    said = {name: getattr(line, name) for name in line.__struct_fields__}
    told = {} if statement is None else {"statement": opened(line, statement)}
    return {
        "ok": not wrong,
        "problems": [each.as_json() for each in wrong],
        "origin": head.origin,
        "index": given.index,
        "size": head.size,
        "root": head.root.hex(),
        "witnesses": str(attested),
        "line": {name: value for name, value in said.items() if value is not None},
        **told,
    }


def opened(line: Leaf, statement: bytes) -> dict[str, str]:
    """What a statement says of a decision, part by part, once its line commits to that and says
    nothing else. Raises `BadLedger` L072.
    """
    found = disclosure.verify(statement, line.commitment)
    try:
        done = found["actions"][0]["type"]
        says = (found["time"][:10], found["clause"], done, found["automated_decision"])
    except (LookupError, TypeError):
        raise BadLedger("L072", detail="it says too little of the decision") from None
    if says != (line.day, line.clause, line.action, line.automated):
        raise BadLedger("L072", detail="the line says something else")
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in found.items()
    }


def check(
    place: str,
    trust: Trust,
    allow: Iterable[str] = (),
    *,
    counts: bool = False,
    statement: bytes | None = None,
) -> dict[str, Any]:
    """Check what a place names: a receipt, the folder of a log, or its URL. `allow`: addresses that
    may be asked although they are not public. `counts`: hold what was published against the entries
    too. `statement`: what a receipt's line must be about. Raises what cannot be checked at all.
    """
    if statement is not None and not Path(place).is_file():
        raise BadUse("U497", "--statement", place=place)
    if place.startswith(("https://", "http://")):
        egress = Egress(allow)
        try:
            return _whole(fetcher(place, egress), trust, counts)
        finally:
            egress.close()
    path = Path(place)
    if path.is_dir():
        return _whole(reader(path), trust, counts)
    if not path.exists():
        raise BadUse("U363", place, place=place)
    return verify_receipt(content(path), trust, statement)


def _whole(read: FileReader, trust: Trust, counted: bool) -> dict[str, Any]:
    if not counted:
        return verify(read, trust)
    for _ in range(AGAIN):
        head = read(checkpoint.PATH)
        found = _verified(read, trust)
        told = compare_counts(_told(found), read(counts.FILE))
        if told["ok"] or read(checkpoint.PATH) == head:
            break  # else another head was signed meanwhile, and the counts are of that one
    return compare_register(told, found.demands, read(REGISTER))


def content(path: Path) -> bytes:
    """A file that somebody named: a receipt, a policy, a checkpoint."""
    return files.content(path, receipt.MAX_RECEIPT_BYTES)
