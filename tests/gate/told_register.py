"""A register and the controls it is told, one after the other, as a journal would."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ombud import gate
from ombud.gate.certificate import WEEK
from ombud.gate.register import Due, Register
from ombud.gate.sample import Item

ANA, BEN, CY = 101, 102, 103  # tokens
START = 3000 * WEEK
RULE = {"rule": "bags", "version": "v1", "clause": "spam.links", "clause_version": "c1"}


class Told:
    """`now` moves on with every control; `log` has them all."""

    def __init__(self, rules: dict[str, str] | None = None) -> None:
        self.register = Register()
        self.now, self.seq = START, 10_000
        self.log: list[tuple[str, dict[str, Any]]] = []
        self.made = 0
        self.configure(rules or {"bags": "v1"})

    def apply(self, control: str, **payload: Any) -> None:
        """One control."""
        self.now, self.seq = self.now + 1, self.seq + 1
        self.log.append((control, payload))
        self.register.apply(control, self.seq, self.now, payload)

    def configure(
        self, rules: dict[str, str], clause: str = "c1", budget: int | None = None
    ) -> None:
        """Rules by name with their versions; the label budget, if anybody says."""
        settings = {} if budget is None else {"settings": {"label_budget": budget}}
        manifest = {
            **settings,
            "rules": {name: [version, "live"] for name, version in rules.items()},
            "clauses": {"spam.links": clause},
        }
        self.apply("config", manifest=manifest)

    def population(
        self,
        hits: int | Iterable[Sequence[int]] = 200,
        level: int = 950,
        labellers: Sequence[int] = (BEN,),
        wanted: int = 1,
        languages: Sequence[str] = ("en",),
        **more: Any,
    ) -> None:
        """Hits by different people with different texts, where a number says how many."""
        rows = [[at, at, at, 0] for at in range(1, hits + 1)] if isinstance(hits, int) else hits
        told = {"sample": "s", **RULE, "level": level, "wanted": wanted, "open": True}
        asked = {"labellers": list(labellers), "until": self.seq, "days": 30}
        self.apply(
            "population",
            **{**told, **asked, "hits": list(rows), "languages": list(languages), **more},
        )

    def owed(self, others: Iterable[int] = ()) -> list[Due]:
        """Everything that is owed, carried out as the writer does; what it was."""
        done: list[Due] = []
        while (due := self.register.due(self.now)) is not None:
            assert len(done) < 50, done
            done.append(due)
            self.carry_out(due, list(others))
        return done

    def carry_out(self, due: Due, others: list[int]) -> None:
        """One control that is owed."""
        self.made += 1
        if due.control == "draw":
            whose = "sample" if due.about in self.register.samples else "certificate"
            self.apply(
                "draw", **{whose: due.about, "seed": f"{self.made:02x}" * 32, "others": others}
            )
        elif due.control == "label":
            self.apply("label", item=due.about, by=None, said=None)
        elif due.control == "demotion":
            self.apply("demotion", certificate=due.about, why=due.what)
        elif due.what == "granted":
            of = self.register.samples[due.about]
            before = self.register.certified(of)
            known = {"rule": of.rule, "version": of.version, "clause": of.clause}
            self.apply(
                "certificate",
                **{"certificate": f"k{self.made}", "is": "granted", "sample": of.id, **known},
                clause_version=of.clause_version,
                level=of.level,
                wanted=of.wanted,
                labellers=list(of.labellers),
                until=self.now + 90 * WEEK // 7,
                cap=100,
                usual=50,
                seed=f"{self.made:02x}" * 32,
                replaces=None if before is None else before.id,
            )
        elif due.what == "renewed":
            until = self.register.certificates[due.about].until + 90 * WEEK // 7
            self.apply("certificate", **{"certificate": due.about, "is": "renewed"}, until=until)
        else:
            self.apply("certificate", **{"certificate": due.about, "is": "ended"}, why="expired")

    def label(self, item: str, by: int, said: str) -> None:
        """What somebody says of an item."""
        self.apply("label", item=item, by=by, said=said)

    def week(self, by: int, says: Callable[[Item], str]) -> int:
        """Somebody labels all that is due to them, and a week passes; how many that were."""
        asked = self.register.due_for(by, self.now)
        for each in asked:
            self.label(each.item.id, by, says(each.item))
        self.now += WEEK
        return len(asked)

    def certified(self, *, level: int = 950, labellers: Sequence[int] = (BEN,)) -> str:
        """The id of a certificate that was earned without a wrong hit, at the beginning of a week
        after.
        """
        self.population(300, level, labellers, len(labellers))
        self.owed()
        for _ in range(30):
            for person in labellers:
                self.week(person, says_right)
            if any(due.what == "granted" for due in self.owed()):
                self.now += WEEK - self.now % WEEK
                return list(self.register.certificates)[-1]
        raise AssertionError("it was not earned")

    def acts(self, certificate: str, count: int, first: int = 50_000) -> None:
        """The rule acts on so many records, one after the other."""
        licence = self.register.certificates[certificate].licence.id
        for seq in range(first, first + count):
            self.now += 1
            self.register.acted(licence, seq, self.now)

    def may(self, action: str, version: str = "v1", duration: int | None = None) -> bool:
        """Whether the rule may do something by itself."""
        found = gate.ask(
            self.register.licences(),
            action=action,
            duration=duration,
            clause="spam.links",
            rule="bags",
            version=version,
            now=self.now,
        )
        return isinstance(found, gate.Licence)


def says_right(item: Item) -> str:
    """Every hit breaks the clause, and nothing else does."""
    return "yes" if item.hit else "no"
