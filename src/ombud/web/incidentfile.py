"""The file of an incident in words: the sentences of its page, and what is saved of it.

Page and Markdown say the same sentences. What anybody wrote goes through `words.visible`; on the
page templates escape it, in Markdown it stands in code that nothing in it can end, and where a
spreadsheet might take it for a formula it is not one (`spreadsheet`). Names of staff are on the
page alone: a file that leaves the house has roles. This module must never make a link of what
somebody wrote.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from ombud import spreadsheet
from ombud.web import words

Put = Callable[[str], object]
Entry = Mapping[str, Any]

_TICKS = re.compile("`+")


# --- sentences ------------------------------------------------------------------------------------


def sentence(entry: Entry, lang: str, put: Put, time: Put) -> str:
    """What happened, in words. `put` and `time` set a value of somebody's and an instant apart."""
    key, named = _KEYS[entry["kind"]](entry), words.named
    values: dict[str, object] = {
        "count": entry["count"],
        "rule": put(str(entry.get("rule") or "")),
        "clause": put(str(entry.get("clause") or "")),
        "connector": put(str(entry.get("connector") or "")),
        "detail": put(str(entry.get("detail") or "")),
        "name": put(str(entry.get("name") or "")),
        "action": named("act", str(entry.get("action") or ""), lang),
        "asked": named("asked", str(entry.get("reason") or ""), lang),
        "why": named("incident.why", str(entry.get("reason") or ""), lang),
        "what": named("kind", str(entry.get("what") or "gone"), lang),
        "role": named("role", str(entry.get("role") or ""), lang),
        "state": named("incident.sent", str(entry.get("state") or ""), lang),
        "outcome": named("incident.outcome", str(entry.get("outcome") or ""), lang),
        "licence": named("incident.licence", str(entry.get("licence") or ""), lang),
        "until": time(entry["until"]) if entry.get("until") else "",
        "due": time(entry["due"]) if entry.get("due") else "",
    }
    parts = [(key, values), *((each, values) for each in _more(entry))]
    return _joined(parts, lang, put)


def _joined(parts: list[tuple[str, dict[str, object]]], lang: str, put: Put) -> str:
    """Sentences one behind the other: markup where values are markup, else text."""
    if isinstance(put(""), Markup):
        return Markup(" ").join(words.say(key, lang, **values) for key, values in parts)
    return " ".join(words.TEXTS[key][lang].format(**values) for key, values in parts)


def _more(entry: Entry) -> list[str]:
    """What is said besides: until when it holds, that it was taken back, that a second stood by."""
    found = [name for name in _BESIDES if entry.get(name)]
    return [f"incident.{entry['kind']}.{name}" for name in found if _said(entry["kind"], name)]


_BESIDES = ("gone", "same", "until", "undone", "ended", "second", "alone", "detail")


def _said(kind: str, name: str) -> bool:
    return f"incident.{kind}.{name}" in words.TEXTS


def _decided(entry: Entry) -> str:
    by = "rule" if entry["role"] == "rule" else "person"
    return f"incident.decided.{by}" + (".licence" if entry["licence"] and by == "rule" else "")


def _act(entry: Entry) -> str:
    exact = f"incident.act.{entry['did']}.{entry['how']}"
    return exact if exact in words.TEXTS else f"incident.act.{entry['did']}"


_KEYS: Mapping[str, Callable[[Entry], str]] = {
    "opened": lambda entry: "incident.opened" + (".rule" if entry["rule"] else ""),
    "came": lambda _: "incident.came",
    "came more": lambda _: "incident.came.more",
    "decided": _decided,
    "undone": lambda entry: f"incident.undone.{entry['how']}",
    "ended": lambda entry: f"incident.ended.{entry['how']}",
    "told": lambda _: "incident.told",
    "asked": lambda entry: (
        "incident.asked"
        + (".nobody" if not entry["connector"] else ".back" if entry["inverse"] else "")
    ),
    "judged": lambda entry: "incident.judged" + (".act" if entry["action"] else ""),
    "appealed": lambda _: "incident.appealed",
    "appeal ended": lambda _: "incident.appeal.ended",
    "closed": lambda _: "incident.closed",
    "act": _act,
    "cut": lambda _: "incident.cut",
}


# --- what is saved --------------------------------------------------------------------------------


def as_json(file: Mapping[str, Any]) -> bytes:
    """The file as data, in ASCII: what it says of somebody's words is in its texts alone."""
    return (json.dumps(_safe(_without_names(file)), indent=2) + "\n").encode()


def _without_names(file: Mapping[str, Any]) -> dict[str, Any]:
    kept = [
        {**each, "with": each["with"] and {"role": each["with"]["role"]}} for each in file["cases"]
    ]
    return {**file, "cases": kept}


def _safe(value: Any) -> Any:
    if isinstance(value, str):
        return spreadsheet.lines(words.visible(value))
    if isinstance(value, Mapping):
        return {name: _safe(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_safe(each) for each in value]
    return value


def as_markdown(file: Mapping[str, Any], lang: str, community: str) -> bytes:
    """The file as a text: a heading, the cases and what is open in each, and what happened."""
    said = _said_in(lang)
    lines = [f"# {said('incident.heading')}", "", _code(community), ""]
    lines += [said("incident.made", time=_time(file["made"])), ""]
    if file["since"]:
        span = {"since": _time(file["since"]), "until": _time(file["until"])}
        lines += [said("incident.span", **span), ""]
    lines += [*_left_out(file, lang), f"## {said('incident.open')}", ""]
    for each in file["cases"]:
        lines += _case(each, lang)
    lines += [f"## {said('incident.timeline')}", ""]
    for entry in file["timeline"]:
        lines += _happened(entry, lang)
    return ("\n".join(lines).rstrip("\n") + "\n").encode()


def left_out(file: Mapping[str, Any]) -> list[tuple[str, dict[str, int]]]:
    """What does not stand in a file, as sentences (key, values)."""
    found: list[tuple[str, dict[str, int]]] = []
    if file["hidden"]:
        found.append(("incident.hidden", {"count": file["hidden"]}))
    if file["more_cases"]:
        found.append(("incident.more.cases", {"count": len(file["cases"])}))
    if not file["texts"]:
        found.append(("incident.no.texts", {}))
    return found


def open_points(case: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What the next person finds in a case, as sentences (key, values): without names."""
    if case["closed"]:
        return [("incident.case.closed", {"time": case["closed"]})]
    found: list[tuple[str, dict[str, Any]]] = [
        ("incident.case.waits", {"count": case["waiting"], "time": case["place"]})
    ]
    if case["urgent"]:
        found.append(("incident.case.urgent", {}))
    if case["snoozed_until"]:
        found.append(("incident.case.snoozed", {"time": case["snoozed_until"]}))
    if case["second_needed"]:
        found.append(("incident.case.second", {}))
    if case["with"] is None:
        found.append(("incident.case.nobody", {}))
    return found


def _left_out(file: Mapping[str, Any], lang: str) -> list[str]:
    said = _said_in(lang)
    return [line for key, values in left_out(file) for line in (said(key, **values), "")]


def _case(case: Mapping[str, Any], lang: str) -> list[str]:
    said, title = _said_in(lang), words.choose(case["titles"], lang)
    lines = [f"### {_code(case['id'])} {_code(title.text if title else case['clause'])}", ""]
    told = [
        said(key, **{name: _time(v) if name == "time" else v for name, v in values.items()})
        for key, values in open_points(case)
    ]
    if case["with"]:
        told.append(
            said("incident.case.with", role=words.named("role", case["with"]["role"], lang))
        )
    lines += [" ".join(told), ""]
    for note in case["notes"]:
        lines += [said("incident.note", time=_time(note["made"])), "", *_block(note["text"]), ""]
    return lines


def _happened(entry: Entry, lang: str) -> list[str]:
    about = f" {_code(entry['case'])}" if entry["case"] else ""
    lines = [f"**{_time(entry['time'])}**{about} {sentence(entry, lang, _code, _time)}", ""]
    if entry["kind"] == "came" and entry["subject"]:
        who = [entry["name"], entry["account"], entry["subject"], entry["room"]]
        lines += [", ".join(_code(each) for each in who if each), ""]
    if entry.get("text"):
        lines += [*_block(entry["text"]), ""]
        if entry["more"]:
            lines += [_said_in(lang)("incident.text.more", count=entry["more"]), ""]
    return lines


def _said_in(lang: str) -> Callable[..., str]:
    return lambda key, **values: words.TEXTS[key][lang].format(**values)


def _time(time: str) -> str:
    return time[:19].replace("T", " ") + " UTC"


def _code(text: str) -> str:
    """A text as code inside a sentence: on one line, and with more ticks around than are in it."""
    flat = spreadsheet.lines(" ".join(words.visible(text).split())) or "–"
    ticks = "`" * (max((len(each) for each in _TICKS.findall(flat)), default=0) + 1)
    return f"{ticks} {flat} {ticks}" if "`" in flat else f"`{flat}`"


def _block(text: str) -> list[str]:
    """A text as a block of code by its indent, which nothing in it can end."""
    return [f"    {each}" for each in spreadsheet.lines(words.visible(text)).split("\n")]
