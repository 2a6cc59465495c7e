"""The configuration in force: texts compiled into a plan, and the digest of all that can change a
verdict.

Compiled off the path, activated by one control in the journal, valid for every record after it. The
control carries the texts, so that replay compiles the same configuration from the journal alone.
This module must never read a file: `config` does, and the journal does.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from ombud import decisions, gate, i18n, samples
from ombud.config import FOLDERS, Capabilities, Settings, Sources
from ombud.decisions import FactSeen
from ombud.errors import BadRules, catalogue
from ombud.gate import Licence
from ombud.model import Value
from ombud.rules import load
from ombud.rules.checked import Atom, CheckedRule
from ombud.rules.diagnostic import ERROR, Diagnostic
from ombud.rules.phrases import Reader
from ombud.rules.plan import Judgement, Plan, compile_plan
from ombud.signals import links, views
from ombud.signals.declare import COUNTERS, SIGNALS, WITHS
from ombud.signals.observation import Observation
from ombud.signals.resolve import Window
from ombud.windows import Shape

catalogue(
    D013=(
        "The rules, policies or lists have {count} errors.",
        "Mend them; what runs stays as it is.",
    ),
)

QUIET = b"\0" * 16  # the digest of a verdict by which nothing fired and nothing was unknown


class ByKind(dict[str, tuple[Window, ...]]):
    """A mapping in which kinds that no window counts have none."""

    def __missing__(self, kind: str) -> tuple[Window, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one line of a rule's `then` asks for."""

    rule: int
    action: str
    target: str
    clause: str
    queue: str | None
    urgent: bool
    duration: int | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Active:
    """A compiled configuration. Rules are numbered as in the plan, in order of their names."""

    digest: str
    manifest: Mapping[str, Any]
    payload: Mapping[str, Any]
    contents: Mapping[str, bytes]  # lists by digest
    settings: Settings
    plan: Plan
    rules: tuple[CheckedRule, ...]
    licences: tuple[Licence, ...]
    names: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    acting: tuple[bool, ...] = ()
    proposals: tuple[tuple[Proposal, ...], ...] = ()
    windows: tuple[Window, ...] = ()
    windows_of: Mapping[str, tuple[Window, ...]] = field(default_factory=ByKind)
    shapes: Mapping[int, Shape] = field(default_factory=dict)
    atoms: Mapping[str, Atom] = field(default_factory=dict)  # by slot name
    rule_slots: tuple[tuple[int, ...], ...] = ()
    since: Mapping[str, int] = field(default_factory=dict)  # clause -> when this version began
    capabilities: Capabilities = field(default_factory=dict)

    @property
    def widest(self) -> int:
        """The widest window, in microseconds."""
        return max((shape.width for shape in self.shapes.values()), default=0)

    @property
    def account_windows(self) -> frozenset[int]:
        """Windows whose keys and values are people and places only: no text, no link."""
        return frozenset(
            window.number
            for window in self.windows
            if window.counter.keys is None and (window.word is None or window.word.keys is None)
        )

    def hindrance(self, platform: str, action: str) -> str:
        """Why a rule may not do an action on a platform, as far as its connector goes, or nothing.

        Where no connector is, everything is recorded and nothing sent.
        """
        can = self.capabilities.get(platform)
        if not can:
            return ""
        if action not in can:
            return "not on this platform"
        return "cannot be undone" if can[action] == "none" else ""

    def acts(self, rule: int, time: int) -> bool:
        """Whether a rule may act on content of an instant: not where its clause is younger."""
        return self.acting[rule] and time >= self.since.get(self.rules[rule].clause.id, time)

    # --- a fired rule, in full --------------------------------------------------------------------

    def slots_of(self, fired: tuple[int, ...]) -> tuple[int, ...]:
        """The slots of all conditions of some rules, sorted."""
        return tuple(sorted({slot for rule in fired for slot in self.rule_slots[rule]}))

    def facts_of(self, fired: tuple[int, ...], seen: Observation) -> dict[int, Value]:
        """The values of all conditions of some rules: what trace and digest cover."""
        return {slot: _value(self.plan.readers[slot], seen) for slot in self.slots_of(fired)}

    def facts_seen(
        self, fired: tuple[int, ...], seen: Observation, facts: Mapping[int, Value]
    ) -> tuple[FactSeen, ...]:
        """The conditions that made some rules fire, each once, as the person is told them; `facts`
        are the verdict's, by slot. What is known of a reporter is left out: they are never
        revealed, not by their age or number either.
        """
        found: dict[str, FactSeen] = {}
        for rule in fired:
            withheld = self.rules[rule].clause.words_withheld
            for line in self.plan.trace(rule, seen, facts).when:
                for finding in line.findings:
                    facts_of = self.atoms[finding.slot].facts
                    if any(each.name.startswith("reporter.") for each in facts_of):
                        continue
                    if finding.holds is True:
                        fact = facts_of[0]
                        found[finding.said] = decisions.fact_seen(finding, fact, withheld=withheld)
        return tuple(found.values())

    def judge_recorded(self, kind: str, recorded: Mapping[int, Value]) -> Judgement:
        """What the plan says about recorded facts, by slot."""
        slots = self.plan.slots
        return self.plan.judge_recorded(
            kind, {slots[slot]: value for slot, value in recorded.items()}
        )

    def windows_read(self, facts: Mapping[int, Value]) -> frozenset[int]:
        """The windows that the recorded facts of a record rest on."""
        slots = {self.plan.slots[slot] for slot in facts if slot < len(self.plan.slots)}
        return frozenset(
            window.number
            for rule in self.rules
            for atom in rule.atoms()
            if atom.slot in slots
            for fact in atom.facts
            for window in fact.windows
        )

    # --- words ------------------------------------------------------------------------------------

    def tell(self, rule: int) -> Mapping[str, str]:
        """The rule's own words to the person."""
        return self.rules[rule].tell

    def clause_version(self, clause: str) -> str:
        """The exact version of a clause in force."""
        return next((r.clause.version for r in self.rules if r.clause.id == clause), "")

    def language(self, lang: str | None) -> str:
        """The language to tell somebody in."""
        return i18n.spoken(lang, self.settings.languages)


# --- compiling ------------------------------------------------------------------------------------


def program() -> dict[str, Any]:
    """What of this program can change a verdict, beside the operator's texts."""
    return {
        "python": ".".join(platform.python_version_tuple()[:2]),
        "unicode": views.UNICODE,
        "confusables": views.TABLE_DIGEST,
        "suffixes": links.table_digest(),
        "signals": {name: declared.version for name, declared in sorted(SIGNALS.items())},
        "counters": {name: declared.version for name, declared in sorted(COUNTERS.items())},
        "with": {name: declared.version for name, declared in sorted(WITHS.items())},
    }


def from_sources(sources: Sources) -> Active:
    """The configuration that the operator's texts give. Raises BadRules with all diagnostics."""
    loaded = load.load(sources.rules, sources.policies, sources.lists)
    if not loaded.ok:
        raise BadRulesFound([each for each in loaded.diagnostics if each.severity == ERROR])
    return _compile(sources, loaded)


def from_payload(payload: Mapping[str, Any], content: Callable[[str], bytes]) -> Active:
    """The configuration of a recorded activation; `content` gives lists by digest."""
    texts = payload["sources"]
    active = from_sources(
        Sources(
            rules={name: text.encode() for name, text in texts["rules"].items()},
            policies={name: text.encode() for name, text in texts["policies"].items()},
            lists={name: content(digest) for name, digest in texts["lists"].items()},
            settings=msgspec.convert(texts["settings"], Settings),
            capabilities=texts.get("capabilities", {}),
        )
    )
    return replace(active, since=payload["since"])


def succeed(before: Active, active: Active, recv: int) -> Active:
    """The configuration with the instants from which its clause versions count.

    Those of the first configuration count from the beginning; a later version, from `recv` on.
    """
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


def _compile(sources: Sources, loaded: load.Loaded) -> Active:
    plan = compile_plan(loaded.rules, loaded.lists)
    rules = plan.rules
    holds = sources.settings.procedural_holds
    pack = {name.removesuffix(".rule") for name in samples.files("rules")}
    clauses = {
        name: (clause.procedural.hold, clause.procedural.cap)
        for name, clause in loaded.clauses.items()
        if clause.procedural
    }
    manifest = {
        "program": program(),
        "rules": {rule.name: [rule.version, rule.mode] for rule in rules},
        "clauses": {name: clause.version for name, clause in sorted(loaded.clauses.items())},
        "lists": {name: terms.digest for name, terms in sorted(loaded.lists.items())},
        **_settings(sources),
    }
    digest = hashlib.sha256(msgspec.json.encode(manifest, order="sorted")).hexdigest()
    shapes = {
        window.number: Shape(width, window.counter.distinct is not None)
        for window, width in plan.windows
    }
    windows = tuple(window for window, _ in plan.windows)
    index = {name: slot for slot, name in enumerate(plan.slots)}
    return Active(
        digest=digest,
        manifest=manifest,
        payload=_payload(sources, digest, manifest, shapes, plan.slots),
        contents={_digest(content): content for content in sources.lists.values()},
        settings=sources.settings,
        plan=plan,
        rules=rules,
        licences=gate.procedural(clauses, holds),
        names=tuple(rule.name for rule in rules),
        versions=tuple(rule.version for rule in rules),
        acting=tuple(
            rule.mode == "live" or (holds and rule.mode == "watch" and rule.name in pack)
            for rule in rules
        ),
        proposals=tuple(_proposals(index, rule) for index, rule in enumerate(rules)),
        windows=windows,
        windows_of=_by_kind(windows),
        shapes=shapes,
        atoms={atom.slot: atom for rule in rules for atom in rule.atoms()},
        rule_slots=tuple(tuple(index[atom.slot] for atom in rule.atoms()) for rule in rules),
        capabilities=sources.capabilities,
    )


EMPTY = Active(
    digest="",
    manifest={"program": {}},
    payload={"windows": {}},
    contents={},
    settings=Settings(),
    plan=compile_plan((), {}),
    rules=(),
    licences=(),
)
"""The configuration before the first one: no rules."""


def _value(reader: Reader, seen: Observation) -> Value:
    try:
        return reader.compute(seen)
    except Exception:  # noqa: BLE001 -- a fact that cannot be computed is unknown, as in the plan
        return None


def _proposals(index: int, rule: CheckedRule) -> tuple[Proposal, ...]:
    return tuple(
        Proposal(
            rule=index,
            action=action.type,
            target=action.target or "this",
            clause=rule.clause.id,
            queue=action.queue,
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
    digest: str,
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
        "config": digest,
        "manifest": manifest,
        "sources": {
            **texts,
            "lists": {file: _digest(content) for file, content in sources.lists.items()},
            **_settings(sources),
        },
        "windows": {str(number): shape.width for number, shape in sorted(shapes.items())},
        "slots": list(slots),
    }


def _settings(sources: Sources) -> dict[str, Any]:
    """The settings that can change a verdict, and what the platforms can do; not how the doors and
    pages are reached.
    """
    settings = msgspec.to_builtins(sources.settings)
    for name in ("public_url", "connectors", "hooks"):
        del settings[name]
    return {
        "settings": settings,
        **({"capabilities": sources.capabilities} if sources.capabilities else {}),
    }


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _text(content: bytes) -> str:
    """A checked file's text; the loader has refused what is not UTF-8."""
    return content.decode("utf-8")
