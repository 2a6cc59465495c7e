"""The six texts of sheet 11: how Ombud moderates, in words that hold for every community.

They are where a provider begins, who knows what else it does. This module must never promise what
the program does not do.
"""

from __future__ import annotations

from ombud.dsa import sheets

_TEXTS = (
    # a summary
    (
        "Posts, profiles, registrations and entries to rooms are looked at as they come in, by "
        "rules that the service publishes as clauses with a day since when they hold. In the "
        "period {alone} measures were taken by a rule alone and {together} by a person or with "
        "one. Everybody who is restricted is told which clause, why, until when, and how to "
        "appeal; a person decides appeals."
    ),
    # detection, and how measures are chosen
    (
        "What is looked for is conduct: unsolicited advertising, deception, impersonation, "
        "harassment, threats, hatred, other people's private data, harmful software and "
        "flooding. No clause is about an opinion. Rules read structure, counts over time, "
        "links, resemblance of names and texts, and lists. Members can flag what they see. "
        "Measures are gradual: most that a rule takes by itself are a hold of at most 24 hours "
        "for a person to look at. Measures by kind are counted in parts 5 and 6 of this report."
    ),
    # the automated means
    (
        "Automated means are written rules with conditions that a reader can check, and small "
        "statistical models that a rule may ask for a score. No rule suspends an account. Each "
        "decision keeps the version of the rule and of the clause it rests on, and can be "
        "worked out again from the record."
    ),
    # accuracy and error
    (
        "A rule restricts by itself in three cases only. Under a procedural clause it may hold "
        "for a bounded time, accusing nobody. Under a standing order it does what a person has "
        "decided about one campaign. Under a certificate it has shown its precision, as a lower "
        "bound at 95 % confidence on a random sample that people labelled without seeing what "
        "the rule had said: 95 % for holds up to 72 hours and labels, 98 % for removals. "
        "Certificates end after 90 days, with any change of the rule, and on an alarm of the "
        "blind audits. The indicator of part 8 is precision, in rows of each rule under a "
        "certificate, since it says how many of those restricted should not have been; how much a "
        "rule misses is not known. Appeals decided are in part 7; their share of reversals is no "
        "error rate, since not everybody appeals."
    ),
    # purposes
    (
        "Automated means are used to find what breaks a published clause, to hold it until a "
        "person has looked, to act where a certificate or a person's order allows it, and to "
        "bring what is doubtful before people in an order. They are used for nothing else."
    ),
    # safeguards
    (
        "Holds end by themselves. Every restriction is told to the person, can be appealed for "
        "six months without an account, and is decided by somebody else than who decided "
        "before, or is named as reconsidered by the same person. At a daily cap a rule falls "
        "back to asking people. Decisions of a rule, of a person or of a time range can be "
        "taken back at once. Every decision stands in a public log that anybody can verify."
    ),
)


def texts(alone: int, together: int) -> tuple[tuple[str, str], ...]:
    """Each indicator with its text; how many measures rules took alone, and how many people did."""
    filled = (each.format(alone=alone, together=together) for each in _TEXTS)
    return tuple(zip(sheets.TEXTS, filled, strict=True))
