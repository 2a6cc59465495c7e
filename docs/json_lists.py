"""What the `--json` commands about lists, and about pictures for lists, print."""

from __future__ import annotations

from json_table import Field, fields, under

_LIST = fields(
    ("name", "string", "The list's name."),
    ("file", "boolean", "Whether it has a file."),
    ("entries", "integer", "Entries that count, without those of the lists it includes."),
    ("watch", "integer", "Entries on watch."),
    ("capped", "integer", "Entries over their cap."),
    ("ended", "integer", "Entries that have reached their end."),
    ("removed", "integer", "Entries of the file that were taken out."),
    ("quarantined", "integer", "Entries in quarantine."),
    ("added", "integer", "Entries that stand in the store."),
    ("ending_soon", "integer", "Entries that end within 30 days."),
    ("sources.*", "integer", "Entries by where they come from, the 20 most frequent."),
    ("includes[]", "string", "The lists it includes."),
    ("room", "string", "The room whose policy list it follows; empty: it follows none."),
    ("rules[]", "string", "The rules in force that ask it, by whatever way."),
    ("last_change", "integer or null", "The record of the last change in the store."),
)

_LIST_CHANGED = fields(
    ("list", "string", "The list's name."),
    ("change", "string", "What was done."),
    ("entries", "integer", "How many entries it was done to."),
    ("seq", "integer or null", "The record of the change; null where it waits."),
    ("waits", "boolean", "Whether it lets people off, and waits for somebody else to ask for it."),
)

LISTS: dict[str, tuple[Field, ...]] = {
    "lists list": fields(("items[]", "object", "All lists in force, by name."))
    + under("items[].", _LIST),
    "lists show": _LIST
    + fields(
        ("matches", "integer", "Events on which a rule fired by one of its entries."),
        ("undone", "integer", "Of the decisions then made, those that were undone."),
        ("shown", "integer", "Entries that stand as was asked, on all pages."),
        ("items[]", "object", "A part of them: first those of the file, then those of the store."),
        ("items[].term", "string", "The entry as it was written."),
        ("items[].where", "string", "`file` or `store`."),
        (
            "items[].state",
            "string",
            "`counts`, `watch`, `capped`, `ended`, `removed`, `quarantined`.",
        ),
        ("items[].source", "string", "Where it comes from; may be empty."),
        ("items[].expires", "string or null", "When it ends."),
        ("items[].watch", "object or null", "How it is on watch; null where it is not."),
        ("items[].watch.until", "string or null", "Until when; null: until a person confirms it."),
        (
            "items[].watch.why",
            "string",
            "Why a person has to: `many`, `wide`, `busy`, `own`, `pattern`; or empty.",
        ),
        ("items[].watch.looked", "integer", "How many of the latest posts were looked at."),
        ("items[].watch.matched", "integer", "How many of them it would have matched."),
        ("items[].watch.entries", "integer", "How many entries came with it, itself included."),
        ("items[].watch.seen", "integer", "How often these have matched: for `--seen`."),
        ("items[].going", "object or null", "What somebody asked for of one that lets people off."),
        ("items[].going.do", "string", "`remove`, `quarantine`, or `add`: with an earlier end."),
        ("items[].going.until", "string", "How long it waits for somebody else to ask for it."),
        ("items[].published", "object or null", "Where somebody else publishes it; null: nowhere."),
        ("items[].published.room", "string", "The room."),
        ("items[].published.event", "string", "The event there."),
        ("items[].published.kind", "string", "`user`, `server`, `room`."),
        ("items[].published.recommendation", "string", "`ban` or `takedown`."),
        ("items[].published.by", "string", "Who wrote it; empty once it was taken back."),
        ("items[].published.reason", "string", "Why, in their words; empty then too."),
        ("items[].published.written", "string", "When, as their server says."),
        ("items[].published.ended", "string or null", "When they took it back."),
        ("items[].refused", "object or null", "Why it does not count here, if somebody said so."),
        ("items[].refused.reason", "string", "Why, in the words of who said so."),
        ("items[].refused.since", "string", "Since when."),
        ("items[].matches", "integer", "Events on which a rule fired by it."),
        ("items[].people", "integer", "By how many different people; at most 1,000 are counted."),
        ("items[].undone", "integer", "Of the decisions then made, those that were undone."),
        ("items[].first", "string or null", "The day of the first match, in UTC."),
        ("items[].last", "string or null", "The day of the last one."),
    ),
    "signals pdq": fields(
        ("items[]", "object", "The pictures, in the order they were named."),
        ("items[].file", "string", "The file, as it was named."),
        ("items[].pdq", "string", "The PDQ hash, 64 hexadecimal digits."),
        ("items[].quality", "integer", "How much there is to see, 0 to 100."),
    ),
    **{
        f"lists {change}": _LIST_CHANGED
        for change in ("add", "remove", "import", "quarantine", "release", "confirm")
    },
}
