"""What is kept of people, column by column, and when each of it ends.

The one table behind docs/reference/retention.md. Every column of both files stands here, either
with what it holds of people and its end, or among those that hold nothing of anybody; a test holds
it against the schemas. This module must never promise an end that nothing brings about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ombud import config, expiry
from ombud.clock import DAY, HOUR
from ombud.decisions import APPEAL_OPEN
from ombud.review import rests
from ombud.review.evidence import MARGIN
from ombud.staff.care import COUNTED
from ombud.staff.credentials import ABSOLUTE, IDLE


class Kept(NamedTuple):
    """Something that is kept of people: its columns, what it is, when it ends."""

    columns: tuple[str, ...]
    what: str
    end: str


class Table(NamedTuple):
    """A table: what of it is of people, and its columns that are of nobody."""

    kept: tuple[Kept, ...]
    plain: tuple[str, ...] = ()


def kept(columns: str, what: str, end: str) -> Kept:
    """One row of this table, its columns as one string."""
    return Kept(tuple(columns.split()), what, end)


def table(plain: str, *rows: Kept) -> Table:
    """One table, the columns of nobody as one string."""
    return Table(rows, tuple(plain.split()))


ERASED = "when the account is erased"
JOURNAL = f"with the community; {ERASED} nobody can tell any more whose it is"
RECORD = "with the community; names nobody but staff, as tokens"
WITH_BODY = "with the body of its record"
WITH_STATEMENT = "with its decision's record"
WITH_ACCOUNT = "when its person leaves the staff"
DEMAND = "with the community: what a demand began must be found for as long as it stands"
DEMAND_WORDS = (
    f"{expiry.DEMANDS // DAY} days after it was answered, or"
    f" {(expiry.DEMANDS + expiry.UNANSWERED) // DAY} days after it was entered where it never was;"
    " later while it is secret, a case about it is open or what it began can be appealed"
)
HEARD = f"{expiry.DETAILS // DAY} days after it was said"
BODY = (
    f"{config.BODY_DAYS} days after it was received (`body_days`), {ERASED}, or blacked out; later"
    " only while a case about it is open, while it waits for a label or a second look, until what"
    f" was decided on it can be appealed no more and {MARGIN // DAY} days longer, while an appeal"
    " is open, or while texts that are nearly the same still come and are compared with it"
)
STATEMENT = (
    f"{(APPEAL_OPEN + MARGIN) // DAY} days after the decision, or {MARGIN // DAY} days after a"
    " restriction with an end is over, whichever is later; while an appeal or a case is open, and"
    " while an account or a room is restricted without an end, later"
)

STORE: Mapping[str, Table] = {
    "journal": table(
        "seq recv type kind timeline source time place config hits verdict via",
        kept("identity content published", "keyed digests of what came, to know it again", JOURNAL),
        kept("author", "who it is by, as a random token", JOURNAL),
        kept("facts entries", "numbers and keyed tokens, no text; what verdicts rest on", JOURNAL),
        kept("payload", "of controls: what was done, and by whom of the staff, as tokens", RECORD),
    ),
    "body": table("seq", kept("sealed", "what was said, under a key of its own", BODY)),
    "decision": table(
        "id seq time timeline clause rule by_role action licence until ended undone_by leaf about"
        " target content origin found",
        kept("subject author", "what and whom it concerns, as a keyed digest and a token", JOURNAL),
        kept("lang", "the language it was written in", ERASED),
        kept("sealed", "the statement of reasons, under a key of its own", STATEMENT),
    ),
    "review_case": table(
        "id seq opened clause rule queue urgent reason decision closed cluster timeline harm unsure"
        " behind place campaign snoozed lease leased",
        kept("subject", "what it is about, as a keyed digest", JOURNAL),
        kept("assigned holder", "who of the staff has it, as tokens", RECORD),
    ),
    "case_subject": table(
        "id record decision apart key",
        kept("subject author", "what and whom it is about, as a keyed digest and a token", JOURNAL),
        kept("sealed", "what a rule saw of it", WITH_BODY),
    ),
    "case_share": table("open", kept("share", "how many cases are open of one author", JOURNAL)),
    "case_shared": table("id", kept("share", "of which author a case is one", JOURNAL)),
    "review": table(
        "seq id time role alone outcome action authors revocable undone",
        kept("person second", "who of the staff judged and confirmed, as tokens", RECORD),
    ),
    "reviewed": table(
        "review id record clause outcome decision before changed undone",
        kept("subject", "what was judged, as a keyed digest", JOURNAL),
    ),
    "rest": table(
        "review record id clause timeline until asked",
        kept(
            "subject said",
            "what a person said need not be asked about again, as keyed digests",
            f"after {rests.LENGTH // DAY} days, when it is asked about again, or with the post",
        ),
    ),
    "look": table(
        "look kind review id record clause queue harm lang due until open leased",
        kept(
            "first second third said holder",
            "what several of the staff said of one thing, as tokens",
            f"{expiry.LOOKS // DAY} days after it was to be looked at",
        ),
    ),
    "look_answer": table("look time", kept("person said", "the same", "with its look")),
    "proposal": table(
        "key id made until",
        kept("person", "who of the staff proposed it, as a token", "with the proposal"),
        kept("sealed", "what should be done, in words", "once confirmed, dropped or too old"),
    ),
    "case_note": table(
        "note id made until",
        kept("person", "who of the staff wrote it, as a token", "with the note"),
        kept("sealed", "what reviewers tell each other", "at the end its author gave it"),
    ),
    "list_going": table(
        "list entry do until",
        kept("person", "who of the staff wants an entry gone, as a token", "with the request"),
    ),
    "case_person": table(
        "last", kept("person", "who of the staff last worked on cases, as a token", RECORD)
    ),
    "evidence": table("decision record until"),
    "redacted": table(
        "name key record seq",
        kept(
            "sealed",
            "what stands in place of something in which words were blacked out",
            "when what it stands for would have ended",
        ),
    ),
    "blackout": table(
        "record seq time", kept("person", "who of the staff blacked out, as a token", RECORD)
    ),
    "flag_answer": table(
        "message record lang outcome",
        kept(
            "flagger",
            "who flagged, as a token",
            f"{expiry.DETAILS // DAY} days after they were told what came of it",
        ),
    ),
    "summons": table("id clause queue urgent opened lang times more"),
    "chat_line": table(
        "id platform what made lang review opened urgent many over event until why state",
        kept("person", "who of the staff was answered in a moderators' room, as a token", RECORD),
        kept("answers", "which message there was answered", HEARD),
    ),
    "chat_heard": table(
        "time line", kept("event", "which messages there led to something, as digests", HEARD)
    ),
    "notice": table(
        "id decision seq lang reason state statement message",
        kept("author", "who is told, as a token", JOURNAL),
    ),
    "statement": table(
        "id timeline clause lang opened first more",
        kept("token", "a digest of the link to a person's page", JOURNAL),
        kept("author", "whose page it is, as a token", JOURNAL),
    ),
    "outbox": table(
        "id decision seq action inverse state kind connector statement due attempts began done line"
        " review again",
        kept("again_by", "who of the staff had it sent once more, as a token", RECORD),
        kept("lane", "what is acted on, as a keyed digest", JOURNAL),
        kept("memory", "settings and ids at the platform that an undoing brings back", JOURNAL),
        kept(
            "detail",
            "what the platform said of a delivery",
            f"{expiry.DETAILS // DAY} days after the delivery",
        ),
    ),
    "appeal": table(
        "id decision statement made state leaf due review",
        kept("sealed", "what a person answered to a decision", WITH_STATEMENT),
    ),
    "appeal_message": table(
        "message appeal made role",
        kept("staff", "who of the staff wrote it, as a token", RECORD),
        kept("sealed", "what was written about an appeal", WITH_STATEMENT),
    ),
    "appeal_behind": table("appeal", kept("person", "who of the staff decided, as tokens", RECORD)),
    "appeal_outcome": table(
        "appeal seq time role outcome alone revocable decision",
        kept("person", "who of the staff decided it, as a token", RECORD),
    ),
    "lookup": table(
        "id seq time kind record review",
        kept("person", "who of the staff looked somebody up, as a token", RECORD),
        kept("about", "whom, as a token", ERASED),
        kept("sealed", "why, and what was asked for", f"after {expiry.LOOKUPS // DAY} days"),
    ),
    "demand": table(
        "id seq entered received kind country binding asks clause deadline confirmed answered"
        " outcome secret told",
        kept("person", "who of the staff entered it, as a token", RECORD),
        kept("sealed", "who demanded it and on what basis, as it is published", DEMAND),
        kept("words", "in which words, under which reference; which private person", DEMAND_WORDS),
    ),
    "demand_step": table(
        "id demand seq time what",
        kept("person", "who of the staff did it, as a token", RECORD),
        kept("sealed", "why", f"{DEMAND_WORDS}; why it was kept secret: {DEMAND}"),
    ),
    "demand_item": table(
        "id demand place record review",
        kept("subject author", "what and whom it names, as a keyed digest and a token", JOURNAL),
        kept("sealed", "how it was named", f"{DEMAND_WORDS}, or {ERASED}"),
    ),
    "demand_decision": table("demand decision"),
    "filing": table("leaf puid made state done detail"),
    "signed_head": table("kind size note witnesses"),
    "handover": table("number leaf note salt"),
    "witness": table("name size state asked detail"),
    "platform_key": table("name digest grants made revoked"),
    "licence": table("id kind clause rule hold cap since ended version level until"),
    "leaf": table("position seq entry hash"),
    "run": table(
        "id leaf made kind salt record",
        kept("person", "who of the staff tried rules on the past, as a token", RECORD),
    ),
    "content": table("digest bytes"),
    "filling": table(
        "activation window timeline seq place",
        kept("key value", "keyed tokens, as in the journal", ERASED),
    ),
    "list_record": table(
        "list entry undone",
        kept("track", "how many people an entry met, told apart by keyed digests", JOURNAL),
    ),
    "watch_hit": table("rule version hits first"),
    "summarised": table("rule had until"),
    "list_state": table("list seq imported state"),
    "policy_rule": table(
        "list room event kind recommendation written ended",
        kept("entry", "whom or what somebody else listed", "with the list, or the last decision"),
        kept("writer reason", "who listed it there, and why", "when they take it back"),
    ),
    "advice": table("decision room made ended"),
    "list_refusal": table(
        "list entry time",
        kept("person", "who of the staff lets an entry not count, as a token", "when it counts"),
        kept("reason", "why, in their words", "when it counts"),
    ),
    "list_match": table("decision list", kept("entry", "which entry it rests on", WITH_STATEMENT)),
    "history": table(
        "timeline",
        kept("account", "an account, as a token", JOURNAL),
        kept("first last accepted", "when it was first and last seen, accepted posts", JOURNAL),
    ),
    "stream": table("timeline source place"),
    "head": table(
        "one version epoch seq recv config leaves frontier origin published root seen salted"
    ),
}

KEYS: Mapping[str, Table] = {
    "key": table("name value"),
    "account": table(
        "since",
        kept(
            "token platform id",
            "which account a token stands for; and which name, of the staff",
            f"{ERASED}; the names of staff who left stay, so that nobody else acts under one",
        ),
    ),
    "body_key": table("seq", kept("key", "what opens a body", "with the body")),
    "decision_key": table("id seq", kept("key", "what opens anything else sealed", "with it")),
    "erased": table(
        "digest seqs names",
        kept("account", "a token that stands for nobody any more", "with the community"),
    ),
    "staff": table(
        "lang theme", kept("token handle shown password", "an account of the staff", WITH_ACCOUNT)
    ),
    "passkey": table(
        "count made used", kept("id token key name", "a passkey of somebody", WITH_ACCOUNT)
    ),
    "session": table(
        "id digest begun seen proven",
        kept(
            "token how browser",
            "that somebody is in",
            f"{IDLE // HOUR} hours after it was used last, {ABSOLUTE // DAY} days at most",
        ),
    ),
    "link": table("digest", kept("token ends", "a one-time link", "once used, or at its end")),
    "care": table("", kept("token blur grey pause", "how pages spare somebody", WITH_ACCOUNT)),
    "spared": table("", kept("token harm", "what somebody is not shown", WITH_ACCOUNT)),
    "exposure": table(
        "",
        kept(
            "token hour harm count",
            "how much of each harm was put before somebody",
            f"after {COUNTED // DAY} days",
        ),
    ),
    "openid": table(
        "", kept("token issuer subject bound", "what a provider calls somebody", WITH_ACCOUNT)
    ),
    "shortcut": table("", kept("token name key", "keys that somebody changed", WITH_ACCOUNT)),
}

# What else is there: in memory only, or in files of their own.
BESIDE: tuple[tuple[str, str], ...] = (
    ("tries to log in", "in memory; gone with the process"),
    ("who asked for their statements", "in memory: when they were answered; gone with the process"),
    ("names and texts that are compared", "as numbers in memory, as far as windows reach"),
    ("rules, policies, lists, fact-checks", "the operator's own files; Ombud ends none of them"),
    ("the public log and its files", "for good; they name nobody"),
    ("what the process prints", "times, counts and errors; nothing that anybody wrote"),
    ("`ombud.db-wal`, `ombud.keys-wal`", "emptied after each look at what has ended"),
    ("`room-change.json`", "a room's id, while the room comes or goes"),
)
