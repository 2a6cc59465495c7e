"""What the `--json` commands about public files print."""

from __future__ import annotations

from json_table import Field, fields

TRANSPARENCY: dict[str, tuple[Field, ...]] = {
    "transparency public": fields(
        ("origin", "string", "The log's name."),
        ("size", "integer", "Entries under its head."),
        ("root", "string", "Root hash, in hex."),
        ("witnesses", "string", "Who outside has confirmed the head; none: `none: ...`."),
        ("written", "integer", "Files that were written; those that were there as they are stay."),
        ("pages[]", "string", "The files of the public pages, written anew each time."),
    ),
    "transparency dsa": fields(
        ("statements.written", "integer", "Statements that wait: not sent, or not taken."),
        ("statements.sending", "integer", "On their way: whether they arrived is not known yet."),
        ("statements.taken", "integer", "What the database has."),
        ("statements.refused", "integer", "What it will not take."),
        ("waits_since", "string or null", "Since when the first one waits; null: none does."),
        ("refused[]", "object", "What was refused, the first 100."),
        ("refused[].puid", "string", "Its id in the database."),
        ("refused[].decision", "string", "The decision."),
        ("refused[].time", "string", "When it was refused."),
        ("refused[].detail", "string", "The fields that the database found fault with."),
        ("new", "integer", "Statements that got their id now."),
        ("written", "object or null", "What was written now; null without `--out`."),
        ("written.statements", "integer", "How many statements."),
        ("written.batches", "integer", "In how many batches: one a line."),
        ("written.files[]", "string", "The files."),
        ("sent", "object or null", "What was sent now; null without `--submit`."),
        ("sent.taken", "integer", "What the database took, or was found to have."),
        ("sent.refused", "integer", "What it refused."),
        ("sent.asked_for", "integer", "How many it was asked for, since no answer had come."),
    ),
    "transparency regulation": fields(
        ("period.first", "string", "The first day."),
        ("period.last", "string", "The last day."),
        ("files[]", "string", "The eleven files."),
        ("measures", "integer", "Measures at the provider's own initiative, of sheet 6."),
        ("notices", "integer", "Notices, of sheet 4."),
        ("complaints", "integer", "Appeals, of sheet 7."),
        ("orders", "integer", "Orders of authorities of Member States, of sheet 3."),
    ),
}
