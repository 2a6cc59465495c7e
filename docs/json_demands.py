"""What the `--json` commands about demands print."""

from __future__ import annotations

from json_table import Field, fields, under

_LINE = fields(
    ("id", "string", "Its id."),
    ("received", "string", "When it came."),
    ("entered", "string", "When it was entered."),
    ("kind", "string", "`court`, `police`, `authority`, `lawyer`, `person`."),
    ("who", "string or null", "Who demands it, as entered; null once that has ended."),
    ("country", "string or null", "Two letters."),
    ("basis", "string or null", "The law that was named; null where none was."),
    ("binding", "boolean", "Whether it is an order; else it asks."),
    ("asks", "string", "`act`, or `data`."),
    ("clause", "string or null", "The clause that people judge it by."),
    ("deadline", "string or null", "Until when an answer is wanted."),
    ("confirmed", "string or null", "When its sender was told that it came."),
    ("answered", "string or null", "When its sender was told what came of it."),
    ("outcome", "string or null", "`done`, `in part`, `refused`, `nothing found`, `withdrawn`."),
    ("overdue", "boolean", "Whether its deadline is past and it was not answered."),
    ("secret_until", "string or null", "Until when the people concerned may not be told."),
)

_MADE = fields(("demand", "string", "Its id."))

DEMANDS: dict[str, tuple[Field, ...]] = {
    "demands list": fields(("items[]", "object", "The demands, the latest first."))
    + under("items[].", _LINE),
    "demands show": _LINE
    + fields(
        ("words", "string or null", "What it asks for; null once that has ended."),
        ("reference", "string or null", "Its sender's reference."),
        ("titles.*", "string", "The clause's title, by language."),
        ("by", "string or null", "Who entered it; null where that was nobody by name."),
        ("items[]", "object", "What it is about."),
        ("items[].named", "string or null", "As it was named; null once erased."),
        ("items[].record", "integer or null", "The record of a post that is known here."),
        ("items[].found", "boolean", "Whether it is known here."),
        ("items[].case", "string or null", "The case that people judge it in."),
        ("steps[]", "object", "What was done about it, in order."),
        ("steps[].time", "string", "When."),
        ("steps[].by", "string or null", "Who did it; null: by time, or nobody by name."),
        ("steps[].what", "string", "`confirmed`, `answered`, `kept secret`, `told`."),
        ("steps[].why", "string or null", "What was said about it."),
        ("cases[]", "string", "The cases it opened or joined."),
        ("decisions.*", "integer", "How many decisions it began by action, and how many `undone`."),
        (
            "people",
            "string",
            "Of it: `told`, `told in part`, `not told` yet, `secret`; `nobody` was restricted.",
        ),
        ("may_be_secret", "boolean", "Whether it can be kept from them: nobody was told of it."),
    ),
    "demands add": _MADE,
    "demands confirm": _MADE,
    "demands answer": _MADE,
    "demands secret": _MADE,
}
