"""What the `--json` commands about retention and backups print."""

from __future__ import annotations

from json_table import Field, fields

RETENTION: dict[str, tuple[Field, ...]] = {
    "retention show": fields(
        ("body_days", "integer", "For how many days bodies are kept, by the settings."),
        ("bodies", "integer", "How many are kept."),
        ("oldest", "string or null", "Since when the oldest one is; null where there is none."),
        ("over_age", "integer", "How many are older, since somebody waits for them."),
    ),
    "retention run": fields(
        ("bodies", "integer", "Of how many records what was said has gone."),
        ("statements", "integer", "Of how many decisions the record has gone."),
        ("look-ups", "integer", "Of how many look-ups the reason has gone."),
        ("looks", "integer", "How many second looks have gone."),
        ("demands", "integer", "Of how many demands the words have gone."),
        ("details", "integer", "Of how many deliveries what the platform said has gone."),
    ),
    "clock show": fields(
        ("now", "string", "What the machine's clock says."),
        ("last_seen", "string or null", "When Ombud last went by it; null where it never did."),
        ("believed", "boolean", "Whether it is not more than seven days ahead of that."),
    ),
    "clock confirm": fields(
        ("now", "string", "What the machine's clock says, and is believed."),
        ("was_ahead_days", "integer", "How far a running server held it to be ahead; 0: not."),
    ),
    "backup": fields(
        ("made", "string", "When it was made."),
        ("seq", "integer", "The last record in it."),
        ("leaves", "integer", "How many entries its public log has."),
        ("root", "string", "The root of that log, in hexadecimal."),
        ("files", "integer", "How many files it holds."),
    ),
    "restore": fields(
        ("made", "string", "When the backup was made."),
        ("seq", "integer", "The last record in it."),
        ("leaves", "integer", "How many entries its public log has."),
        ("keys", "boolean", "Whether the community's key file is there, so that it can go on."),
        ("erased_again", "integer", "How many erasures since the backup were made once more."),
        ("signs", "boolean", "Whether its log can be signed, or waits for `ledger succeed`."),
        ("keys_behind", "integer", "How many of its last records the key file is too old for."),
        ("different", "integer or null", "With `--check`: records judged otherwise than before."),
    ),
}
