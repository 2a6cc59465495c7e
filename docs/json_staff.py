"""What the `--json` commands about the staff print."""

from __future__ import annotations

from json_table import Field, fields, under

_PERSON = fields(
    ("name", "string", "How the others who run the community call them."),
    ("roles[]", "string", "Their roles."),
    ("queues[]", "string", "The queues they are narrowed to; none: every one."),
    ("actions[]", "string", "The actions they are narrowed to; none: every one."),
    ("state", "string", "`active` or `suspended`."),
    ("since", "string", "When they were added."),
    ("password", "boolean", "Whether they have one."),
    ("passkeys", "integer", "How many passkeys they have."),
    ("chat", "string or null", "By which account they are heard in the moderators' room."),
    ("link_until", "string or null", "Until when their one-time link is good; null: none is."),
)

_LINK = fields(
    ("name", "string or null", "Whose it is; null: it makes the first account."),
    ("link", "string", "Shown this once; a path where nobody knows the address of the pages."),
    ("ends", "string", "It is good once, and until then."),
)

_DONE = fields(
    ("name", "string", "Whom it was done to."),
    ("change", "string", "What: `roles`, `suspended`, `restored`, `removed`, `unbound`."),
)

STAFF: dict[str, tuple[Field, ...]] = {
    "staff list": fields(("items[]", "object", "The people there are, by name."))
    + under("items[].", _PERSON),
    "staff show": _PERSON,
    "staff add": _LINK,
    "staff link": _LINK,
    **{f"staff {verb}": _DONE for verb in ("roles", "suspend", "restore", "remove", "unbind")},
}
