"""What the `--json` commands about learned models print."""

from __future__ import annotations

from json_table import Field, fields, under

_COUNTS = fields(
    ("labels.undone", "integer", "Labels from decisions that a person undid."),
    ("labels.decided", "integer", "Labels from decisions that people made themselves."),
    ("labels.judged", "integer", "Labels from cases that people judged."),
    ("labels.reviewed", "integer", "Labels of the file."),
    ("labels.not_in_the_past", "integer", "Labels of the file whose event is not here."),
    ("left_out.contradictory", "integer", "Texts of which people said both."),
    ("left_out.without_text", "integer", "Records whose text is erased, or that had none."),
    ("left_out.too_many", "integer", "The oldest, beyond what a model is trained on."),
    ("left_out.nearly_alike", "integer", "Texts nearly alike to one that is used."),
    ("left_out.same_author", "integer", "Further texts of one author with one answer."),
)

_RATE = fields(
    ("value", "integer", "In permille."),
    ("low", "integer", "Where the interval of 95 % begins."),
    ("high", "integer", "Where it ends."),
)

_CARD = (
    fields(
        ("model", "string", "SHA-256 of the model, in hex: its version."),
        ("clause", "string", "The clause it was trained for."),
        ("clause_version", "string", "The wording of the clause then."),
        ("trained", "string", "When."),
        ("until", "integer", "The last record there was then."),
    )
    + _COUNTS
    + fields(
        ("measured.name", "string", "What the model calls itself."),
        ("measured.version", "string", "As `model`."),
        ("measured.made.rows", "integer", "How many texts it was trained on."),
        ("measured.made.harmful", "integer", "How many of them broke the clause."),
        ("measured.made.sources[]", "string", "Where its labels come from."),
        ("measured.made.since", "string", "The day of the oldest text."),
        ("measured.made.until", "string", "The day of the newest one."),
        ("measured.made.seed", "integer", "What folds and fitting were drawn by."),
        ("measured.notes[]", "string", "What was done with the labels, in words."),
        ("measured.groups", "integer", "Groups of texts nearly alike."),
    )
    + under("measured.f1.", _RATE)
    + under("measured.auroc.", _RATE)
    + fields(
        ("measured.ece", "integer", "How far answers and what came true lie apart, in permille."),
        ("measured.at_recall[].recall", "integer", "Permille of what broke it that is found."),
        ("measured.at_recall[].precision", "integer", "Permille of what is found that did."),
        ("measured.at_recall[].score", "integer", "The answer from which on that is so."),
        ("measured.reliability[][]", "integer", "Rows, mean answer and what came true, by tenths."),
    )
)

_STANDS = fields(
    ("clause", "string", "The clause."),
    ("model", "string or null", "The model's version, as its card has it."),
    ("trained", "string or null", "When it was trained."),
    ("in_force", "boolean", "Whether the rules in force ask this very model."),
    ("clause_now", "string", "`same`, `worded otherwise` or `gone`: its clause since then."),
    ("erased_since", "boolean", "Whether a text it may have been trained on was erased since."),
    ("problem", "string or null", "Why it cannot be used."),
)

LEARN: dict[str, tuple[Field, ...]] = {
    "learn clause": fields(
        ("clause", "string", "The clause."),
        ("model", "string or null", "The new model's version; null: not enough to learn from."),
        ("before", "string or null", "The model that it replaces."),
    )
    + _COUNTS
    + fields(
        ("have.breaks", "integer", "Texts that broke the clause, after all that is left out."),
        ("have.does_not", "integer", "Texts that did not."),
        ("missing.breaks", "integer", "How many more of them are needed; without a model."),
        ("missing.does_not", "integer", "And of the others."),
        ("missing.labels", "integer", "And of both together."),
        ("why", "string", "What is missing, in words; empty with a model."),
        ("card", "object or null", "The card; null without a model."),
    )
    + under("card.", _CARD),
    "learn list": fields(("items[]", "object", "Every model of the folder, by clause."))
    + under("items[].", _STANDS),
    "learn show": tuple({field.path: field for field in (*_STANDS, *_CARD)}.values()),
}
