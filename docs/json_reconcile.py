"""What `ombud reconcile --json` prints."""

from __future__ import annotations

from json_table import Field, fields

RECONCILE: dict[str, tuple[Field, ...]] = {
    "reconcile": fields(
        ("run", "string", "Under which id its counts are kept; its line is in the public log."),
        ("platform", "string", "The platform."),
        ("reported", "integer", "The restrictions that it tells of, each once."),
        ("explained", "integer", "Those with a decision in force."),
        ("without.never decided", "integer", "Those that nobody ever decided."),
        ("without.over", "integer", "Those whose decisions have ended or were taken back."),
        ("missing", "integer", "Decisions in force that it carried out and does not tell of."),
        ("items[]", "object", "The restrictions without a decision, 1,000 at most."),
        ("items[].subject", "string", "On what."),
        ("items[].action", "string", "What the platform calls it."),
        ("items[].account", "string", "About whom, where it says."),
        ("items[].since", "string", "Since when, where it says."),
        ("items[].why", "string", "`never decided` or `over`."),
        ("missed[]", "string", "The decisions that are missing there, 1,000 at most."),
    ),
}
