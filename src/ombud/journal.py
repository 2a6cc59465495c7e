"""The one ordered record of a community: events and controls, each with a sequence number.

A journal row holds what a later verdict rests on, without text: places in time, tokens, the facts
that were read, the verdict's digest. This module turns records into rows and back; it must never
judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ombud import events, ids
from ombud.errors import BadData, OmbudError, catalogue
from ombud.model import Event, Media, Value
from ombud.signals.observation import Observation, kind_of
from ombud.store.keyfile import KeyFile
from ombud.windows import NEAR

catalogue(
    D014=(
        "The body of record {seq} is not the one that was journalled.",
        "Restore a backup into a new folder. Nothing was changed here.",
    ),
)

# The closed list of controls (design section 2). The journal takes no other.
CONTROLS = frozenset(
    {
        "config",  # a configuration is activated
        "list",  # an entry of a list is added, taken out, quarantined or released; an import
        "duty",  # a moderator begins or ends being on duty
        "emergency",  # an emergency is declared, or ended before its time
        "deadline",  # a check was answered by its hook's choice, before it was judged
        "undo",
        "review",  # a person judges a case
        "outcome",  # a person decides appeals
        "erasure",
        "lookup",  # somebody of the staff looks up a member, a post, a room or a server
        "demand",  # an authority, a court, a lawyer demands something; what is done about it
        "access",  # a program gets a key or loses it, a platform gets another secret
        "clock",  # somebody says that the machine's clock is right
        "ended",  # a restriction has reached its end
        "standing_order",  # given from a case, or ended before its time
        "renewal",  # a rule on watch gets 90 days more
        "staff",  # somebody joins the staff, gets other roles, is suspended, comes back, goes
        "approval",  # a second person approves a rule's version
        "population",  # the hits that a certificate's sample is drawn from
        "draw",  # the seed it is drawn by, and what is mixed in
        "label",  # what one person says of one item
        "labelling",  # a sample is stopped
        "certificate",  # granted, renewed or over
        "demotion",  # a certificate is taken away
        "publication",  # what was asked about before has been published
    }
)

Entries = list[tuple[int, int, int]]  # (window, key, value)
SEEN = 0  # a window number that no window has: its key is a token whose sight is remembered

_packer = msgspec.msgpack.Encoder()
_facts = msgspec.msgpack.Decoder(dict[int, Value])
_entries = msgspec.msgpack.Decoder(list[tuple[int, int | None, int | None]])


class _Hits(msgspec.Struct, array_like=True):
    fired: list[int]
    unknown: list[int]
    faulty: list[str]
    members: list[tuple[int, list[int]]] = []
    gone: int = 0
    ordered: list[str] = []
    lasting: list[str] = []


_hits = msgspec.msgpack.Decoder(_Hits)


class Submission(msgspec.Struct, frozen=True):
    """An accepted event on its way into the journal, with its canonical form.

    `check`: the platform asks before it publishes.
    """

    event: Event
    canonical: bytes
    timeline: str = ""
    check: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """Any other input that can change a later verdict or restriction. `payload` is plain JSON."""

    type: str
    payload: Mapping[str, Any]
    sealed: Mapping[str, Any] = field(default_factory=dict)  # for the writer only, not stored

    def __post_init__(self) -> None:
        if self.type not in CONTROLS:
            raise ValueError(f"{self.type} is no control")


@dataclass(frozen=True, slots=True)
class Record:
    """One journal row as it is read back."""

    seq: int
    recv: int
    type: str
    kind: str | None
    timeline: str
    source: str | None
    time: int | None
    place: int | None
    config: int
    identity: bytes | None
    content: bytes | None
    author: int | None
    facts: bytes | None
    entries: bytes | None
    hits: bytes | None
    verdict: bytes | None
    payload: str | None
    via: str = ""
    published: bytes | None = None
    sealed: bytes | None = None  # the body, where it was asked for and is still there

    @property
    def control(self) -> str | None:
        """The control's type, or None for an event."""
        return self.type[1:] if self.type.startswith("!") else None

    def payload_json(self) -> dict[str, Any]:
        """A control's content."""
        return read_json(self.payload or "{}")


def submission(event: Event, timeline: str = "", *, check: bool = False) -> Submission:
    """The event with its canonical form, which is what is kept and compared."""
    return Submission(event, events.encode(event), timeline, check)


def identity(key: bytes, source: str, id_: str) -> bytes:
    """What makes two arrivals the same event: source and id, under the community's key."""
    return ids.keyed_digest(key, "identity", f"{source}\0{id_}".encode())


def publication(key: bytes, identity_: bytes) -> bytes:
    """The identity of what the stream says of an event that was checked before."""
    return ids.keyed_digest(key, "publication", identity_)


def published(key: bytes, event: Event) -> bytes:
    """What a checked event and its publication have in common: kind, author, room, text, links,
    media; of a join the name under which somebody comes in, since that is all it shows. A file that
    has an id is known by it: who asks may know its digest, and the stream not.
    """
    data, kind = event.data, kind_of(event)
    called = (data.author.name,) if kind == "join" and data.author else ()
    same = (
        kind,
        data.author.id if data.author else None,
        data.room.id if data.room else None,
        data.text,
        data.links,
        None if data.media is None else tuple(map(_file, data.media)),
        *called,
    )
    return ids.keyed_digest(key, "published", _packer.encode(same))


def _file(media: Media) -> Media:
    return media if media.id is None else Media(id=media.id)


def content(key: bytes, canonical: bytes) -> bytes:
    """What makes their content the same."""
    return ids.keyed_digest(key, "content", canonical)


def pack_facts(facts: Mapping[int, Value]) -> bytes | None:
    """Facts by slot, as they stand in a row; None for none."""
    return _packer.encode(facts) if facts else None


def unpack_facts(packed: bytes | None) -> dict[int, Value]:
    """Facts of a row, by slot."""
    return _facts.decode(packed) if packed else {}


def pack_entries(entries: Entries) -> bytes | None:
    """Window entries, as they stand in a row; None for none."""
    return _packer.encode(entries) if entries else None


def unpack_entries(packed: bytes | None) -> list[tuple[int, int | None, int | None]]:
    """Window entries of a row; key and value None where an erasure dropped them."""
    return _entries.decode(packed) if packed else []


def clusters(packed: bytes | None) -> tuple[int, ...]:
    """The clusters of nearly the same texts that a row's text belongs to."""
    return tuple(
        key for number, key, _ in unpack_entries(packed) if number == NEAR and key is not None
    )


def pack_hits(
    fired: tuple[int, ...],
    unknown: tuple[int, ...],
    faults: tuple[str, ...],
    members: Mapping[int, list[int]] | None = None,
    gone: int = 0,
    ordered: tuple[str, ...] = (),
    lasting: tuple[str, ...] = (),
) -> bytes | None:
    """Which rules fired, were unknown or failed; None where none did. Where a rule found earlier
    members of a campaign, also which by rule, and of how many the content was gone; where standing
    orders reached the record, also which; where what a rule asks of its room lasts, also that.
    """
    hits: tuple[object, ...] = (fired, unknown, faults)
    if members or gone or ordered or lasting:
        hits = (*hits, sorted((members or {}).items()), gone)
    if ordered or lasting:
        hits = (*hits, ordered)
    if lasting:
        hits = (*hits, lasting)
    return _packer.encode(hits) if fired or unknown or faults else None


def unpack_hits(packed: bytes | None) -> tuple[list[int], list[int], list[str]]:
    """Which rules fired, were unknown or failed."""
    found = _hits.decode(packed) if packed else _Hits([], [], [])
    return found.fired, found.unknown, found.faulty


def unpack_campaign(packed: bytes | None) -> tuple[dict[int, list[int]], int]:
    """The earlier members by rule, and of how many more the content was gone."""
    found = _hits.decode(packed) if packed else _Hits([], [], [])
    return dict(found.members), found.gone


def unpack_ordered(packed: bytes | None) -> tuple[str, ...]:
    """The standing orders that reached a record."""
    return tuple(_hits.decode(packed).ordered) if packed else ()


def unpack_lasting(packed: bytes | None) -> tuple[str, ...]:
    """What rules would have asked of a record's room, and had asked of it before."""
    return tuple(_hits.decode(packed).lasting) if packed else ()


def read_json(text: str) -> dict[str, Any]:
    """A control's content from its text."""
    return msgspec.json.decode(text, type=dict[str, Any])


def line_salt(key: bytes, position: int) -> bytes:
    """The salt of what a line of the public log commits to about a control, by the line's place:
    who has the community's key can make it again, and nobody else can guess what it hides.
    """
    place = position.to_bytes(8, "big")
    return b"".join(ids.keyed_digest(key, f"line salt {half}", place) for half in (1, 2))


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no white space: equal values, equal text."""
    return msgspec.json.encode(value, order="sorted").decode()


# --- records read back ----------------------------------------------------------------------------


def opened(keys: KeyFile, record: Record) -> Event | None:
    """The recorded event; None where its body or key is gone.

    Raises BadData D014 where body and key are there and do not give what was journalled.
    """
    if record.sealed is None:
        return None
    plain = keys.open_body(record.seq, record.sealed)
    if plain is None:
        if keys.has_body_key(record.seq):
            raise BadData("D014", f"record {record.seq}", seq=record.seq)
        return None
    if record.content is not None and content(keys.community, plain) != record.content:
        raise BadData("D014", f"record {record.seq}", seq=record.seq)
    return events.decode(plain)


def reread(keys: KeyFile, record: Record) -> Observation | None:
    """The observation of a recorded event; None where it cannot be made again as it was.

    That is so where no rule judges it, where the body is gone, and where somebody it names has been
    erased since: who comes back gets another token, which this record must not be seen under.
    """
    try:
        event = opened(keys, record)
    except OmbudError:  # not what was journalled: replay says so, and nobody goes by it
        return None
    return None if event is None else observed(keys, record, event)


def observed(keys: KeyFile, record: Record, event: Event) -> Observation | None:
    """The observation of a recorded event from its opened body, or None as for `reread`."""
    kind = kind_of(event)
    if kind is None:
        return None
    seen = Observation(event, kind, keys)
    for account in seen.people.values():
        since = keys.known_since(seen.platform, account.id)
        if since is None or since > record.seq:
            return None
    return seen
