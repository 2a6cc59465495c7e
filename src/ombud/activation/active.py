"""The configuration in force, compiled: rules, licences, windows, and what each fired rule means.

One frozen value that judgement, replay and statements go by. It is made by `activation`; this
module must never read an operator's text, nor change a configuration in place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ombud import decisions, i18n
from ombud.activation.standing import APPROVED, Rule, Standing
from ombud.config import Capabilities, Settings
from ombud.decisions import FactSeen
from ombud.gate import Licence
from ombud.model import ONLY_BEFORE, Value
from ombud.rules import format as layout
from ombud.rules.checked import Atom, Branch, CheckedRule
from ombud.rules.entries import asks
from ombud.rules.interpret import Finding, Trace
from ombud.rules.phrases import Reader
from ombud.rules.plan import Judgement, Plan, compile_plan
from ombud.rules.refuse import hindrance
from ombud.rules.tree import InList, Line
from ombud.signals.counted import Window
from ombud.signals.factchecks.index import Index
from ombud.signals.lists import Kept
from ombud.signals.observation import Observation
from ombud.windows import Shape

NEVER = 1 << 62  # an instant that does not come
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
    otherwise: tuple[str, ...] = ()  # of a recorded one: what this program computes otherwise
    written: Mapping[str, Rule] = field(default_factory=dict)  # every rule, drafts too
    standing: Standing = field(default_factory=dict)
    next_end: int = NEVER  # the first instant, of receipt, at which a watching rule ends
    capabilities: Capabilities = field(default_factory=dict)
    lists: Mapping[str, Kept] = field(default_factory=dict)
    claims: Index | None = None  # checked claims, where a rule reads of them
    asking: frozenset[int] = frozenset()  # rules that may only ask a person: they read of claims
    campaigns: bool = False  # whether `campaign` means earlier members too (program.CAMPAIGN)

    @property
    def once(self) -> bool:
        """Whether a room is asked for something once, while it lasts; an earlier program asked it
        again and again (program.ONCE).
        """
        return "once" in self.manifest.get("program", {})

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
            if window.counter.keys is None
            and window.counter.values is None
            and (window.word is None or window.word.keys is None)
        )

    @property
    def comparing(self) -> frozenset[str]:
        """The kinds of events whose texts are held against earlier ones."""
        return frozenset(
            kind for window in self.windows if window.near for kind in window.counter.kinds
        )

    @property
    def exempting(self) -> frozenset[str]:
        """The lists whose entries let somebody off: an entry taken out would make a rule fire."""
        named = {
            found[0]
            for rule in self.rules
            for letting, lines in ((False, rule.unless), (True, rule.when))
            for line in lines
            for leaf in (line.leaves if isinstance(line, Branch) else (line,))
            if leaf.negated is letting and (found := asks(leaf.atom)) is not None
        }
        return frozenset(kept.name for name in named for kept in self.lists[name].reach)

    def capped(self, rule: int) -> bool:
        """Whether a rule asks a list that has an entry over its cap: then it hides nothing."""
        return any(
            each.changes is not None and each.changes.capped
            for found in map(asks, self.rules[rule].atoms())
            if found is not None
            for each in self.lists[found[0]].reach
        )

    def near(self, rule: int) -> bool:
        """Whether a rule counts texts that are nearly the same."""
        return any(
            register == "repeats"
            for atom in self.rules[rule].atoms()
            for fact in atom.facts
            for register, _, _ in fact.rests_on
        )

    def version_of(self, rule: str) -> str:
        """The version of a rule that is in force; nothing where none of that name is."""
        return self.versions[self.names.index(rule)] if rule in self.names else ""

    def hindrance(self, platform: str, action: str) -> str:
        """Why a rule may not do an action on a platform, as far as its connector goes, or nothing.

        Where no connector is, everything is recorded and nothing sent.
        """
        return hindrance(self.capabilities.get(platform, {}), action)

    def only_before(self, platform: str, action: str) -> bool:
        """Whether a platform does an action to nothing that is published already."""
        return self.capabilities.get(platform, {}).get(action) == ONLY_BEFORE

    def connector(self, platform: str) -> str:
        """The connector of a platform; empty where it has none."""
        return platform if platform in self.capabilities else ""

    def acts(self, rule: int, time: int) -> bool:
        """Whether a rule may act on content of an instant: not where its clause is younger."""
        return self.acting[rule] and time >= self.since.get(self.rules[rule].clause.id, time)

    # --- how the rules stand ----------------------------------------------------------------------

    def stands(self, standing: Standing) -> Active:
        """The same configuration with other standing; what had ended may be watching again."""
        plan = self.plan if self.plan.rules == self.rules else compile_plan(self.rules, self.lists)
        ends = [NEVER if end is None else end for end in self._ends(standing)]
        return replace(self, standing=standing, plan=plan, next_end=min(ends, default=NEVER))

    def at(self, recv: int) -> Active:
        """The configuration as it is for what is received at `recv`: watching rules whose time has
        ended are judged no more. Rules, facts and windows keep their numbers.
        """
        if recv < self.next_end:
            return self
        ends = self._ends(self.standing)
        left = [
            replace(rule, kinds=frozenset()) if end is not None and end <= recv else rule
            for rule, end in zip(self.rules, ends, strict=True)
        ]
        coming = [end for end in ends if end is not None and end > recv]
        return replace(
            self, plan=compile_plan(left, self.lists), next_end=min(coming, default=NEVER)
        )

    def _ends(self, standing: Standing) -> list[int | None]:
        """Until when each rule watches; None where it has no end, as what acts has none."""
        return [standing[name].until if name in standing else None for name in self.names]

    def approved(self, rule: int) -> bool | None:
        """Whether somebody else than its author approved a rule's version; None where it was
        activated by a program that did not record authors.
        """
        known = self.standing.get(self.names[rule])
        return None if known is None else known.eyes == APPROVED

    # --- a fired rule, in full --------------------------------------------------------------------

    def slots_of(self, fired: tuple[int, ...]) -> tuple[int, ...]:
        """The slots of all conditions of some rules, sorted."""
        return tuple(sorted({slot for rule in fired for slot in self.rule_slots[rule]}))

    def facts_of(self, fired: tuple[int, ...], seen: Observation) -> dict[int, Value]:
        """The values of all conditions of some rules: what trace and digest cover."""
        return {slot: _value(self.plan.readers[slot], seen) for slot in self.slots_of(fired)}

    def facts_seen(
        self,
        fired: tuple[int, ...],
        seen: Observation,
        facts: Mapping[int, Value],
        only: Collection[str] | None = None,
    ) -> tuple[FactSeen, ...]:
        """The conditions that made some rules fire, each once, as the person is told them: those of
        `when` that held, and of `unless` those that did not, as their opposites, since without
        them the rule would not have fired. `facts` are the verdict's, by slot. What is known of a
        reporter is left out: they are never revealed, not by their age or number either. With
        `only`, just the conditions of these words.
        """
        found: dict[str, FactSeen] = {}
        for rule in fired:
            withheld = self.rules[rule].clause.words_withheld
            for finding in _asked(self.plan.trace(rule, seen, facts)):
                if finding.holds is not True or (only is not None and finding.said not in only):
                    continue
                atom = self.atoms[finding.slot]
                facts_of, written = atom.facts, atom.written
                if any(each.name.startswith("reporter.") for each in facts_of):
                    continue
                # what rests on the past is told as such: "resembles recent names"
                fact = facts_of[-1] if facts_of[-1].past else facts_of[0]
                said = self._withheld(finding) if withheld else None
                listed = written if isinstance(written, InList) else None
                room = "" if listed is None else self.lists[listed.list].room
                found[finding.said] = decisions.fact_seen(
                    finding, fact, withheld=said, listed=listed, room=room
                )
        return tuple(found.values())

    def _withheld(self, finding: Finding) -> str:
        """A condition that fired, without the text that it looks for."""
        atom = self.atoms[finding.slot]
        if finding.said.removeprefix("not ") != atom.said:
            return finding.said  # it compares a number: conditions on texts have slots of their own
        return layout.line(Line(finding.said != atom.said, layout.without_words(atom.written)))

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

    def harm(self, clause: str) -> str:
        """The harm of a clause that a rule in force asks about; empty for any other."""
        return next((each.clause.harm for each in self.rules if each.clause.id == clause), "")

    def clause_version(self, clause: str) -> str:
        """The exact version of a clause in force."""
        version: str = self.manifest["clauses"].get(clause, "")
        return version

    def language(self, lang: str | None) -> str:
        """The language to tell somebody in."""
        return i18n.spoken(lang, self.settings.languages)


def _asked(traced: Trace) -> Iterator[Finding]:
    """What a rule that fired asked, as what held: of `unless`, the opposites."""
    for line in traced.when:
        yield from line.findings
    for line in traced.unless:
        for finding in line.findings:
            yield finding.opposite()


def _value(reader: Reader, seen: Observation) -> Value:
    try:
        return reader.compute(seen)
    except Exception:  # noqa: BLE001 -- a fact that cannot be computed is unknown, as in the plan
        return None


EMPTY = Active(
    digest="",
    manifest={"program": {}, "rules": {}, "clauses": {}},
    payload={"windows": {}},
    contents={},
    settings=Settings(),
    plan=compile_plan((), {}),
    rules=(),
    licences=(),
)
"""The configuration before the first one: no rules."""
