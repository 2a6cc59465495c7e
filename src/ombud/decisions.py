"""Verdict + licence -> decision with its reasons: the statement a restricted person is owed.

A decision says what was done, under which clause in which version, by which rules in which
versions, by whom, until when, and why: the facts that fired, generated from the conditions, never
written by hand and never from somebody else's text beyond the words that matched. This module must
never act or write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from ombud import clock, i18n, ids, phrases
from ombud.ledger import leaf
from ombud.model import Event, Reported, Value
from ombud.rules.interpret import Finding
from ombud.rules.tree import InList
from ombud.rules.vocabulary import ACTIONS
from ombud.signals.declare import Type
from ombud.signals.resolve import Fact

TWO_PEOPLE, ALONE = "two people", "one person"
EYES = (TWO_PEOPLE, ALONE)  # a second person confirmed it; there was none
MADE_OF = ("text", "image", "video", "audio")
OWN, FLAG, TRUSTED, DEMAND = "own initiative", "flag", "trusted flagger", "demand"
TRUSTED_ROLE = "trusted-flagger"  # of who flags, as the platform says
APPEAL_OPEN = 183 * clock.DAY  # six months, and never shorter than the restriction
_ROUND = {
    **dict.fromkeys(("post", "reply", "edit"), "post"),
    "upload": "upload",
    "join": "member",
    "invite": "invitation",
    "room": "new room",
}


class FactSeen(msgspec.Struct, frozen=True):
    """One condition that fired: its words in the rule, what was seen, which words matched."""

    condition: str
    value: str | int | bool | None
    said: Mapping[str, str]
    matched: tuple[str, ...] = ()


class Reasons(msgspec.Struct, frozen=True):
    """Why: the sentence about what was done, the rule's own words, and what was seen."""

    what: Mapping[str, str]
    why: Mapping[str, str]
    facts: tuple[FactSeen, ...] = ()


class RuleVersion(msgspec.Struct, frozen=True):
    """A rule and its exact version. `approved`: whether somebody else than its author stood behind
    that version; None where that was not recorded yet.
    """

    name: str
    version: str
    approved: bool | None = None


class ActionDone(msgspec.Struct, frozen=True):
    """One action: what, on what, with which parameters, until when."""

    type: str
    on: str
    params: Mapping[str, str] = {}
    until: str | None = None


class Decision(msgspec.Struct, frozen=True):
    """A decision's full record, as it is sealed and committed to in the public log (design
    section 12).
    """

    id: str
    time: str
    subject: str
    clause: str
    policy_version: str
    rules: tuple[RuleVersion, ...]
    by: str
    licence: str | None
    actions: tuple[ActionDone, ...]
    automated_detection: bool
    automated_decision: bool
    reasons: Reasons
    appeal_until: str
    origin: str
    lang: str = "en"
    found_by: RuleVersion | None = None  # of a person's decision: the rule that put it before them
    eyes: str | None = None  # where a second person was needed: EYES
    irreversible: bool = False  # the platform cannot take it back
    content: tuple[str, ...] = ()  # what it is made of: MADE_OF; nothing where that is not known
    content_lang: str | None = None  # and in which language, where that can be told
    demand: str | None = None  # the one that began it: its origin is "demand" then, for ever
    again: bool = False  # of a hold: once it is over, what it held has to be sent again


ORDER = "standing order:"  # how the licence of what a person has ordered begins

_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Decision)


def encode(decision: Decision) -> bytes:
    """The record in its canonical form."""
    return _encoder.encode(decision)


def decode(content: bytes) -> Decision:
    """The record of its canonical form."""
    return _decoder.decode(content)


def parts(content: bytes) -> dict[str, Any]:
    """The record in the parts in which the public log commits to it, by name: each can be shown to
    the person without the others.
    """
    found = msgspec.json.decode(content, type=dict[str, Any])
    why = found.pop("reasons")
    facts = why.pop("facts")
    seen = {"facts": [{name: each[name] for name in ("said", "matched")} for each in facts]}
    asked = {
        "conditions": [{name: each[name] for name in ("condition", "value")} for each in facts]
    }
    return {**found, **why, **seen, **asked}


# What of them the person is shown anyway, on the page of their statement. What a demand began is
# told apart, since it may have to be kept for a time.
SHOWN = frozenset(
    {
        *("id", "time", "subject", "clause", "policy_version", "rules", "by", "licence", "actions"),
        *("automated_detection", "automated_decision", "what", "why", "facts", "appeal_until"),
        *("lang", "eyes", "irreversible", "again"),
    }
)
BEGAN = frozenset({"origin", "demand"})


def opened(plain: bytes) -> Decision:
    """The decision of an opened seal: a salt, then the record."""
    return decode(plain[leaf.SALT_BYTES :])


def strongest(actions: Sequence[str]) -> str:
    """What an event is answered: the strongest of the actions on the content itself, else of
    those on its room or author; "allow" where nothing is done.
    """
    order = list(ACTIONS)
    return max(
        actions,
        key=lambda action: ("this" in ACTIONS[action].targets, order.index(action)),
        default="allow",
    )


def subject_of(event: Event, kind: str, target: str) -> str:
    """What is acted on, as the platform names it: `post/123`, `room/general`, `account/ana`."""
    data = event.data
    if target == "room":
        return f"room/{data.room.id}" if data.room else "room/"
    author = data.author.id if data.author else ""
    if target == "author" and kind == "flag":  # who wrote what was flagged, not who flagged it
        reported = data.reported
        who = reported.author if isinstance(reported, Reported) else None
        return f"account/{who.id if who else ''}"
    if target == "author":
        return f"account/{author}"
    if kind == "flag":
        reported = data.reported
        return (reported.id if isinstance(reported, Reported) else reported) or f"flag/{event.id}"
    if event.subject:
        return event.subject
    if kind == "registration":
        return f"registration/{author or event.id}"
    if kind == "profile":
        return f"profile/{author or event.id}"
    return f"{_ROUND[kind]}/{event.id}"


def lane(key: bytes, connector: str, subject: str) -> bytes:
    """The keyed digest of a subject: what is done to it goes in one order. Subjects are of one
    platform: none holds up another's.
    """
    return ids.keyed_digest(key, "lane", f"{connector}\0{subject}".encode())


def reasons(
    action: str,
    kind: str,
    target: str,
    until: int | None,
    tell: Mapping[str, str],
    facts: Sequence[FactSeen],
) -> Reasons:
    """The statement of reasons in every spoken language."""
    noun = _noun(kind, target)
    what = {}
    for lang in i18n.SPOKEN:
        subject = i18n.say(noun, lang)
        key = f"done.{action}"
        what[lang] = i18n.say(
            f"{key} open" if until is None and f"{key} open" in phrases.TEXTS else key,
            lang,
            subject=subject,
            inside=subject[0].lower() + subject[1:],
            until="" if until is None else minute(until),
        )
    return Reasons(what=what, why=dict(tell), facts=tuple(facts))


def _noun(kind: str, target: str) -> str:
    if target in ("room", "author"):
        return "subject.room" if target == "room" else "subject.account"
    if kind in ("registration", "profile"):
        return f"subject.{kind}"
    return f"subject.{_ROUND.get(kind, 'post')}"


def minute(instant: int) -> str:
    """An instant to the minute, as people read it: `2026-11-22 10:00 UTC`."""
    return clock.to_datetime(instant).strftime("%Y-%m-%d %H:%M UTC")


def say_value(type_: Type, value: Value, unit: str, lang: str) -> str:
    """A fact's value in words."""
    if value is None:
        return i18n.say("unknown", lang)
    if type_ is Type.YESNO or isinstance(value, bool):
        return i18n.say("yes" if value else "no", lang)
    if type_ is Type.DURATION and isinstance(value, int):
        return i18n.length(value, lang)
    if type_ is Type.PERCENT and isinstance(value, int):
        return f"{value // 10} %"
    if lang != "en":
        return str(value)
    return f"{value} {i18n.singular(unit) if value == 1 else unit}".strip()


def fact_seen(
    finding: Finding,
    fact: Fact,
    *,
    withheld: str | None = None,
    listed: InList | None = None,
    room: str = "",
) -> FactSeen:
    """A condition that fired, in words; `listed`: it asked a list; `room`: where others publish
    that. Where the clause withholds them, no word that matched is in it, and the person is told
    `withheld`: the condition without the text that it looks for. The whole condition stays in the
    record, which no person concerned is shown.
    """
    shown_as = finding.said if withheld is None else withheld
    said = {}
    for lang in i18n.SPOKEN:
        meaning = fact.meaning.get(lang, fact.meaning["en"]).rstrip(".")
        value = ""
        if listed is not None:
            meaning = meaning.removesuffix(i18n.say("for lists", lang))
            value = ": " + _say_listed(listed, finding, fact.type, lang, room)
        elif finding.slot == fact.name:
            value = ": " + say_value(finding.type, finding.value, fact.unit, lang)
        said[lang] = f"{meaning}{value} ({shown_as})"
    shown = finding.value if isinstance(finding.value, int | str) else None
    return FactSeen(finding.said, shown, said, finding.words if withheld is None else ())


def _say_listed(asked: InList, finding: Finding, type_: Type, lang: str, room: str) -> str:
    """What a list said of a fact."""
    way = "text" if type_ is Type.TEXT else asked.every or "in"
    turned = "not " if finding.said.startswith("not ") else ""
    it = i18n.say("list of others" if room else "list", lang, name=asked.list, room=room)
    return i18n.say(f"listed {turned}{way}", lang, it=it)


def appeal_until(decided: int, until: int | None) -> int:
    """Until when the person may appeal."""
    return max(decided + APPEAL_OPEN, until or 0)


def afterwards(decision: Decision, lang: str) -> str:
    """What becomes of what is held when nobody holds it any more; nothing where nothing is held."""
    if decision.actions[0].type != "hold":
        return ""
    return i18n.say("after.again" if decision.again else "after.hold", lang)


def statement(decision: Decision, clause_title: Mapping[str, str], lang: str) -> list[str]:
    """The statement of reasons as lines of text in one language."""
    why = decision.reasons.why.get(lang) or decision.reasons.why.get("en", "")
    lines = [decision.reasons.what.get(lang, decision.reasons.what["en"])]
    lines += [each for each in (afterwards(decision, lang), why) if each]
    title = clause_title.get(lang) or clause_title.get("en", decision.clause)
    lines.append(i18n.say("clause", lang, title=title, clause=decision.clause))
    if decision.by == "rule":
        lines.append(i18n.say("by.rule", lang, rule=decision.rules[0].name))
        if (decision.licence or "").startswith(ORDER):
            lines.append(i18n.say("by.order", lang))
        if one_person(decision):
            lines.append(i18n.say("by.one", lang))
    else:
        lines.append(i18n.say("by.person", lang, role=decision.by))
        said = {TWO_PEOPLE: "by.second", ALONE: "by.alone"}.get(decision.eyes or "")
        lines += [i18n.say(said, lang)] if said else []
        lines += [i18n.say("by.irreversible", lang)] if decision.irreversible else []
    if decision.reasons.facts:
        lines.append(i18n.say("facts", lang))
        lines.extend(f"  - {say_fact(fact, lang)}" for fact in merged(decision.reasons.facts))
    lines.append(i18n.say("appeal", lang, until=decision.appeal_until[:10]))
    return lines


def one_person(decision: Decision) -> bool:
    """Whether one person stands behind it where there should be two: the author of the rule that
    decided, or who decided what a second person should have confirmed.
    """
    if decision.by == "rule":
        return decision.rules[0].approved is False
    return decision.eyes == ALONE


def merged(facts: Iterable[FactSeen]) -> list[FactSeen]:
    """The conditions as people read them: what several asked of one and the same value is told
    once, with all of them behind it.
    """
    found: dict[object, FactSeen] = {}
    for fact in facts:
        heads = {
            lang: said.removesuffix(f" ({fact.condition})") for lang, said in fact.said.items()
        }
        same = (*heads.values(), fact.matched)
        before = found.get(same)
        if any(head == fact.said[lang] for lang, head in heads.items()):  # its words are withheld
            found[fact.condition] = fact
        elif before is None:
            found[same] = fact
        else:
            condition = f"{before.condition}; {fact.condition}"
            said = {lang: f"{head} ({condition})" for lang, head in heads.items()}
            found[same] = msgspec.structs.replace(before, condition=condition, said=said)
    return list(found.values())


def say_fact(fact: FactSeen, lang: str) -> str:
    """A condition that fired, in words, with what of the text matched."""
    said = fact.said.get(lang, fact.said["en"])
    if not fact.matched:
        return said
    words = ", ".join(f"“{word}”" for word in fact.matched)
    return f"{said} ({i18n.say('matched', lang, words=words)})"


def as_json(decision: Decision, **more: Any) -> dict[str, Any]:
    """The decision as the command line and the API show it, with what happened since."""
    return {**msgspec.to_builtins(decision), **more}
