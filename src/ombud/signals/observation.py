"""One event as signals see it: what was said, where, by whom; each view computed once, when first
asked.

The observation is made by enrichment (pure: the event and the tables) and completed by judgement,
which hands in the past. It must never change the event, and never remember anything beyond it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, overload

from ombud import ids
from ombud.clock import from_datetime
from ombud.model import KIND_OF_TYPE, Account, Event, Reported
from ombud.signals import invitations, language, links, name_patterns, repeats, sketch, views
from ombud.signals.factchecks import matching
from ombud.signals.factchecks.index import Index
from ombud.signals.learned import shipped
from ombud.signals.links import Address
from ombud.signals.personal.details import Details, details

T = TypeVar("T")


class lazy(Generic[T]):  # noqa: N801 -- reads as a keyword where it is used
    """A value computed at the first look and kept on the instance; one thread an event."""

    __slots__ = ("compute", "name")

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self.compute = compute
        self.name = compute.__name__

    @overload
    def __get__(self, instance: None, owner: type) -> lazy[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> lazy[T] | T:
        if instance is None:
            return self
        value = instance.__dict__[self.name] = self.compute(instance)
        return value


class History(Protocol):
    """What this journal knows of one account from before the judged event."""

    @property
    def first(self) -> int:
        """Instant of its first event here."""

    @property
    def last(self) -> int:
        """Instant of its latest event before this one."""

    @property
    def accepted(self) -> int:
        """Its posts here that were not restricted."""


class Recalled(NamedTuple):
    """The values a window holds under some keys; not `complete` where more may have been there."""

    values: frozenset[int]
    complete: bool


class Sought(NamedTuple):
    """Names that are sought in a window of names: in which places (as they stand in its keys), of
    others than one owner, and by what they are found (`name_tokens.sought`).
    """

    places: tuple[int, ...]
    other_than: int
    by: frozenset[int]


class Joined(NamedTuple):
    """The clusters of nearly the same texts that one belongs to, likest first. Not `complete`:
    some were left out, and it may belong to others.
    """

    keys: tuple[int, ...]
    complete: bool = True


class Past(Protocol):
    """The community's past, as of the judged event. None means unknown."""

    def count(self, window: int, keys: tuple[int, ...], width: int) -> int | None:
        """The largest count any of `keys` has within `width` microseconds, this event included."""

    def recall(self, window: int, keys: tuple[int, ...], width: int) -> Recalled:
        """The values that any of `keys` has within `width` microseconds, this event's included."""

    def names(self, window: int, sought: Sought, width: int) -> Recalled:
        """The names that are sought, each posted under often enough within `width` microseconds;
        there may be others among them.
        """

    def join(self, text: repeats.Shingles) -> Joined | None:
        """The clusters a text belongs to; None where nobody keeps any."""

    def history(self, account: int) -> History | None:
        """The account's history; None where it cannot be known."""

    def state(self, name: str) -> bool | None:
        """A community-wide state set by controls: "emergency", "duty"."""


class Tokens(Protocol):
    """Stands tokens for values; without the key file nobody can do that."""

    def account(self, platform: str, account: str) -> int:
        """The random token of an account of one platform."""

    def of(self, space: str, value: str) -> int:
        """The keyed token of a value in a name space."""


class Observation:
    """One event, its views, and the past it is judged against."""

    def __init__(self, event: Event, kind: str, tokens: Tokens) -> None:
        self.event = event
        self.kind = kind
        self.tokens = tokens
        self.at = 0  # when it happened: the platform's time, never later than receipt
        self.place: int | None = None  # in stream time; None while it has none
        self.past: Past | None = None  # None while only the event itself is known
        self.claims: Index | None = None  # checked claims; None where the community has none
        self._keys: dict[str, int | None] = {}

    def enrich(self) -> None:
        """Compute now what nearly every event is asked for: the text's views, links and tokens.

        What raises is left alone: it raises again where a rule asks, and is unknown there.
        """
        with suppress(Exception):
            _ = (self.text_token, self.domain_tokens)

    def compare(self) -> None:
        """Compute now what a text is held against others by; as with `enrich`, nothing raises."""
        with suppress(Exception):
            _ = self.shingles

    # --- text, in three views ---------------------------------------------------------------------

    @lazy
    def text(self) -> str | None:
        """As written."""
        return self.event.data.text

    @lazy
    def normal(self) -> str | None:
        """Normalised: NFKC, one case, no zero-width characters."""
        return None if self.text is None else views.normalise(self.text)

    @lazy
    def normal_bytes(self) -> bytes | None:
        """The normalised text in UTF-8, as patterns read it: encoded once for all of them."""
        return None if self.normal is None else self.normal.encode()

    @lazy
    def folded(self) -> str | None:
        """Normalised, with Vietnamese diacritics folded away."""
        return None if self.normal is None else views.fold(self.normal)

    @lazy
    def skeleton(self) -> str | None:
        """What a reader takes it for: look-alike letters and digit-for-letter writing undone."""
        return None if self.text is None else views.skeleton(self.text, self.normal)

    @lazy
    def language(self) -> str | None:
        """The language of the text; None where there is none or it cannot be told."""
        return None if self.text is None else language.language(self.text)

    @lazy
    def private(self) -> Details | None:
        """The private details of the text; None where there is no text."""
        if self.text is None or self.normal is None:
            return None
        return details(self.text, self.normal)

    @lazy
    def claimed(self) -> matching.Matched | None:
        """The checked claims that the text repeats; None where there is no text, or no claims."""
        if self.claims is None or self.normal is None:
            return None
        return matching.match(self.claims, self.normal, self.domains or ())

    @lazy
    def insult(self) -> shipped.Read | None:
        """How much the text reads like an insult; None where that cannot be said."""
        if self.text is None or self.normal is None:
            return None
        return shipped.read(self.text, self.normal)

    # --- links ------------------------------------------------------------------------------------

    @lazy
    def links(self) -> tuple[Address, ...] | None:
        """Distinct web addresses of the text and of the link list; None where neither was given."""
        data = self.event.data
        if data.text is None and data.links is None:
            return None
        return links.addresses(data.text or "", tuple(link.url for link in data.links or ()))

    @lazy
    def domains(self) -> tuple[str, ...] | None:
        """Distinct registrable domains of the links, in order."""
        if self.links is None:
            return None
        return tuple(dict.fromkeys(link.domain for link in self.links))

    @lazy
    def before_links(self) -> tuple[Address, ...] | None:
        """The links of an edited post before the edit; None where that was not given."""
        before = self.event.data.before
        if before is None or (before.text is None and before.links is None):
            return None
        return links.addresses(before.text or "", tuple(link.url for link in before.links or ()))

    @lazy
    def misleading(self) -> bool | None:
        """Whether a link shows one site and leads to another; None where that cannot be known of
        one (`links.misleads`), and it is of no other. Where no link list was given it is None,
        unless nothing in the text could be an address that a link shows.
        """
        data = self.event.data
        given = data.links
        if given is None:
            return None if data.text is None or links.may_hold(data.text) else False
        unknown = False
        for link in given:
            answer = links.misleads(link.url, link.shown) if link.shown else False
            if answer:
                return True
            unknown = unknown or answer is None
        return None if unknown else False

    # --- people and places ------------------------------------------------------------------------

    @lazy
    def people(self) -> dict[str, Account]:
        """Who the event names, by role."""
        data = self.event.data
        named: dict[str, Account | None] = {"author": data.author, "reporter": data.reporter}
        if data.in_reply_to is not None and data.in_reply_to.author is not None:
            named["target"] = data.in_reply_to.author
        elif data.mentions:
            named["target"] = data.mentions[0]
        if isinstance(data.reported, Reported):
            named["subject.author"] = data.reported.author
        return {role: account for role, account in named.items() if account is not None}

    def person(self, who: str) -> Account | None:
        """Who stands in a role; the author is asked for most and found at once."""
        return self.event.data.author if who == "author" else self.people.get(who)

    @lazy
    def platform(self) -> str:
        """The part of the source before the first slash: accounts are never linked across
        platforms.
        """
        return self.event.source.partition("/")[0]

    def key(self, who: str) -> int | None:
        """The token of a person or place of this event; None where the event does not name it."""
        keys = self._keys
        if who not in keys:
            keys[who] = self._key(who)
        return keys[who]

    def _key(self, who: str) -> int | None:
        data = self.event.data
        if who == "subject":
            about = data.reported
            subject = about.id if isinstance(about, Reported) else about
            return self.tokens.of("subject", f"{self.platform}\0{subject}") if subject else None
        if who == "room":
            room = data.room
            return self.tokens.of("room", f"{self.platform}\0{room.id}") if room else None
        if who == "platform":
            return self.tokens.of("platform", self.platform)
        if who == "server":
            server = data.server
            return self.tokens.of("server", server.id.casefold()) if server else None
        account = self.person(who)
        return self.tokens.account(self.platform, account.id) if account else None

    @lazy
    def text_token(self) -> int | None:
        """Stands for the text's content: equal for texts that differ only in case, digits,
        punctuation.
        """
        if not self.normal:
            return None
        content = views.content(self.normal)
        return self.tokens.of("text", content) if content else None

    @lazy
    def shingles(self) -> repeats.Shingles | None:
        """The text as it is compared with others; None where there is none."""
        if self.skeleton is None:
            return None
        return repeats.shingles(
            self.skeleton, self.text_token or 0, self.tokens.of("text words", "")
        )

    @lazy
    def joined(self) -> Joined | None:
        """The clusters the text belongs to; None where there is no text or no past."""
        if self.past is None or self.shingles is None:
            return None
        return self.past.join(self.shingles)

    @lazy
    def place_token(self) -> int:
        """Stands for the room, or for the whole platform where the event has no room."""
        room = self.key("room")
        return self.platform_token if room is None else room

    @lazy
    def platform_token(self) -> int:
        """Stands for the whole platform."""
        return self.tokens.of("platform", self.platform)

    @lazy
    def secret(self) -> int:
        """What sketches of names and passages are keyed by; it is never kept anywhere."""
        return self.tokens.of("sketch", "")

    @lazy
    def kept_passages(self) -> tuple[int, ...] | None:
        """Tokens of passages of the text, as they are kept."""
        return None if self.folded is None else sketch.kept_passages(self.folded, self.secret)

    @lazy
    def passages(self) -> frozenset[int] | None:
        """Tokens of all passages of the text, to be held against kept ones."""
        return None if self.folded is None else sketch.passages(self.folded, self.secret)

    @lazy
    def domain_tokens(self) -> tuple[int, ...] | None:
        """The tokens of the linked domains."""
        if self.domains is None:
            return None
        return tuple(self.tokens.of("domain", domain) for domain in self.domains)

    @lazy
    def invite_tokens(self) -> tuple[int, ...] | None:
        """The tokens of the invitations among the links."""
        if self.links is None:
            return None
        return tuple(self.tokens.of("invite", each) for each in invitations.invitations(self.links))

    @lazy
    def name_pattern_tokens(self) -> tuple[int, ...] | None:
        """The tokens of the patterns of the author's name; None where the name is not told."""
        author = self.event.data.author
        if author is None or author.name is None:
            return None
        found = name_patterns.patterns(author.name)
        return tuple(self.tokens.of("name pattern", each) for each in found)


def kind_of(event: Event) -> str | None:
    """The kind a rule is written for; None for events that no rule judges."""
    kind = KIND_OF_TYPE[event.type]
    return "reply" if kind == "post" and event.data.in_reply_to is not None else kind


def age(created: Any, at: int) -> int:
    """From a creation time to `at`, in microseconds, never negative."""
    return max(0, at - from_datetime(created))


def combine(*tokens: int) -> int:
    """One key from several tokens."""
    return tokens[0] if len(tokens) == 1 else ids.mix(tokens)
