"""What the `--json` commands about standing orders print."""

from __future__ import annotations

from json_table import Field, fields

ORDERS: dict[str, tuple[Field, ...]] = {
    "orders give": fields(("order", "string", "Its id.")),
    "orders list": fields(
        ("items[]", "object", "Every order there was, newest first."),
        ("items[].id", "string", "Its id."),
        ("items[].state", "string", "`in force`, `over`, or `ended` before its time."),
        ("items[].case", "string", "The case it was given from."),
        ("items[].rule", "string", "The rule that found the campaign."),
        ("items[].clause", "string", "The clause it rests on."),
        ("items[].action", "string", "What is done: `hold`, `limit`, `remove`."),
        ("items[].rooms", "integer", "In how many rooms it holds."),
        ("items[].given", "string", "When it was given."),
        ("items[].until", "string", "When it is over, or was ended."),
        ("items[].by", "string or null", "Who gave it; null where that was nobody by name."),
        ("items[].alone", "boolean", "Whether a second person was needed and there was none."),
        ("items[].decisions", "integer", "How many decisions were made under it."),
    ),
    "orders end": fields(
        ("order", "string", "Its id."),
        ("undone[]", "string", "The decisions that were taken back."),
    ),
}
