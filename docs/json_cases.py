"""What the `--json` commands about cases and appeals print."""

from __future__ import annotations

from json_table import Field, fields, under

_LINE = fields(
    ("id", "string", "The case's id."),
    ("queue", "string", "The queue it stands in."),
    ("clause", "string", "The clause it asks about."),
    ("rule", "string or null", "The rule that put it there."),
    ("reason", "string", "Why a person is asked (`docs/reference/queues.md`)."),
    ("harm", "string or null", "The clause's harm; null where it asks about no person."),
    ("urgent", "boolean", "Whether its rule calls it urgent."),
    ("why", "string", "Why it stands where it stands, in words."),
    ("opened", "string", "When it was opened."),
    ("place", "string", "By when somebody should have looked: cases come in this order."),
    ("records", "integer", "How many records it is about."),
    ("authors", "integer", "Of how many people."),
    ("apart", "integer", "How many of them are decided one by one."),
    ("claimed_by", "string or null", "Who has it."),
    ("claimed_until", "string or null", "Until when."),
    ("assigned_to", "string or null", "Who is to look at it."),
    ("snoozed_until", "string or null", "When it comes back."),
    ("closed", "string or null", "When it was closed."),
)

_DECISION = fields(
    ("id", "string", "The decision's id."),
    ("time", "string", "When it was made."),
    ("clause", "string", "Its clause."),
    ("action", "string", "What was done."),
    ("by", "string", "`rule`, or a staff role."),
    ("until", "string or null", "Its end."),
    ("state", "string", "`in force`, `ended` or `undone`."),
)

_SUBJECT = (
    fields(
        ("record", "integer", "The journal record."),
        ("kind", "string or null", "What it is: post, reply, flag, ...; null once gone."),
        ("subject", "string or null", "What can be acted on, as the platform names it."),
        ("account", "string or null", "Who wrote it; never who flagged."),
        ("name", "string or null", "What they are called."),
        ("text", "string or null", "What was said, at most 4,000 characters."),
        ("reason", "string or null", "What somebody who flagged gave as a reason."),
        ("gone", "boolean", "Whether it can be read no more."),
        (
            "apart",
            "string or null",
            "Why it is decided by itself: reply, quote, established, published.",
        ),
        ("judged", "boolean", "Whether somebody has judged it."),
        ("decision", "object or null", "What was decided about it before, if anything."),
        ("saw[]", "string", "What the rule saw, in words."),
        ("listed[]", "object", "Entries of lists of others that the decision rests on."),
        ("listed[].list", "string", "The list."),
        ("listed[].entry", "string", "The entry."),
        ("listed[].room", "string", "The room in which it is, or was, published."),
        ("listed[].by", "string", "Who wrote it; empty once it was taken back."),
        ("listed[].reason", "string", "Why, in their words; empty then too."),
        ("listed[].ended", "string or null", "When it was taken back."),
        ("before[]", "object", "What was decided about its author, the newest first."),
        ("choices[]", "object", "What can be done about it."),
        ("choices[].action", "string", "The action."),
        ("choices[].on", "string", "To what: this, author, room."),
        ("kept_until", "string or null", "Until when its text is evidence; null: open, or not."),
    )
    + under("decision.", _DECISION)
    + under("before[].", _DECISION)
)

_JUDGED = fields(
    ("case", "string", "The case."),
    ("decisions[]", "string", "The decisions that were made or taken back."),
    ("proposed", "boolean", "Whether it waits for a second person."),
    ("why", "string", "Why it does; empty where it does not."),
)

_DONE = fields(("done", "boolean", "Whether it was done."))

_APPEAL = fields(
    ("id", "string", "The appeal's id."),
    ("decision", "string", "The decision it is about."),
    ("case", "string or null", "The case it stands in."),
    ("clause", "string", "The decision's clause."),
    ("rule", "string or null", "The rule that decided; null: a person."),
    ("action", "string", "What was done."),
    ("made", "string", "When it was made."),
    ("due", "string", "By when it should be decided."),
    ("state", "string", "`open` or `answered`."),
    ("outcome", "string or null", "`upheld`, `partial`, `reversed` or `omitted`."),
    ("decided", "string or null", "When."),
    ("same_person", "boolean", "Whether whoever stood behind the decision decided, alone."),
)

CASES: dict[str, tuple[Field, ...]] = {
    "cases list": fields(
        ("items[]", "object", "Cases, in their order."),
        ("queues[]", "object", "Every queue in which cases wait."),
        ("queues[].queue", "string", "Its name."),
        ("queues[].open", "integer", "How many wait."),
        ("queues[].urgent", "integer", "How many of them are urgent."),
        ("queues[].called", "integer", "Messages that called the staff to it within a day."),
        ("queues[].folded", "integer", "How often more there was reason to, told in those."),
    )
    + under("items[].", _LINE),
    "cases irreversible": fields(
        ("items[]", "object", "What people did that cannot be taken back, the latest first."),
        ("items[].case", "string", "The case in which somebody else looks at it."),
        ("items[].of", "string", "The case it was decided in."),
        ("items[].clause", "string", "Under which clause."),
        ("items[].action", "string or null", "What was done."),
        ("items[].decided", "string", "When."),
        ("items[].due", "string", "By when it is to be looked at: 72 hours later."),
        ("items[].looked", "string or null", "When somebody did."),
        ("items[].state", "string", "`waits`, `overdue`, `in time`, `late`."),
        ("count", "integer", "How much of it there is."),
        ("waits", "integer", "How much of it still has time."),
        ("overdue", "integer", "What nobody has looked at in time, and not since."),
        ("in_time", "integer", "What was looked at in time."),
        ("late", "integer", "What was looked at later."),
    ),
    "cases show": _LINE
    + fields(
        ("titles.*", "string", "The clause's title, by language."),
        ("subjects[]", "object", "What it is about."),
        ("notes[]", "object", "What reviewers told each other, as far as it has not ended."),
        ("notes[].by", "string or null", "Who."),
        ("notes[].made", "string", "When."),
        ("notes[].until", "string", "When it ends."),
        ("notes[].text", "string", "What."),
        ("proposal", "object or null", "What waits for a second person."),
        ("proposal.id", "string", "Its id: whoever confirms says which they saw."),
        ("proposal.by", "string or null", "Who wants it."),
        ("proposal.until", "string", "Until when it can be confirmed."),
        ("appeals[]", "string", "The appeals that stand in it."),
        ("looks_at", "object or null", "What cannot be taken back, and is to be looked at again."),
        ("looks_at.case", "string", "The case it was decided in."),
        ("looks_at.decided", "string", "When."),
        ("looks_at.action", "string or null", "What was done."),
        ("looks_at.due", "string", "By when somebody else looks at it: 72 hours later."),
        ("looks_at.overdue", "boolean", "Whether nobody has by then."),
        ("rests[]", "object", "What no rule need ask about again, as long as it is unchanged."),
        ("rests[].record", "integer", "The record."),
        ("rests[].until", "string", "Until when."),
        ("rests[].by", "string or null", "Who said so."),
        ("rests[].asked", "integer", "How often a rule would have asked since."),
        ("reviews[]", "object", "How it was judged."),
        ("reviews[].seq", "integer", "The record of the judgement."),
        ("reviews[].time", "string", "When."),
        ("reviews[].by", "string or null", "Who."),
        ("reviews[].role", "string", "As what: all that others are told."),
        ("reviews[].confirmed_by", "string or null", "Who agreed."),
        ("reviews[].one_person", "boolean", "Whether a second person was needed and none there."),
        ("reviews[].outcome", "string", "`upheld`, `released` or `seen`."),
        ("reviews[].action", "string or null", "What was done first."),
        ("reviews[].undone", "boolean", "Whether it was taken back."),
    )
    + under("subjects[].", _SUBJECT),
    "cases claim": fields(
        ("case", "string or null", "The case that is yours; null: nothing waits."),
        ("lease", "string or null", "Shows that you have it."),
        ("until", "string", "Until when."),
    ),
    "cases back": _DONE,
    "cases decide": _JUDGED,
    "cases confirm": _JUDGED,
    "cases undo": fields(
        ("case", "string", "The case, which waits again."),
        ("undone[]", "string", "The decisions that were undone."),
    ),
    "cases ask-again": _DONE,
    "cases snooze": _DONE,
    "cases assign": _DONE,
    "cases urgent": _DONE,
    "cases split": fields(("case", "string", "The new case.")),
    "cases merge": _DONE,
    "cases note": _DONE,
    "appeals list": fields(
        ("items[]", "object", "Appeals, by when they should be decided."),
        ("rules[]", "object", "How each rule has fared that decided by itself."),
        ("rules[].rule", "string", "The rule."),
        ("rules[].decisions", "integer", "How many decisions it made by itself."),
        ("rules[].appealed", "integer", "How many of them were appealed."),
        ("rules[].reversed", "integer", "How many were taken back after an appeal."),
        ("rules[].partial", "integer", "How many in part."),
        ("rules[].upheld", "integer", "How many stood."),
    )
    + under("items[].", _APPEAL),
    "appeals show": _APPEAL
    + fields(
        ("statement[]", "string", "The statement of reasons, line by line."),
        ("messages[]", "object", "What was written, both ways."),
        ("messages[].time", "string", "When."),
        ("messages[].role", "string", "`person`, or a staff role."),
        ("messages[].by", "string or null", "Which member of staff; shown to staff only."),
        ("messages[].said.*", "string", "What, by language; `und` where nobody said which it is."),
        ("behind[]", "string", "Who stands behind the decision and cannot uphold it."),
    ),
    "appeals answer": _DONE,
    "appeals decide": fields(
        ("appeals[]", "string", "The appeals."),
        ("outcome", "string", "How they ended: `uphold`, `partial`, `reverse` or `omit`."),
        ("decisions[]", "string", "The decisions that were made or taken back."),
    ),
}
