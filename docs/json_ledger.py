"""What the `--json` commands about the public log print."""

from __future__ import annotations

from json_table import Field, fields, under

HEAD = fields(
    ("origin", "string", "The log's name."),
    ("size", "integer", "Entries in the log."),
    ("root", "string", "Root hash of the Merkle tree over them, in hex."),
    ("published", "integer", "Entries covered by the checkpoint signed last."),
    ("key", "string", "The log's verifier key, as signed notes write it."),
    (
        "witnesses",
        "string",
        "Who outside has confirmed the head signed last; without a quorum it begins with `none`.",
    ),
    ("refused", "object or null", "Why nothing is signed at present: an error; null: nothing is."),
)


def ledger(error: tuple[Field, ...]) -> dict[str, tuple[Field, ...]]:
    """The fields of each command; `error` are those of an error."""
    return {
        "ledger runs": fields(
            ("items[]", "object", "Runs over the past, newest first."),
            ("items[].id", "string", "The run's id."),
            ("items[].leaf", "integer", "The place of its line in the public log, from 0."),
            ("items[].made", "string", "When."),
            ("items[].kind", "string", "`rules`: `replay --rules`; `watch`: `rules watch`."),
            ("items[].salt", "string", "In hex; the line commits to the record under this salt."),
            (
                "items[].record",
                "string",
                "What was asked and counted: JSON, exactly as committed to.",
            ),
        ),
        "ledger head": HEAD + under("refused.", error),
        "ledger publish": HEAD,
        "ledger rotate": HEAD,
        "ledger succeed": HEAD,
        "ledger receipt": fields(
            ("decision", "string", "Which decision."),
            ("receipt", "string", "The `.tlog-proof`, as it stands in a file."),
            ("key", "string", "The log's verifier key, to check it with."),
        ),
        "ledger witnesses": fields(
            ("items[]", "object", "The witnesses that were asked, by name."),
            ("items[].name", "string", "Its name in the policy."),
            (
                "items[].state",
                "string",
                "`cosigned`, `unreachable`, `refused`, `conflict`, `ahead` or `bad answer`.",
            ),
            (
                "items[].size",
                "integer",
                "Entries it has confirmed, as far as is known.",
            ),
            ("items[].asked", "string", "When it was asked."),
            ("items[].detail", "string", "What went wrong; empty where nothing did."),
        ),
        "ledger verify": _VERIFIED + under("problems[].", error),
    }


_VERIFIED = fields(
    ("ok", "boolean", "Whether everything that was checked holds."),
    ("origin", "string or null", "The log's name, as it is signed."),
    ("index", "integer", "Of a receipt: the place of its line in the log, from 0."),
    ("size", "integer or null", "Entries under the signed head."),
    ("root", "string or null", "Root hash, in hex."),
    (
        "witnesses",
        "string",
        "Who outside has confirmed the head; without a quorum it begins with `none`.",
    ),
    ("line.*", "string or boolean", "Of a receipt: what its line says."),
    ("statement.*", "string", "With `--statement`: what it says, proven to be of this line."),
    ("handovers[]", "object", "How the log came from the key that was named to that of today."),
    ("handovers[].kind", "string", "`rotation`: another key; `succession`: another log."),
    ("handovers[].from", "string", "The key before."),
    ("handovers[].to", "string", "The key after."),
    ("handovers[].size", "integer", "Entries under the last head of the key before."),
    ("handovers[].root", "string", "The root of that head, in hex."),
    ("problems[]", "object", "What does not hold."),
    ("counts[]", "object", "How many entries there are of each sort."),
    ("counts[].type", "string", "The entry's type."),
    ("counts[].clause", "string or null", "Its clause."),
    ("counts[].action", "string or null", "Its action."),
    ("counts[].automated", "boolean or null", "Whether a rule acted without a person."),
    ("counts[].rule", "string or null", "Its rule."),
    ("counts[].outcome", "string or null", "Its outcome."),
    ("counts[].count", "integer", "How many."),
    ("days[]", "object", "How many entries there are of each type on each day."),
    ("days[].day", "string", "The day, in UTC."),
    ("days[].type", "string", "The type."),
    ("days[].count", "integer", "How many."),
)
