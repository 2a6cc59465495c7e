"""What the `--json` commands about platforms and keys print."""

from __future__ import annotations

from json_table import Field, fields

ROOM = fields(
    ("name", "string", "The homeserver."),
    ("room", "string", "The room's id, also of an alias."),
    ("pattern", "string", "How the registration names it."),
    ("files[]", "object", "The files for Synapse: the registration, then the module's."),
    ("files[].path", "string", "Where it is, or was written first."),
    ("files[].written", "boolean", "Whether it says so now; else it is to be changed by hand."),
)

CONNECT: dict[str, tuple[Field, ...]] = {
    "connect http": fields(
        ("name", "string", "The platform."),
        ("key", "string", "Opens the doors; shown this once."),
        ("secret", "string", "What webhooks are signed with, in hex; shown this once."),
    ),
    "connect matrix": fields(
        ("name", "string", "The platform."),
        ("rooms[]", "string", "The rooms that are moderated, by id."),
        ("files[]", "string", "The files that were written for Synapse."),
    ),
    "connect check": fields(
        ("items[]", "object", "What was looked at, in order."),
        ("items[].what", "string", "What it is."),
        ("items[].lacks", "object or null", "What lacks, as an error; null: it is there."),
        ("items[].lacks.code", "string", "Its code."),
        ("items[].lacks.message", "string", "What is wrong."),
        ("items[].lacks.where", "string", "Where."),
        ("items[].lacks.hint", "string", "What to do."),
    ),
    "connect room add": ROOM,
    "connect room remove": ROOM,
    "connect room list": fields(
        ("items[]", "object", "The rooms that are moderated, in the settings' order."),
        ("items[].name", "string", "The homeserver."),
        ("items[].room", "string", "The room's id."),
    ),
    "connect room in-force": fields(
        ("items[]", "object", "What can be undone only while the room is moderated, oldest first."),
        ("items[].id", "string", "The decision."),
        ("items[].time", "string", "When it was made."),
        ("items[].action", "string", "What was done."),
        ("items[].clause", "string", "Under which clause."),
        ("items[].until", "string or null", "When it ends; null: not by itself."),
        ("items[].being_undone", "boolean", "Whether it is over, and not taken back there yet."),
    ),
    "connect key": fields(
        ("name", "string", "The key's name."),
        ("key", "string", "Opens the doors; shown this once."),
    ),
    "connect secret": fields(
        ("name", "string", "The platform."),
        ("secret", "string", "What webhooks are signed with, in hex; shown this once."),
    ),
    "connect list": fields(
        ("items[]", "object", "The keys there are, oldest first."),
        ("items[].name", "string", "The key's name."),
        ("items[].sources[]", "string", "The sources it speaks for."),
        ("items[].kinds[]", "string", "The kinds of event it may send; none: every kind."),
        ("items[].doors[]", "string", "`events`, `check`, `report`."),
        ("items[].made", "string", "When it was made."),
        ("items[].revoked", "string or null", "When it was revoked."),
    ),
    "connect revoke": fields(("revoked", "string", "The key's name.")),
    "connect reload": fields(
        ("changed", "boolean", "Whether rules, clauses, lists or settings have changed."),
    ),
}
