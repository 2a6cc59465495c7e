"""A data folder opened to read, beside whoever writes to it: decisions, statements, the log's head.

Needs no lock, and shows what is erased as erased and what is damaged as damaged. This module must
never write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from ombud import clock, contexts, decisions, i18n, journal, listing, redacted
from ombud.access import PlatformKey
from ombud.activation.active import EMPTY
from ombud.activation.standing import Standing
from ombud.app import KEY_FILE
from ombud.casebook import Casebook
from ombud.config import STORE_FILE
from ombud.controls import staff
from ombud.controls import standing as stood
from ombud.controls.config import compiled
from ombud.demandbook import DemandBook
from ombud.errors import BadData, BadUse, OmbudError, catalogue
from ombud.gate.standing_order import StandingOrder
from ombud.labelling import Labelling
from ombud.ledgerbook import LedgerBook
from ombud.lookbook import Lookbook
from ombud.openbook import OpenBook
from ombud.publicrules import PublicRules
from ombud.replay import records
from ombud.replay.check import Replay
from ombud.replay.outcome import Outcome
from ombud.staff import people
from ombud.staff.credentials import Credentials
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

catalogue(
    D015=(
        "The record of decision {decision} is damaged.",
        "Restore a backup into a new folder; the public log still proves what was decided.",
    ),
)


class Reader:
    """A data folder opened to read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder / STORE_FILE, readonly=True)
        self.store.check_version()
        self.keys = KeyFile(folder / KEY_FILE, readonly=True)
        self.log = LedgerBook(self.store, self.keys, folder)
        self._labelling: Labelling | None = None
        self._openbook: OpenBook | None = None
        self._rules: PublicRules | None = None

    def decisions(self, **chosen: Any) -> list[dict[str, Any]]:
        """Decisions, newest first, with what happened since."""
        parameters = {key: chosen.get(key) for key in ("rule", "by", "since", "until")}
        rows = self.store.all("decisions", {**parameters, "limit": chosen.get("limit", 100)})
        return [self._decision(row) for row in rows]

    def decision(self, decision: str) -> dict[str, Any]:
        """One decision. Raises BadData where there is none."""
        row = self.store.one("decision", (decision,))
        if row is None:
            raise BadUse("U010", decision, decision=decision)
        found = self._decision(row)
        found["campaign"] = self._campaign(row)
        found["notices"] = [
            {"id": each[0], "reason": each[1], "lang": each[2], "state": each[3]}
            for each in self.store.all("notices_of_decision", (decision,))
        ]
        found["asked"] = [
            {
                "id": each[0],
                "action": each[1],
                "inverse": bool(each[2]),
                "state": each[3],
                "connector": each[4] or None,
                "attempts": each[6],
                "detail": each[8],
            }
            for each in self.store.all("actions_of_decision", (decision,))
        ]
        found["appeals"] = [
            {"id": each[0], "made": clock.rfc3339(each[1]), "state": each[2]}
            for each in self.store.all("appeals_of_decision", (decision,))
        ]
        return found

    def _campaign(self, row: tuple[Any, ...]) -> dict[str, int] | None:
        """The campaign that a decision belongs to: the record that completed it, how many earlier
        records were acted on with it, and of how many the content was gone.
        """
        counted = self.store.one("members_of_record", {"seq": row[1]})
        record = self.store.one("record", (row[1],))
        if counted is None or record is None:
            return None
        _, gone = journal.unpack_campaign(journal.Record(*record).hits)
        return {"record": row[1], "members": counted[0], "gone": gone} if counted[0] else None

    def _opened(self, row: tuple[Any, ...]) -> bytes | None:
        """A decision's full record; None once erased. Raises BadData D015 where it is damaged."""
        if row[14] is None or not self.keys.has_decision_key(row[0]):
            return redacted.kept(self.store, self.keys, row[0])
        plain = self.keys.open_decision(row[0], row[14])
        if plain is None:
            raise BadData("D015", row[0], decision=row[0])
        return plain

    def _decision(self, row: tuple[Any, ...]) -> dict[str, Any]:
        plain = self._opened(row)
        since = {
            "seq": row[1],
            "about": row[16],
            "ended": row[12],
            "undone_by": row[13],
            "receipt": {"leaf": row[15]},
        }
        if plain is None:  # erased: what the public log says is all there is
            return {
                "id": row[0],
                "time": clock.rfc3339(row[2]),
                "clause": row[6],
                "rules": [{"name": row[7]}] if row[7] else [],
                "by": row[8],
                "actions": [{"type": row[9]}],
                "erased": True,
                **since,
            }
        return decisions.as_json(decisions.opened(plain), **since)

    def asked(self, state: str | None, limit: int) -> list[dict[str, Any]]:
        """What is asked of the platforms and told through them, newest first."""
        rows = self.store.all("outbox_listed", {"state": state, "limit": limit})
        return [
            {
                "id": row[0],
                "kind": row[1],
                "connector": row[2] or None,
                "decision": row[3],
                "action": row[4],
                "inverse": bool(row[5]),
                "state": row[6],
                "due": clock.rfc3339(row[7]) if row[7] else None,
                "attempts": row[8],
                "done": clock.rfc3339(row[9]) if row[9] else None,
                "detail": row[10],
                "again": clock.rfc3339(row[11]) if row[11] else None,
                "again_by": None if row[12] is None else self._name_of(row[12]),
            }
            for row in rows
        ]

    def connections(self) -> list[dict[str, Any]]:
        """The keys of the programs that use the doors, without the keys."""
        return [
            {
                **msgspec.to_builtins(msgspec.json.decode(row[2], type=PlatformKey)),
                "made": clock.rfc3339(row[3]),
                "revoked": clock.rfc3339(row[4]) if row[4] else None,
            }
            for row in self.store.all("platform_keys")
        ]

    def platforms(self) -> list[str]:
        """The platforms that events came from: the first segments of their sources."""
        return sorted({row[0].partition("/")[0] for row in self.store.all("sources")})

    def erasable(self, platform: str, account: str) -> dict[str, int]:
        """How much there is of one account: the decisions about it, those that stand, its appeals.
        How much it wrote and flagged nobody knows without going through the whole journal. Raises
        BadUse U011 where nobody knows it.
        """
        token = self.keys.known_account(platform, account)
        if token is None:
            raise BadUse("U011", "account", platform=platform, account=account)
        row = self.store.one("erasable", {"author": token})
        assert row is not None  # counts always are  # noqa: S101
        return dict(zip(("decisions", "standing", "appeals"), row, strict=True))

    def allowed(self, by: str, permission: str) -> None:
        """Raise BadUse U085, U200 or U201 where somebody may not do something."""
        staff.allowed(staff.members_of(self.store), self.keys, by, permission)

    def standing(self) -> tuple[Standing, Mapping[int, str | None]]:
        """How the rules in force stand, and what the people in it are called; None once erased."""
        rows = self.store.all("controls", ("!config",))
        if not rows:
            return {}, {}
        found = stood.in_force(self.store, rows[-1][0], journal.read_json(rows[-1][2]))
        tokens = {one for each in found.values() for one in (each.author, *each.approved)}
        return found, {token: people.name_of(self.keys, token) for token in tokens}

    def staff(self, now: int) -> list[dict[str, Any]]:
        """The people who run the community, by name, and how each can come in."""
        members = staff.members_of(self.store)
        if not members:
            return []
        since = {
            payload["who"]: recv
            for _, recv, text in self.store.all("controls", ("!staff",))
            if (payload := journal.read_json(text))["what"] == "added"
        }
        credentials = Credentials(self.folder / KEY_FILE, readonly=True)
        try:
            found = []
            for token, member in members.items():
                account = credentials.account(token)
                ends = credentials.link_end(token, now)
                found.append(
                    {
                        "name": account.shown if account else people.name_of(self.keys, token),
                        "roles": list(member.roles),
                        "queues": list(member.queues),
                        "actions": list(member.actions),
                        "state": "suspended" if member.suspended else "active",
                        "since": clock.rfc3339(since[token]),
                        "password": account is not None and account.password is not None,
                        "passkeys": len(credentials.passkeys(token)),
                        "chat": people.heard_as(self.keys, member.chat),
                        "link_until": None if ends is None else clock.rfc3339(ends),
                    }
                )
        finally:
            credentials.close()
        return sorted(found, key=lambda each: str(each["name"]))

    def member(self, name: str, now: int) -> dict[str, Any]:
        """One of them. Raises BadUse U085 or U200."""
        called = people.called(name)
        for each in self.staff(now):
            if people.called(str(each["name"])) == called:
                return each
        raise BadUse("U200", "name", name=people.spelt(name))

    def clauses(self) -> frozenset[str]:
        """The clauses of the configuration in force."""
        rows = self.store.all("controls", ("!config",))
        return frozenset(journal.read_json(rows[-1][2])["manifest"]["clauses"] if rows else ())

    def clause_titles(self) -> dict[str, dict[str, str]]:
        """The titles of the clauses in force, by language."""
        rows = self.store.all("controls", ("!config",))
        if not rows:
            return {}
        active = compiled(self.store, journal.read_json(rows[-1][2]))
        return {
            rule.clause.id: {
                "en": rule.clause.title,
                **{lang: text.title for lang, text in rule.clause.texts.items()},
            }
            for rule in active.rules
        }

    def term_lists(self, now: int) -> list[dict[str, Any]]:
        """Every list in force with its counts."""
        return listing.overview(self.store, now)

    def term_list(self, name: str, now: int, **chosen: Any) -> dict[str, Any]:
        """One list with a part of its entries."""
        return listing.shown(self.store, name, now, **chosen)

    def labelling(self) -> Labelling:
        """What people are to label, and which certificates there are; kept, and up to date."""
        if self._labelling is None:
            self._labelling = Labelling(self.store, self.keys)
        else:
            self._labelling.refresh()
        return self._labelling

    def contexts(self, limit: int) -> list[dict[str, Any]]:
        """The open cases that propose to show a source beside a post."""
        return list(contexts.waiting(self.store, self.keys, limit))

    def casebook(self) -> Casebook:
        """The cases, and what can be done about them under the configuration in force."""
        rows = self.store.all("controls", ("!config",))
        active = compiled(self.store, journal.read_json(rows[-1][2])) if rows else EMPTY
        return Casebook(self.store, self.keys, active)

    def statement(self, decision: str, lang: str) -> list[str]:
        """A decision's statement of reasons, line by line."""
        row = self.store.one("decision", (decision,))
        if row is None:
            raise BadUse("U010", decision, decision=decision)
        plain = self._opened(row)
        if plain is None:
            return [i18n.say("erased", lang)]
        record = decisions.opened(plain)
        titles = self.clause_titles().get(record.clause, {})
        return decisions.statement(record, titles, lang)

    def ledger_head(self) -> dict[str, Any]:
        """Where the public log stands."""
        return self.log.head()

    def state(self, name: str, now: int) -> dict[str, Any]:
        """How a state of the community stands at an instant (`controls.state`)."""
        rows = self.store.all("controls", (f"!{name}",))
        if not rows:
            return {"state": "never set", "since": None, "until": None, "by": None}
        last = journal.read_json(rows[-1][2])
        return {
            "state": "on" if now < last["until"] else "off",
            "since": clock.rfc3339(rows[-1][1]) if last["begins"] else None,
            "until": clock.rfc3339(last["until"]),
            "by": self._name_of(last["by"]),
        }

    def _name_of(self, by: int | str) -> str | None:
        """Who did something, as the journal says it: a token, and once a role; None once erased."""
        return by if isinstance(by, str) else people.name_of(self.keys, by)

    def openbook(self) -> OpenBook:
        """What everybody may read, kept from one reading to the next."""
        if self._openbook is None:
            looks = Lookbook(self.store, self.keys)
            self._openbook = OpenBook(self.store, self.labelling(), self.demands(), looks)
        return self._openbook

    def public_rules(self) -> PublicRules:
        """The rules and clauses as everybody may read them, kept like the open book."""
        if self._rules is None:
            self._rules = PublicRules(self.store, self.keys, self.labelling(), self.folder)
        return self._rules

    def demands(self) -> DemandBook:
        """The register of demands."""
        return DemandBook(self.store, self.keys)

    def orders(self, now: int) -> list[dict[str, Any]]:
        """Every standing order there was, newest first: what, from which case, until when."""
        found: dict[str, dict[str, Any]] = {}
        for _, recv, payload in self.store.all("controls", ("!standing_order",)):
            told = journal.read_json(payload)
            if told["begins"]:
                given = msgspec.convert(told["order"], StandingOrder)
                order = self._order(given, recv, told["by"], now)
                found[given.id] = {**order, "alone": bool(told.get("alone"))}
            else:
                found[told["order"]].update(state="ended", until=clock.rfc3339(recv))
        return list(found.values())[::-1]

    def _order(self, given: StandingOrder, recv: int, by: int, now: int) -> dict[str, Any]:
        made = self.store.one("count_of_licence", (given.licence.id,))
        return {
            "id": given.id,
            "state": "in force" if now < given.until else "over",
            "case": given.case,
            "rule": given.rule,
            "clause": given.clause,
            "action": given.action,
            "rooms": len(given.rooms),
            "given": clock.rfc3339(recv),
            "until": clock.rfc3339(given.until),
            "by": self._name_of(by),
            "decisions": 0 if made is None else made[0],
        }

    def records(self) -> int:
        """How many records the journal has, or should have."""
        return records.last(self.store)

    def replay_check(self, progress: Callable[[int], None] | None = None) -> Outcome:
        """Judge the whole past again and compare. Raises BadData D009 without the keys."""
        if self.keys.stands_in:
            raise BadData("D009", str(self.keys.file.path))
        return Replay(self.store, self.keys).check(progress)

    def close(self) -> None:
        """Close both files."""
        self.store.close()
        self.keys.close()


@contextmanager
def reading(folder: Path) -> Iterator[Reader]:
    """A data folder opened to read, closed afterwards."""
    reader = Reader(folder)
    try:
        yield reader
    finally:
        reader.close()


def keys_behind(folder: Path) -> int:
    """How many of the last records the key file beside the store does not know of."""
    with suppress(OmbudError), reading(folder) as reader:
        return reader.keys.behind(records.last(reader.store))
    return 0  # none is there yet, or an earlier program's
