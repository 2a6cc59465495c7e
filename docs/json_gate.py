"""What the `--json` commands about certificates print."""

from __future__ import annotations

from json_table import Field, fields, under

_SAMPLE = fields(
    ("rule", "string", "The rule."),
    ("version", "string", "Its exact version: the sample is of no other."),
    ("clause", "string", "The clause its hits are held against."),
    ("level", "integer", "The precision to be proved, in permille."),
    (
        "state",
        "string",
        "`being drawn`, `labelling`, `stopped`, `proved`, or `not in force` (another version is).",
    ),
    ("labellers[]", "string or null", "Who may label; null where somebody was erased."),
    ("one_labeller", "boolean", "Whether one person labels each item: told in public."),
    ("hits", "integer", "Hits that were there to be drawn from."),
    ("labels", "integer", "Labelled hits that count."),
    ("right", "integer", "Of them, those that break the clause, as everybody says who labelled."),
    ("others", "integer", "Labelled items that the rule did not hit."),
    ("others_breaking", "integer", "Of them, those that break the clause."),
    ("labelled_by_two", "integer", "Items with two labels."),
    ("agreed", "integer", "Of them, those with the same label twice."),
    (
        "lacking",
        "string or null",
        "What is missing besides evidence: `labels`, `language vi`, `a second labeller`.",
    ),
    ("still_needed", "integer", "Hits still to be labelled, if none of them is wrong."),
    (
        "weeks.*",
        "integer or null",
        "Weeks it still takes, by how many more are wrong; null: the drawn hits do not suffice.",
    ),
    ("said.*", "string", "The same in words, by language."),
)
_CERTIFICATE = fields(
    ("id", "string", "The certificate; its decisions carry it as their licence."),
    ("rule", "string", "The rule."),
    ("version", "string", "Its exact version: the certificate is for no other."),
    ("clause", "string", "Its clause."),
    ("level", "integer", "The precision that was proved, in permille."),
    ("labels", "integer", "Labelled hits that it rests on."),
    ("right", "integer", "Of them, those that break the clause."),
    ("between[]", "integer", "What these prove: precision above this, and below that; permille."),
    (
        "state",
        "string",
        "`in force`, `expired`, `changed`, `replaced`, `audit` or `overturned`.",
    ),
    ("one_labeller", "boolean", "Whether one person labelled each item: told in public."),
    ("granted", "string", "Since when."),
    ("until", "string", "Until when."),
    ("cap", "integer", "How many actions a day it covers."),
    ("acted", "integer", "What the rule did under it, since it was granted or renewed."),
    ("overturned", "integer", "Of that, what people undid."),
    ("audited", "integer", "Actions that were drawn and labelled."),
    ("audited_right", "integer", "Of them, those that break the clause."),
    ("waiting", "integer", "Drawn actions that wait for a label."),
    ("labellers[]", "string or null", "Who labels them; null where somebody was erased."),
)
_DONE = fields(("rule", "string", "The rule."), ("by", "string", "Who did it."))

GATE: dict[str, tuple[Field, ...]] = {
    "gate show": fields(
        ("week.labels", "integer", "Items a week that are put before people."),
        ("week.left", "integer", "How many can still be begun this week."),
        ("week.audits", "integer", "How many of them audits take at most beside samples."),
        ("week.audits_left", "integer", "How many of audits can still be begun this week."),
        ("samples[]", "object", "What is labelled, without what proves nothing any more."),
        ("certificates[]", "object", "Every certificate there was."),
        ("kept", "integer", "Records whose texts are kept until they are labelled."),
    )
    + under("samples[].", _SAMPLE)
    + under("certificates[].", _CERTIFICATE),
    "gate start": _DONE,
    "gate stop": _DONE,
    "gate due": fields(
        ("items[]", "object", "What somebody is to label, at most 50."),
        ("items[].item", "string", "What it is called; nothing can be told from it."),
        ("items[].clause", "string", "The clause it is held against."),
        ("items[].title.*", "string", "The clause's title by language."),
        ("items[].text.*", "string", "The clause's text by language."),
        ("items[].kind", "string or null", "`post`, `join` and so on; null: it cannot be shown."),
        ("items[].content", "object or null", "What was said; null where it cannot be shown."),
        ("items[].content.name", "string or null", "The name that the author shows."),
        ("items[].content.text", "string or null", "The text."),
        ("items[].content.links[]", "string", "Where its links lead."),
        ("items[].content.media", "integer", "How many files are attached."),
        ("items[].content.before", "string or null", "Of an edit: what it said before."),
        ("waiting", "integer", "How many items wait for this person."),
        ("left", "integer", "How many more items can be begun this week."),
    ),
    "gate label": fields(("item", "string", "The item."), ("answer", "string", "The answer.")),
}
