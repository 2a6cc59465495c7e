"""The page about queues: which ones the shipped rules name, and why a case stands in one.

This module must never name a queue by itself: they are read off the shipped rules.
"""

from __future__ import annotations

from collections.abc import Iterator

from markdown_pieces import explained, page, table

from ombud import gate, matches, samples
from ombud.controls import irreversible
from ombud.controls.certificates import DEMOTED
from ombud.controls.lists import BUSY, OVER_CAP, QUARANTINED
from ombud.review import case, gathering
from ombud.rules import parse
from ombud.verdicts.choices import REVIEWED

INTRODUCTION = """
A queue is where cases of one sort wait for a person. Rules name it: `for review in queue "spam"`,
or `alert "on call"`. Queues are named in `ombud.toml`, each with what it is for:

```toml
[queues]
spam = "Advertising and repeated posts"
raid = "Many joins at once"
```

Where none are named there, rules may name any. Where some are, another one is an error in a live
rule and a warning in others (R082). A case whose rule names no queue stands in `review`, appeals in
`appeals`. In which order they come, and who may decide what, stands in
[cases](../explanation/cases.md).
"""
REASONS = {
    "no licence": "A live rule fired, and nothing allows it to act by itself.",
    "people only": "It asked for what only a person may do: context, lock, ban, suspend.",
    "not on this platform": "The platform cannot do what the rule asks for.",
    "cannot be undone": "The platform could not take it back, so a rule does not do it.",
    "alert": "The rule says that a person should look, and restricts nothing.",
    "hold": "Something waits; a person may release or keep it before the time is up.",
    "require approval": "A room lets people in by hand.",
    "slow": "A room is slowed.",
    "over cap": "More was done today than the licence's cap: it is held, and a person is asked.",
    "demoted": "A rule has lost its certificate: look at what it did.",
    "certificate lost": "What that rule did since its last clean audit, and nobody has judged.",
    "list entry sudden": "An entry of a list matches much more than it usually does.",
    "list entry over cap": "An entry restricted very many in a day: it hides nothing more.",
    "list entry on watch": "An entry on watch matched very much: a person confirms it or not.",
    "list entry quarantined": "Such an entry hit established people and does not count any more.",
    "list entry retracted": "What rests on an entry that whoever published it took back.",
    "already judged": "A flag of what a person judged, unchanged since: closed as it is made.",
    "appeal": "Somebody has appealed; decided with `ombud appeals decide`.",
    "cannot be undone, done": "What cannot be taken back: somebody else looks within 72 hours.",
    "second look": "Two people judged it differently, each without knowing of the other.",
    "action failed": "The platform has not done what it was asked, after every try.",
    "notice failed": "A message did not arrive, after every try.",
}


def _named() -> Iterator[tuple[str, str, str]]:
    for file, content in samples.files("rules").items():
        rule, _ = parse.parse(file, content)
        for action in rule.then:
            queue = action.queue or (action.text if action.type == "alert" else None)
            if queue is not None:
                yield queue, rule.name, rule.clause


def queues_page() -> str:
    """Queues and the reasons of cases."""
    of_lists = {matches.SUDDEN, QUARANTINED, BUSY, OVER_CAP}
    known = {each.value for each in gate.Answer} | {*REVIEWED, *of_lists, DEMOTED}
    known |= {gathering.UNCHANGED, case.APPEAL, irreversible.REASON}
    explained(known | set(REASONS), REASONS, "REASONS of queues_reference.py")
    rows = sorted({(f"`{queue}`", f"`{rule}`", f"`{clause}`") for queue, rule, clause in _named()})
    return page(
        "Queues",
        INTRODUCTION,
        "## Queues of the shipped rules",
        table(["queue", "rule", "clause"], rows),
        "## Why a case is opened",
        table(["reason", "means"], ((f"`{name}`", said) for name, said in REASONS.items())),
    )
