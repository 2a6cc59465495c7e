"""What each `--json` command prints: every field with its type and meaning, as one table.

`commands` makes the page of it, and `tests/flow/test_json_fields.py` holds it against what the
commands print. A path reads `items[].id`; `*` stands for keys that are data, such as rule names.
This module must never describe a field that no command prints.
"""

from __future__ import annotations

from json_cases import CASES
from json_claims import CLAIMS
from json_connect import CONNECT
from json_decisions import DECISION as _DECISION
from json_demands import DEMANDS
from json_gate import GATE
from json_learn import LEARN
from json_ledger import HEAD, ledger
from json_lists import LISTS
from json_orders import ORDERS
from json_reconcile import RECONCILE
from json_retention import RETENTION
from json_runs import CHECK, TRIED, WATCHED
from json_staff import STAFF
from json_table import Field
from json_table import fields as _fields
from json_table import under as _under
from json_transparency import TRANSPARENCY

ERROR = _fields(
    ("code", "string", "Stable code; see the page of errors."),
    ("message", "string", "What is wrong, in English."),
    ("where", "string", "A path, a file or a field; empty where there is no place to name."),
    ("hint", "string", "What to do; may be empty."),
)

_SUMMARY = _fields(
    ("accepted", "integer", "Events judged and kept."),
    ("duplicate", "integer", "Events that were there already, with the same content."),
    ("conflict", "integer", "Events whose source and id were there with other content: not taken."),
    ("rejected", "integer", "Lines that are no event: not taken."),
    (
        "hits_by_rule.*",
        "integer",
        "Per rule: events on which it fired, also where it only watches.",
    ),
    ("unknown_by_rule.*", "integer", "Per rule: events on which a fact it needs was unknown."),
    (
        "by_action.*",
        "integer",
        "Per strongest action done: events; `allow` where nothing was done.",
    ),
    ("errors[]", "object", "The first refused lines."),
    ("errors[].line", "integer", "Line number from 1; 0 where the stream itself broke."),
)
_SUMMARY += _under("errors[].", ERROR)

_SHOWN = _DECISION + _fields(
    (
        "campaign",
        "object or null",
        "The campaign it belongs to; null where no earlier record was acted on with it.",
    ),
    ("campaign.record", "integer", "The record that completed it."),
    ("campaign.members", "integer", "How many earlier records were acted on with it."),
    ("campaign.gone", "integer", "How many more were left out, their content being gone."),
    ("notices[]", "object", "Who was told, in order."),
    ("notices[].id", "string", "The notice's id."),
    ("notices[].reason", "string", "`decided`, `undone` or `ended`."),
    ("notices[].lang", "string", "Its language."),
    (
        "notices[].state",
        "string",
        "How far its message has come: a state of `docs/reference/webhooks.md`.",
    ),
    ("asked[]", "object", "What was asked of the platform, in order."),
    ("asked[].id", "string", "The stable key of the request."),
    ("asked[].action", "string", "The action's name."),
    ("asked[].inverse", "boolean", "Whether it asks for the undoing."),
    ("asked[].state", "string", "How far it has come: a state of `docs/reference/webhooks.md`."),
    ("asked[].connector", "string or null", "The platform it is sent to; null: sent nowhere."),
    ("asked[].attempts", "integer", "How often it was tried."),
    ("asked[].detail", "string", "What the last attempt met."),
    ("appeals[]", "object", "What the person answered, in order."),
    ("appeals[].id", "string", "The appeal's id."),
    ("appeals[].made", "string", "When."),
    ("appeals[].state", "string", "`open`."),
)

_DIAGNOSTIC = _fields(
    ("code", "string", "Stable code."),
    ("severity", "string", "`error`, `warning` or `information`."),
    ("file", "string", "File name."),
    ("line", "integer", "Line, from 1."),
    ("column", "integer", "Column, from 1."),
    ("message", "string", "What is wrong."),
    ("where", "string", "File and line in words."),
    ("hint", "string", "What to do; may be empty."),
)

_STATE = _fields(
    ("state", "string", "`on`, `off` or `never set`."),
    ("since", "string or null", "When it was begun; null where it was ended, or never set."),
    ("until", "string or null", "When it ends, or ended; null where it was never set."),
    ("by", "string or null", "The role that said so last."),
)

_ANY = "string or integer or boolean or list or null"

FIELDS: dict[str, tuple[Field, ...]] = {
    "ingest": _SUMMARY
    + _fields(("seconds", "number", "How long the flow took, without start-up.")),
    "demo": _SUMMARY
    + _fields(
        ("decisions[]", "object", "Each decision, oldest first."),
        ("decisions[].id", "string", "The decision's id."),
        ("decisions[].subject", "string", "What it is about."),
        ("decisions[].lang", "string", "The language it is told in."),
        ("decisions[].statement[]", "string", "The statement of reasons, line by line."),
        ("caught", "integer", "Harmful events (by the simulation's own truth) with a decision."),
        ("harmful", "integer", "Harmful events."),
        ("touched", "integer", "Benign events with a decision."),
        ("benign", "integer", "Benign events."),
        ("campaigns.*", "object", "Per kind of campaign: what became of it."),
        ("campaigns.*.events", "integer", "Its harmful events."),
        ("campaigns.*.caught", "integer", "Those with a decision."),
        ("campaigns.*.runs", "integer", "How many campaigns of the kind there were."),
        ("campaigns.*.runs_caught", "integer", "Of how many anything was caught."),
        (
            "campaigns.*.first_caught_after_events",
            "integer or null",
            "Events before the first one caught; of several campaigns the lower median.",
        ),
        (
            "campaigns.*.first_caught_after_seconds",
            "integer or null",
            "Simulated seconds until the first one caught, counted likewise.",
        ),
        ("twins.*", "object", "Per kind of honest twin: what became of it."),
        ("twins.*.events", "integer", "Its events."),
        ("twins.*.touched", "integer", "Those with a decision, wrongly."),
        (
            "adaptive.posts",
            "integer",
            "What the spammer who reads notices posted, beside the planned events.",
        ),
        ("adaptive.through", "integer", "How many of them got through."),
        ("adaptive.before.posts", "integer", "Posts before it first changed anything."),
        ("adaptive.before.caught", "integer", "Those that were caught."),
        ("adaptive.after.posts", "integer", "Posts from then on."),
        ("adaptive.after.caught", "integer", "Those that were caught."),
        ("adaptive.stages[]", "object", "Its ways of going about it, in order."),
        (
            "adaptive.stages[].changed.*",
            "integer",
            "What a notice made it change, with the new value; nothing at first.",
        ),
        ("adaptive.stages[].posts", "integer", "Posts in this way."),
        ("adaptive.stages[].caught", "integer", "Those that were caught."),
        ("adaptive.finished", "boolean", "Whether it has given up or posted all it wanted."),
    )
    + _under("ledger.", HEAD),
    "decisions list": _fields(("items[]", "object", "Decisions, newest first."))
    + _under("items[].", _DECISION),
    "decisions show": _SHOWN,
    "decisions undo": _fields(("items[]", "string", "The ids of the decisions that were undone.")),
    "rules list": _fields(
        ("items[]", "object", "The rules in use, by name; then the drafts."),
        ("items[].name", "string", "The rule's name."),
        ("items[].description", "string", "Its first line."),
        ("items[].clause", "string", "The clause it stands under."),
        ("items[].harm", "string", "The clause's harm."),
        ("items[].mode", "string", "`draft`, `watch` or `live`."),
        ("items[].kinds[]", "string", "The kinds of event it is for."),
        ("items[].version", "string", "Its exact version."),
        ("items[].acts", "string", "In words, what it may do by itself as things stand."),
        (
            "items[].author",
            "string or null",
            "Who activated this version first. Null where it is not in force.",
        ),
        ("items[].approved_by[]", "string or null", "Who else approved this version."),
        ("items[].eyes", "string or null", "`approved`, or `one person`."),
        ("items[].watch", "string or null", "On watch: `watching`, `ends soon`, `ended`."),
        ("items[].watches_until", "string or null", "From then on it is judged no more."),
    ),
    "rules renew": _fields(("renewed", "string", "The rule.")),
    "rules approve": _fields(
        ("approved", "string", "The rule."),
        ("by", "string", "Who approved it."),
    ),
    "rules check": _fields(
        ("ok", "boolean", "Whether there is no error."),
        ("rules", "integer", "Rules that could be read."),
        (
            "left_out",
            "integer",
            "Rule files that gave no rule, for errors there or in the clause.",
        ),
        ("errors", "integer", "How many errors there are."),
        ("warnings", "integer", "How many warnings there are."),
        ("items[]", "object", "Errors, warnings and information."),
        ("ending[]", "object", "Rules in force whose time on watch has ended or ends soon."),
        ("ending[].rule", "string", "The rule's name."),
        ("ending[].watch", "string", "`ends soon` or `ended`."),
        ("ending[].watches_until", "string", "From then on it is judged no more."),
        ("cost", "object", "What the rules may cost, from what signals and phrases declare."),
        ("cost.kinds[]", "object", "For one event of each kind that rules are for."),
        ("cost.kinds[].kind", "string", "The kind."),
        ("cost.kinds[].usual_us", "integer", "Microseconds where facts are as they usually are."),
        ("cost.kinds[].worst_us", "integer", "Ten times what is declared, everything asked."),
        ("cost.kinds[].longest_us", "integer", "That with the longest text: the worst case."),
        ("cost.rules[]", "object", "The dearest rules, three at most."),
        ("cost.rules[].rule", "string", "The rule's name."),
        ("cost.rules[].us", "integer", "Microseconds of all its conditions together."),
        ("cost.conditions[]", "object", "The dearest conditions, three at most."),
        ("cost.conditions[].condition", "string", "The condition in its canonical words."),
        ("cost.conditions[].us", "integer", "Its microseconds."),
        ("cost.worst_us_max", "integer", "Beyond it there is a warning."),
    )
    + _under("items[].", _DIAGNOSTIC),
    "rules format": _fields(("items[]", "string", "Names of the files that change or would.")),
    "rules test": _fields(
        ("items[]", "object", "Every example of every rule."),
        ("items[].rule", "string", "The rule's name."),
        ("items[].title", "string", "The example's title."),
        ("items[].catch", "boolean", "Whether the rule should catch it."),
        ("items[].ok", "boolean", "Whether the rule does what the example says."),
        ("items[].detail", "string", "Why not; empty where it does."),
        ("rules[]", "object", "Every rule without errors."),
        ("rules[].rule", "string", "The rule's name."),
        ("rules[].shown", "integer", "How many of its conditions its examples show at work."),
        ("rules[].conditions[]", "object", "Its conditions, each line and each line of a group."),
        ("rules[].conditions[].part", "string", "`when` or `unless`."),
        ("rules[].conditions[].line", "integer", "The line of the file."),
        ("rules[].conditions[].condition", "string", "The condition in canonical words."),
        ("rules[].conditions[].seen_true", "boolean", "Whether it held in some example."),
        ("rules[].conditions[].seen_false", "boolean", "Whether it did not hold in some example."),
        (
            "rules[].conditions[].shown",
            "boolean",
            "Whether an example shows it: fulfilled in one to be caught, or met in one to pass.",
        ),
    ),
    **CASES,
    **LEARN,
    **LISTS,
    **CLAIMS,
    **GATE,
    **ORDERS,
    **RETENTION,
    **DEMANDS,
    **RECONCILE,
    "signals list": _fields(
        ("items[]", "object", "Signals, counters and `with` words."),
        ("items[].name", "string", "As a rule writes it."),
        ("items[].type", "string", "The value's type, or `counter`, or `with`."),
        ("items[].unit", "string", "The value's unit; may be empty."),
        ("items[].kinds[]", "string", "The kinds of event it is known for."),
        ("items[].version", "integer", "Version of its meaning."),
        ("items[].meaning.*", "string", "One line, by language."),
    ),
    "signals explain": _fields(
        ("items[]", "object", "The events of the file; lines that are none come last."),
        ("items[].id", "string", "The event's id, or `line N`."),
        ("items[].source", "string", "The event's source."),
        ("items[].kind", "string or null", "What rules are written for; null: judged by none."),
        ("items[].fired[]", "string", "Rules that fired. Absent where none judges the kind."),
        ("items[].unknown[]", "string", "Rules that lack a fact."),
        ("items[].facts.*", _ANY, "Every fact by name; null is unknown, time in microseconds."),
        ("items[].facts.*[]", "string", "A fact that is a list of words."),
        ("items[].error", "object", "Why the line is no event; only then present."),
    )
    + _under("items[].error.", ERROR),
    "actions list": _fields(
        ("items[]", "object", "Actions and messages, newest first."),
        ("items[].id", "string", "The stable key."),
        ("items[].kind", "string", "`action` or `notice`."),
        ("items[].connector", "string or null", "The platform it is for; null: sent nowhere."),
        ("items[].decision", "string", "The decision it belongs to."),
        ("items[].action", "string", "The action's name; of a message `notice`."),
        ("items[].inverse", "boolean", "Whether it asks for the undoing."),
        ("items[].state", "string", "How far it has come (`docs/reference/webhooks.md`)."),
        ("items[].due", "string or null", "It does not go before this time."),
        ("items[].attempts", "integer", "How often it was tried."),
        ("items[].done", "string or null", "When it reached its last state."),
        ("items[].detail", "string", "What the last attempt met."),
        ("items[].again", "string or null", "When somebody had it tried once more, the last time."),
        ("items[].again_by", "string or null", "Who that was; null once they are erased."),
    ),
    "actions retry": _fields(
        ("asked", "boolean", "Whether it is asked again; false: it has not failed."),
    ),
    **CONNECT,
    **STAFF,
    "replay": CHECK + TRIED,
    "rules watch": WATCHED,
    **ledger(ERROR),
    **TRANSPARENCY,
    **{
        f"{state} {verb}": _STATE
        for state in ("duty", "emergency")
        for verb in ("begin", "end", "show")
    },
    "digest": _fields(
        ("since", "string", "Since when the first five are counted."),
        ("held", "integer", "Posts and others that rules held."),
        ("other", "integer", "What else rules decided."),
        ("people", "integer", "What people decided."),
        ("opened", "integer", "Cases that were opened."),
        ("closed", "integer", "Cases that were closed."),
        ("open", "integer", "Cases that wait now."),
        ("late", "integer", "Those of them beyond the time by which somebody should have looked."),
        ("appeals", "integer", "Open appeals that are overdue."),
        ("failed", "integer", "Actions and messages that failed since."),
        ("more", "list", "Which of the last four are “or more”."),
    ),
    "replies": _fields(
        ("replies[].name", "string", "Its name, which is that of its files."),
        ("replies[].titles", "object", "Its title in each language that it has."),
        ("replies[].titles.en", "string", "In English."),
        ("replies[].titles.vi", "string", "In Vietnamese."),
    )
    + _under("refused[].", ERROR),
    "erase": _fields(("erased", "integer", "Records erased.")),
    "black-out": _fields(
        ("record", "integer", "The record that was named."),
        ("records", "integer", "In how many records the words stood, that one included."),
    ),
}
