"""What a decision is in the `--json` of commands."""

from __future__ import annotations

from json_table import fields

DECISION = fields(
    ("id", "string", "The decision's id."),
    ("time", "string", "When it was made: receive time of its record."),
    ("subject", "string", "What is acted on, as the platform names it. Absent once erased."),
    ("clause", "string", "The clause it rests on."),
    ("policy_version", "string", "The clause's exact version. Absent once erased."),
    ("rules[]", "object", "The rules that led to it, the one that weighed most first."),
    ("rules[].name", "string", "The rule's name."),
    ("rules[].version", "string", "The rule's exact version. Absent once erased."),
    (
        "rules[].approved",
        "boolean or null",
        (
            "Whether somebody else than its author approved that version; null where that was not"
            " recorded yet. Absent once erased."
        ),
    ),
    ("by", "string", "`rule`, or a staff role."),
    ("licence", "string or null", "Why the rule may act by itself; null: it needs no licence."),
    ("actions[]", "object", "What is done."),
    ("actions[].type", "string", "The action's name."),
    ("actions[].on", "string", "`this`, `author`, `room` or `campaign`. Absent once erased."),
    ("actions[].params", "object", "What the action was given, such as a label's text."),
    ("actions[].until", "string or null", "When it ends."),
    ("automated_detection", "boolean", "Whether a program found it."),
    ("automated_decision", "boolean", "Whether a rule decided without a person."),
    ("reasons.what.*", "string", "The sentence on what was done, by language."),
    ("reasons.why.*", "string", "The rule's own words to the person, by language."),
    ("reasons.facts[]", "object", "Why the rule fired: what held, of `unless` as its opposite."),
    ("reasons.facts[].condition", "string", "The condition in the rule's words."),
    (
        "reasons.facts[].value",
        "string or integer or boolean or null",
        "The fact's value; lengths of time in microseconds.",
    ),
    ("reasons.facts[].said.*", "string", "The same in a sentence, by language."),
    (
        "reasons.facts[].matched[]",
        "string",
        "The words that matched, unless the clause withholds them.",
    ),
    ("appeal_until", "string", "Until when the person may appeal."),
    (
        "origin",
        "string",
        "What began it: `own initiative`, `flag`, `trusted flagger` or `demand`.",
    ),
    ("lang", "string", "The language the person is told in."),
    ("found_by", "object or null", "Of a person's decision: the rule that put it before them."),
    ("found_by.name", "string", "The rule's name."),
    ("found_by.version", "string", "The rule's exact version."),
    ("found_by.approved", "boolean or null", "As of `rules[]`."),
    (
        "eyes",
        "string or null",
        "Where a second person was needed: `two people` or `one person`; else null.",
    ),
    ("irreversible", "boolean", "Whether the platform cannot take it back."),
    (
        "content[]",
        "string",
        "What the content is made of: `text`, `image`, `video`, `audio`. Absent once erased.",
    ),
    (
        "content_lang",
        "string or null",
        "The language of its text, where that can be told. Absent once erased.",
    ),
    ("demand", "string or null", "The demand that began it."),
    (
        "again",
        "boolean",
        (
            "Of a hold: whether what it held has to be sent again once it is over, as on a platform"
            " that holds only before publication. Absent once erased."
        ),
    ),
    ("seq", "integer", "The journal record that led to it."),
    (
        "about",
        "integer",
        "The record it is about: `seq`, or an earlier member of the campaign that it completed.",
    ),
    ("ended", "integer or null", "The record by which it reached its end."),
    ("undone_by", "integer or null", "The record by which it was undone."),
    ("receipt.leaf", "integer", "Its position in the public log, from 0."),
    ("erased", "boolean", "True where the record was erased; only then present."),
)
