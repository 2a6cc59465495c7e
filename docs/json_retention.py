"""What the `--json` commands about retention print."""

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
        ("details", "integer", "Of how many deliveries what the platform said has gone."),
    ),
}
