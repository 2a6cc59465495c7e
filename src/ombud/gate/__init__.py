"""May this rule act by itself? `live` is a wish; a licence grants it.

    licence     what each action needs, and `ask`, through which every proposal passes
    evidence    what labels prove: the sequential tests of certificates and audits
    sample      one rule version's hits, drawn and put before people without saying what they are
    certificate what a proven rule has: until when, and how it is audited
    standing_order  what a person has ordered about a campaign, also for those still to come
    register    all of them, as the journal's controls left them, and what is due next

Pure: instants, seeds and answers come in as arguments, so that the live engine, a restart and
replay arrive at the same certificates. Nothing here may grant what the journal does not show.
"""

from __future__ import annotations

from ombud.gate.licence import (
    FREE,
    LEVELS,
    NEEDS,
    NEVER,
    STRENGTH,
    Answer,
    Kind,
    Licence,
    Need,
    ask,
    level_of,
    procedural,
    usual_hold,
)

__all__ = [
    "FREE",
    "LEVELS",
    "NEEDS",
    "NEVER",
    "STRENGTH",
    "Answer",
    "Kind",
    "Licence",
    "Need",
    "ask",
    "level_of",
    "procedural",
    "usual_hold",
]
