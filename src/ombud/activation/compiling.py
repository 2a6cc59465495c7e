"""From the operator's texts to a configuration: compiled, with the digest of all that can change a
verdict.

Compiled off the path, activated by one control in the journal, valid for every record after it. The
control carries the texts, so that replay compiles the same configuration from the journal alone.
This module must never read a file: `config` does, and the journal does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Any

import msgspec

from ombud import gate, samples
from ombud.activation import checking, claims, models, program, standing
from ombud.activation.active import Active, ByKind, Proposal
from ombud.activation.checking import NONE_STORED, Stored
from ombud.config import FOLDERS, Settings, Sources
from ombud.errors import BadData, BadRules, catalogue
from ombud.rules import load, parse
from ombud.rules.check import wording
from ombud.rules.checked import CheckedRule, atoms
from ombud.rules.diagnostic import ERROR, Diagnostic
from ombud.rules.entries import asks
from ombud.rules.plan import Plan, compile_plan
from ombud.signals.counted import Window
from ombud.signals.lists import reading
from ombud.windows import BEGINNING, Shape, clustered

catalogue(
    D013=(
        "The rules, policies or lists have {count} errors.",
        "Mend them; what runs stays as it is.",
    ),
    D017=(
        "The list {file} of a recorded configuration is not as it was.",
        "Restore a backup into a new folder. Nothing was changed here.",
    ),
)


def from_sources(sources: Sources, stored: Mapping[str, Stored] = NONE_STORED) -> Active:
    """The configuration that the operator's texts give, with the lists that were changed in the
    store. Raises BadRules with all diagnostics.
    """
    loaded = checking.checked(sources, stored)
    if not loaded.ok:
        raise BadRulesFound([each for each in loaded.diagnostics if each.severity == ERROR])
    return with_lists(_compile(sources, loaded), stored)


def with_lists(active: Active, stored: Mapping[str, Stored]) -> Active:
    """The configuration with what its digest says of changed lists: file and last change. Nothing
    is compiled anew.
    """
    known = {name: each for name, each in stored.items() if name in active.lists}
    lists = {name: [active.lists[name].written.digest, each.seq] for name, each in known.items()}
    manifest = {**active.manifest, "lists": {**active.manifest["lists"], **lists}}
    if manifest == active.manifest:
        return active
    imported = {name: each.imported for name, each in known.items()}
    sources = {**active.payload["sources"], "stored": imported}
    payload = {**active.payload, "config": digest(manifest), "manifest": manifest}
    return replace(
        active, digest=digest(manifest), manifest=manifest, payload={**payload, "sources": sources}
    )


def from_payload(payload: Mapping[str, Any], content: Callable[[str], bytes]) -> Active:
    """The configuration of a recorded activation; `content` gives lists by digest.

    It was accepted once, so nothing is refused that only a new one must not do. Its digest, its
    manifest and the versions of its rules are those recorded: they went into what was recorded
    since. `otherwise` names what this program computes otherwise than the one that recorded it.
    """
    texts = payload["sources"]
    sources = Sources(
        rules={name: text.encode() for name, text in texts["rules"].items()},
        policies={name: text.encode() for name, text in texts["policies"].items()},
        lists={name: _kept(name, digest, content) for name, digest in texts["lists"].items()},
        settings=msgspec.convert(texts["settings"], Settings),
        capabilities=texts.get("capabilities", {}),
        claims={name: _kept(name, at, content) for name, at in texts.get("claims", {}).items()},
    )
    form = texts.get("list_form", reading.PLAIN)
    stored = texts.get("stored", {})
    trained = texts.get("models", {})
    loaded = checking.recorded(
        sources,
        models.recorded(trained, content),
        stored,
        form,
        program.earlier(payload["manifest"]["program"]),
    )
    if not loaded.ok:
        raise BadRulesFound([each for each in loaded.diagnostics if each.severity == ERROR])
    acts = payload.get("acts", _pack())  # an earlier program went by the names alone
    active, manifest = _compile(sources, loaded, acts), payload["manifest"]
    as_recorded = replace(
        active,
        digest=payload["config"],
        manifest=manifest,
        payload=payload,
        versions=tuple(manifest["rules"][name][0] for name in active.names),
        since=payload["since"],
        otherwise=(
            *program.otherwise(active.rules, manifest["program"]),
            *models.lacking(trained, loaded.models),
        ),
        campaigns="campaign" in manifest["program"],  # an earlier program knew no members
    )
    return as_recorded.stands(standing.from_json(payload))


def _kept(file: str, digest: str, content: Callable[[str], bytes]) -> bytes:
    """A recorded list. Raises BadData D017 where it is not the one that was kept."""
    found = content(digest)
    if content_digest(found) != digest:
        raise BadData("D017", file, file=file)
    return found


def succeed(
    before: Active,
    active: Active,
    recv: int,
    author: int,
    left: standing.Versions,
    *,
    unnamed: bool = False,
) -> Active:
    """The configuration as `author` activates it at `recv`: how its rules stand, and from when its
    clause versions count. `left`: how versions that come back stood (standing.succeed).

    Those of the first configuration count from the beginning; a later version, from `recv` on.
    """
    active = active.stands(
        standing.succeed(before.standing, active.written, author, recv, left, unnamed=unnamed)
    )
    if not before.digest:
        return active
    known, now = before.manifest["clauses"], active.manifest["clauses"]
    since = {
        clause: before.since[clause] if known.get(clause) == version else recv
        for clause, version in now.items()
        if known.get(clause) != version or clause in before.since
    }
    return replace(active, since=since)


class BadRulesFound(BadRules):
    """Rules, policies or lists with errors; `diagnostics` has all of them."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__("D013", "rules", count=len(diagnostics))
        self.diagnostics = diagnostics


@cache
def _pack() -> Mapping[str, str]:
    """The words of each shipped rule, by its name."""
    trees = [parse.parse(name, text)[0] for name, text in samples.files("rules").items()]
    return MappingProxyType({tree.name: wording(tree) for tree in trees})


def edited(active: Active) -> list[str]:
    """The watching rules that procedural holds would let act if they still had the words they were
    shipped with.
    """
    found: list[str] = active.manifest.get("edited", [])
    return found


def _by_holds(sources: Sources, rules: Collection[CheckedRule]) -> tuple[list[str], list[str]]:
    """The watching rules that procedural holds let act: those that say what the shipped rule of
    their name says. And those of such a name that say something else.
    """
    acts: list[str] = []
    others: list[str] = []
    for rule in rules if sources.settings.procedural_holds else ():
        if rule.mode == "watch" and rule.name in _pack():
            (acts if wording(rule.tree) == _pack()[rule.name] else others).append(rule.name)
    return acts, others


def _compile(
    sources: Sources, loaded: load.Loaded, recorded: Collection[str] | None = None
) -> Active:
    """`recorded` names the watching rules that holds let act when it was activated."""
    plan = compile_plan(loaded.rules, loaded.lists)
    rules = plan.rules
    for listed, asked in filter(None, (asks(atom) for rule in rules for atom in rule.atoms())):
        loaded.lists[listed].warm(asked)
    holds = sources.settings.procedural_holds
    acts, others = _by_holds(sources, loaded.rules) if recorded is None else (recorded, ())
    trained = models.read_by(rules, loaded.models)
    claimed = claims.read_by(rules, sources)
    manifest = {
        "program": program.named(rules),
        "rules": {rule.name: [rule.version, rule.mode] for rule in rules},
        "clauses": {name: clause.version for name, clause in sorted(loaded.clauses.items())},
        "lists": {name: kept.written.digest for name, kept in sorted(loaded.lists.items())},
        **_settings(sources),
        **({"edited": others} if others else {}),
        **_trained(trained),
        **({"claims": claims.digests(claimed)} if claimed else {}),
    }
    shapes = _shapes(plan)
    windows = tuple(window for window, _ in plan.windows)
    acting = {
        rule.name: rule.mode == "live" or (holds and rule.mode == "watch" and rule.name in acts)
        for rule in loaded.rules
    }
    index = {name: slot for slot, name in enumerate(plan.slots)}
    return Active(
        digest=digest(manifest),
        manifest=manifest,
        payload={**_payload(sources, manifest, shapes, plan.slots), "acts": list(acts)},
        contents=claims.contents(sources.lists, claimed, trained),
        settings=sources.settings,
        plan=plan,
        rules=rules,
        licences=gate.procedural(_procedural(loaded), holds),
        names=tuple(rule.name for rule in rules),
        versions=tuple(rule.version for rule in rules),
        acting=tuple(acting[rule.name] for rule in rules),
        proposals=tuple(_proposals(index, rule) for index, rule in enumerate(rules)),
        windows=windows,
        windows_of=_by_kind(windows),
        shapes=shapes,
        atoms={atom.slot: atom for rule in rules for atom in rule.atoms()},
        rule_slots=tuple(tuple(index[atom.slot] for atom in rule.atoms()) for rule in rules),
        capabilities=sources.capabilities,
        lists=loaded.lists,
        written={
            rule.name: standing.Rule(rule.version, rule.mode, acting[rule.name])
            for rule in loaded.rules
        },
        campaigns=any(rule.on_campaign for rule in rules),
        claims=claims.index(claimed),
        asking=frozenset(number for number, rule in enumerate(rules) if rule.reads_claims),
    )


def _procedural(loaded: load.Loaded) -> dict[str, tuple[int, int]]:
    """The clauses with procedural terms: hold and cap a day."""
    terms = {name: clause.procedural for name, clause in loaded.clauses.items()}
    return {name: (each.hold, each.cap) for name, each in terms.items() if each}


def _shapes(plan: Plan) -> dict[int, Shape]:
    """How each window is kept; those a rule's campaign goes by remember their members."""
    remembered = {
        window.number
        for rule in plan.rules
        if rule.on_campaign
        for atom in atoms(rule.when)
        for _, window in atom.repeats
    }
    shapes = {}
    for each, width in plan.windows:
        kept, campaign = each.counter, each.number in remembered
        shapes[each.number] = Shape(
            width, kept.varied, BEGINNING, campaign, each.bucket, each.near, kept.names
        )
    return clustered(shapes)


def _proposals(index: int, rule: CheckedRule) -> tuple[Proposal, ...]:
    return tuple(
        Proposal(
            rule=index,
            action=action.type,
            target=action.target or "this",
            clause=rule.clause.id,
            queue=action.queue or (action.text if action.type == "alert" else None),
            urgent=action.urgent,
            duration=action.duration,
            text=action.text,
        )
        for action in rule.actions
    )


def _by_kind(windows: tuple[Window, ...]) -> dict[str, tuple[Window, ...]]:
    """The windows that count events of each kind."""
    kinds = {kind for window in windows for kind in window.counter.kinds}
    found = {kind: tuple(w for w in windows if kind in w.counter.kinds) for kind in kinds}
    return ByKind(found)


def _payload(
    sources: Sources,
    manifest: Mapping[str, Any],
    shapes: Mapping[int, Shape],
    slots: tuple[str, ...],
) -> dict[str, Any]:
    """What the journal keeps of a configuration: enough to compile it again."""
    texts = {
        name: {file: _text(content) for file, content in sources.of(name).items()}
        for name in FOLDERS
        if name != "lists"
    }
    return {
        "config": digest(manifest),
        "manifest": manifest,
        "sources": {
            **texts,
            "lists": {file: content_digest(content) for file, content in sources.lists.items()},
            "list_form": reading.STARS,
            **({"claims": manifest["claims"]} if "claims" in manifest else {}),
            **_settings(sources),
            **({"models": manifest["models"]} if "models" in manifest else {}),
        },
        "windows": {str(number): shape.width for number, shape in sorted(shapes.items())},
        "slots": list(slots),
    }


def _settings(sources: Sources) -> dict[str, Any]:
    """The settings that can change a verdict, and what platforms can do; no more of the others."""
    settings = msgspec.to_builtins(sources.settings)
    of_no_verdict = "public_url connectors matrix hooks claims openid body_days dsa ledger"
    for name in of_no_verdict.split():
        del settings[name]
    for name in ("label_budget", "strikes"):  # a manifest of before them stays what it was
        if getattr(sources.settings, name) == getattr(Settings(), name):
            del settings[name]
    return {
        "settings": settings,
        **({"capabilities": sources.capabilities} if sources.capabilities else {}),
    }


def _trained(trained: Mapping[str, models.Kept]) -> dict[str, Any]:
    """The models that rules read, for the manifest; nothing where none does."""
    found = {clause: model.digest for clause, model in trained.items()}
    return {"models": found} if found else {}


def digest(manifest: Mapping[str, Any]) -> str:
    """The digest of a configuration: SHA-256 of its canonical manifest, in hex."""
    return content_digest(msgspec.json.encode(manifest, order="sorted"))


def content_digest(content: bytes) -> str:
    """What a list is kept under: SHA-256, in hex."""
    return hashlib.sha256(content).hexdigest()


def _text(content: bytes) -> str:
    """A checked file's text; the loader has refused what is not UTF-8."""
    return content.decode("utf-8")
