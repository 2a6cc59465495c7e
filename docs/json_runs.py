"""What `replay` and `rules watch` print with `--json`: every field with its type and meaning.

This module must never describe a field that no command prints.
"""

from __future__ import annotations

from json_table import Field, fields, under

_WOULD = fields(
    ("would[]", "object", "What the rule would do if it were live, under the licences of today."),
    ("would[].action", "string", "The action's name."),
    ("would[].target", "string", "`this`, `author`, `room` or `campaign`."),
    ("would[].does", "integer or null", "Hits on which it would do so by itself."),
    ("would[].asks", "integer or null", "Hits on which it would ask a person."),
)


def _share(name: str, meaning: str) -> tuple[Field, ...]:
    return fields(
        (f"{name}.value", "number or null", f"{meaning}; null of fewer than 5 people."),
        (f"{name}.lower", "number or null", "Lower end of its 95 % interval (Wilson's)."),
        (f"{name}.upper", "number or null", "Upper end."),
        (f"{name}.of", "integer or null", "Labelled cases that it rests on; null without a value."),
        (f"{name}.words", "string", "The same in words, or why there is none."),
    )


_SAMPLE = fields(
    ("labels.reviewed", "integer", "Labels of the file that fit a record."),
    ("labels.undone", "integer", "Decisions that a person undid: each counts as wrong."),
    ("labels.decided", "integer", "Decisions that people made themselves, not undone: right."),
    ("labels.not_in_the_past", "integer", "Labels of the file that fit no record."),
    ("labels.judged", "integer", "Records that people judged in cases: upheld or released."),
    ("labels.contradictory", "integer", "Labels that contradict an earlier one: counted as wrong."),
    (
        "labels.used",
        "integer or null",
        "Records and clauses labelled that a rule was held against.",
    ),
    ("sample[]", "object", "A few cases drawn by lot, at most 20, one a person."),
    ("sample[].person", "string", "A name of this run alone."),
    ("sample[].rule", "string", "The rule it is about."),
    ("sample[].change", "string", "`new`, `gone`, or of a watching rule `hit`."),
    ("sample[].kind", "string", "The event's kind."),
    ("sample[].facts[]", "object", "The numbers that the rule asks for."),
    ("sample[].facts[].condition", "string", "The condition in the rule's words."),
    ("sample[].facts[].about", "string", "The number as a wide band."),
    ("seed", "string", "What the sample was drawn by: `--seed`, or a number drawn before the run."),
    ("run.id", "string", "The run's id."),
    ("run.leaf", "integer", "The place of its line in the public log, from 0."),
)

CHECK = fields(
    ("checked", "integer", "With `--check`: records judged again."),
    ("same", "integer", "Records that came out as they were stored."),
    ("different", "integer", "Records that did not: the exit code is 1."),
    ("from_facts", "integer", "Records judged from recorded facts, the text being gone."),
    ("not_recomputable", "integer", "Records that cannot be judged again."),
    ("differences[]", "object", "The first records that differ."),
    ("differences[].seq", "integer", "Which record."),
    ("differences[].what", "string", "What differs."),
)

TRIED = (
    fields(
        ("config", "string", "With `--rules`: digest of all that was tried, as in the journal."),
        ("since", "string or null", "Events from this time on are counted."),
        ("until", "string or null", "Events before this time are counted."),
        ("records", "integer", "Records of the past."),
        ("judged", "integer", "Events that were judged and counted."),
        (
            "without_body",
            "integer",
            "Events whose text is gone, or that name somebody who was erased: not judged.",
        ),
        ("items[]", "object", "The rules that were tried."),
        ("items[].name", "string", "The rule's name."),
        ("items[].clause", "string", "The clause it stands under."),
        ("items[].mode", "string", "`watch` or `live`."),
        ("items[].version", "string", "Its exact version."),
        (
            "items[].few",
            "boolean",
            "Its hits concern fewer than 5 people; where it names people, perhaps nobody.",
        ),
        ("items[].hits", "integer or null", "Events on which it fired."),
        (
            "items[].recorded",
            "integer or null",
            "Events on which the rule of this name fired then.",
        ),
        ("items[].overlap", "integer or null", "Events on which both did."),
        ("items[].new", "integer or null", "Hits that the rule of this name did not have then."),
        ("items[].gone", "integer or null", "Hits of then that it does not have."),
        (
            "items[].not_comparable",
            "integer or null",
            "Hits of then that are unknown now, only because a part of the past is gone.",
        ),
        ("items[].alone", "integer or null", "Hits on which no other rule fired."),
        (
            "items[].members",
            "integer or null",
            "Earlier posts of its campaigns that it would act on by itself.",
        ),
        (
            "items[].people",
            "integer or null",
            "Different people it hit, those of its campaigns too.",
        ),
        (
            "items[].people_established",
            "integer or null",
            "Those who then had been here for 30 days with 20 accepted posts.",
        ),
        ("items[].unknown", "integer or null", "Events on which a fact it needs was unknown."),
        ("items[].by_kind.*", "integer or null", "Hits by kind of event."),
    )
    + under("items[].", _WOULD)
    + _share("items[].precision", "Share of its labelled hits that break its clause")
    + _share("items[].recall", "Share of the events labelled as breaking its clause that it hit")
    + fields(
        ("totals.events", "integer or null", "Events on which any of the rules fired."),
        ("totals.hits", "integer or null", "Hits of all rules."),
        ("totals.new", "integer or null", "New hits of all rules."),
        ("totals.gone", "integer or null", "Gone hits of all rules."),
        ("totals.people", "integer or null", "Different people that any rule hit."),
        ("totals.people_established", "integer or null", "Those who were established."),
        (
            "totals.by_action.*",
            "integer",
            "Events by the strongest action that would be done, in the modes the rules are in.",
        ),
        ("totals.by_clause.*", "object", "What would come of the rules under a clause."),
        ("totals.by_clause.*.done.*", "integer", "By clause: what would be done, by action."),
        (
            "totals.by_clause.*.asked.*",
            "integer",
            "By clause: what a person would be asked, by the reason.",
        ),
        (
            "totals.by_clause.*.would[]",
            "object",
            "By clause: what its rules would do on their hits if they were live.",
        ),
        ("totals.by_clause.*.would[].action", "string", "The action."),
        ("totals.by_clause.*.would[].target", "string", "Whom or what it is about."),
        ("totals.by_clause.*.would[].does", "integer or null", "Hits on which it would be done."),
        (
            "totals.by_clause.*.would[].asks",
            "integer or null",
            "Hits on which a person would be asked.",
        ),
        ("drafts[]", "string", "Drafts that were not tried, since no `--rule` names them."),
        ("expectations[]", "object", "What `--expect` said, in order."),
        ("expectations[].expectation", "string", "The expectation in its canonical words."),
        ("expectations[].met", "boolean", "Whether it is met; if not, the exit code is 1."),
        ("expectations[].found", "string or null", "The value that was found, if it is told."),
        ("expectations[].why", "string", "Why no value is told; empty where one is."),
        ("notes[]", "string", "What the figures do not say, in words."),
        ("seconds", "number", "How long judging took."),
        ("records_per_second", "integer", "How fast that was."),
    )
    + _SAMPLE
)

WATCHED = (
    fields(
        ("records", "integer", "Records of the past."),
        ("seconds", "number", "How long reading took."),
        ("items[]", "object", "The rules that watch, by name."),
        ("items[].name", "string", "The rule's name."),
        ("items[].clause", "string", "The clause it stands under."),
        ("items[].version", "string", "Its exact version."),
        (
            "items[].since",
            "string",
            "When this version went into watch, or the instant asked for by --since.",
        ),
        (
            "items[].few",
            "boolean",
            "Its hits concern fewer than 5 people; where it names people, perhaps nobody.",
        ),
        ("items[].hits", "integer or null", "Events since then on which it fired."),
        ("items[].beside_acting", "integer or null", "Those on which a rule that acts fired too."),
        ("items[].people", "integer or null", "Different people it hit."),
        ("items[].unknown", "integer or null", "Events on which a fact it needs was unknown."),
        ("items[].by_kind.*", "integer or null", "Hits by kind of event."),
    )
    + under("items[].", _WOULD)
    + _share("items[].precision", "Share of its labelled hits that break its clause")
    + _share("items[].recall", "Share of the events labelled as breaking its clause that it hit")
    + _SAMPLE
)
