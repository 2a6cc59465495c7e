"""What the `--json` commands about published fact-checks print."""

from __future__ import annotations

from json_table import Field, fields, under

_CLAIM = fields(
    ("id", "string", "Stands for the address of the fact-check and the words of the claim."),
    ("claim", "string", "What was checked, as its publisher words it."),
    ("publisher", "string", "Who checked it, as they call themselves."),
    ("rating", "string", "Their rating, in their words."),
    ("url", "string", "Where the fact-check stands."),
    ("headline", "string or null", "Its headline."),
    ("date", "string or null", "The day it was published."),
    ("lang", "string or null", "The language, as two or three letters."),
    ("site", "string", "The site it stands on: what `claims.publishers` names."),
)

CLAIMS: dict[str, tuple[Field, ...]] = {
    "claims import": fields(
        ("name", "string", "What the import is called."),
        ("status", "string", "`new`, `changed` or `unchanged`."),
        ("claims", "integer", "Claims that are there now."),
        ("before", "integer", "Claims that were there before."),
        ("refused", "integer", "Items that could not be taken."),
        ("others", "integer", "Items of publishers that were not asked for."),
        ("problems[]", "object", "The first refused items: as errors, with their place."),
        ("problems[].code", "string", "Stable code."),
        ("problems[].message", "string", "What is wrong."),
        ("problems[].where", "string", "Which item, and which field of it."),
        ("problems[].hint", "string", "What to do."),
    ),
    "claims list": fields(
        ("items[]", "object", "Every import, by name."),
        ("items[].name", "string", "What it is called."),
        ("items[].claims", "integer", "Its claims."),
        ("items[].broken", "integer", "Lines of its file that cannot be read."),
        ("items[].url", "string or null", "Where it was fetched from."),
        ("items[].fetched", "string or null", "When its claims came."),
        ("items[].tried", "string or null", "When it was last tried."),
        ("items[].trouble", "string or null", "Why that brought nothing."),
        ("items[].refused", "integer", "Items of the last document that could not be taken."),
        ("items[].publishers.*", "integer", "Claims by site, the 100 most frequent."),
    ),
    "claims show": _CLAIM,
    "claims search": fields(
        ("answer", "string", "`match`, `debunked` or `no match`: what the facts say of the text."),
        ("ranking.by", "string", "`words` or `meaning`."),
        ("ranking.model", "string or null", "SHA-256 of the model that ranked."),
        ("ranking.said", "string", "The same in a sentence, with the reason where none ranked."),
        ("items[]", "object", "The nearest claims."),
    )
    + under("items[].", _CLAIM)
    + fields(
        ("items[].match", "boolean", "Whether it would be proposed."),
        ("items[].sure", "boolean", "Whether text and claim are nearly the same."),
        ("items[].likeness", "integer", "How like they are, in permille; 0 where too few words."),
        ("items[].meaning", "integer or null", "How near they are by the model, in permille."),
    ),
    "claims proposed": fields(
        ("items[]", "object", "The open cases that propose context, newest first."),
        ("items[].case", "string", "The case."),
        ("items[].record", "integer", "The record of the post."),
        ("items[].opened", "string", "When it was opened."),
        ("items[].clause", "string", "The clause."),
        ("items[].rule", "string", "The rule that proposes it."),
        ("items[].queue", "string", "The queue it waits in."),
        ("items[].urgent", "boolean", "Whether the rule says that it is urgent."),
        ("items[].subject", "string or null", "The post, as its platform names it."),
        ("items[].platform", "string or null", "The platform."),
        ("items[].text", "string", "The rule's own words for the label."),
        ("items[].gone", "boolean", "Whether the post cannot be looked at any more."),
        ("items[].cluster", "integer or null", "The first record of texts nearly the same."),
        ("items[].cluster_cases", "integer or null", "How many open cases are of them."),
        ("items[].proposed[]", "object", "The claims it repeats, the strongest first."),
    )
    + under("items[].proposed[].claim.", _CLAIM)
    + fields(
        ("items[].proposed[].likeness", "integer", "How like they are, in permille."),
        ("items[].proposed[].sure", "boolean", "Whether they are nearly the same."),
        ("items[].proposed[].label.*", "string", "The label that would be shown, by language."),
    ),
}
