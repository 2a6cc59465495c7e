"""What the operator wrote: `ombud.toml`, rules, policies and lists of one data folder, as bytes.

Reads files and checks sizes and settings; what the rules mean is for `rules`. This module must
never change a file that is already there: the first start copies the samples beside what it finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from ombud import files, model_folder
from ombud.errors import BadData, BadUse, catalogue
from ombud.model import MATRIX_ACTIONS, ONLY_BEFORE, Level
from ombud.policy_lists import PolicyLists, RoomId

catalogue(
    U001=(
        "The settings cannot be read: {detail}.",
        "Mend ombud.toml; docs/reference/settings.md lists every setting.",
    ),
    U480=("Two platforms are called {name}.", "Give one of them another name in ombud.toml."),
    D006=("The folder {path} holds more than {limit} files.", "Keep at most that many."),
)

SETTINGS_FILE, STORE_FILE = "ombud.toml", "ombud.db"  # where a store is, the first start is over
FILE_BYTES_MAX = 64 * 1024 * 1024
FILES_MAX = 2000
CLAIMS_FOLDER, CLAIMS_SUFFIX = "claims", ".jsonl"  # published fact-checks, as they were imported
FOLDERS = {"rules": ".rule", "policies": ".md", "lists": ".txt"}
UNREAD_MAX = 100  # names that are told
SUMMARY = ".summary.md"  # beside a rule: what is published instead of its text
_EDITORS = ("~", ".swp", ".swo", ".tmp", ".bak")  # endings of what editors leave behind


class HttpConnector(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A platform that takes actions and notices as signed webhooks."""

    url: Annotated[str, Meta(min_length=8, max_length=2000, pattern="^https?://")]
    """Where webhooks are sent."""
    allow: Annotated[tuple[str, ...], Meta(max_length=16)] = ()
    """Private addresses or networks that this connector may reach: "127.0.0.1", "10.1.0.0/16"."""
    actions: Mapping[str, Level] = {}
    """What the platform can do, and how well it can undo it; empty: everything, exactly."""
    timeout_seconds: Annotated[int, Meta(ge=1, le=60)] = 10
    """How long one webhook may take."""

    @property
    def able(self) -> Mapping[str, str]:
        """What rules and people may ask of it."""
        return self.actions


class MatrixConnector(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A Matrix homeserver (Synapse): rooms of it are read, and acted on as the operator allows."""

    url: Annotated[str, Meta(min_length=8, max_length=2000, pattern="^https?://")]
    """Where the homeserver's client and admin API is reached."""
    server: Annotated[str, Meta(min_length=1, max_length=230, pattern="^[^ @/]+$")]
    """The homeserver's name: what stands behind the colon in its users' ids."""
    rooms: Annotated[tuple[RoomId, ...], Meta(min_length=1, max_length=500)]
    """The rooms that are moderated, by id; nothing of any other is read, kept or acted on."""
    since: Annotated[datetime, Meta(tz=True)] | None = None
    """When it was connected: Synapse tells of all that was said before, and none of it is read."""
    sender: Annotated[str, Meta(min_length=1, max_length=100, pattern="^[a-z0-9._=/-]+$")] = "ombud"
    """The local name of the account that acts: a member of each room with the power to."""
    staff_room: Annotated[str, Meta(max_length=255, pattern="^(![^ ]+)?$")] = ""
    """The moderators' room, by id: invite-only, not encrypted, none of `rooms`; empty: none."""
    bots: Annotated[tuple[str, ...], Meta(max_length=16)] = ()
    """Accounts, by id, that do not count where a room is looked at for whether it is for two."""
    allow: Annotated[tuple[str, ...], Meta(max_length=16)] = ()
    """Private addresses or networks that the homeserver may be at: "127.0.0.1", "10.1.0.0/16"."""
    timeout_seconds: Annotated[int, Meta(ge=1, le=60)] = 10
    """How long one request to the homeserver may take."""
    reports_seconds: Annotated[int, Meta(ge=1, le=3600)] = 30
    """How often the homeserver is asked what its users have reported."""
    policies: PolicyLists = PolicyLists()
    """Policy lists that are followed, and one's own; see below."""

    @property
    def actions(self) -> Mapping[str, Level]:
        """What can be done, and how well it can be undone."""
        return MATRIX_ACTIONS

    @property
    def able(self) -> Mapping[str, str]:
        """What rules and people may ask of it: a hold comes before publication, or not at all."""
        return {**MATRIX_ACTIONS, "hold": ONLY_BEFORE}

    @property
    def account(self) -> str:
        """The whole id of the account that acts."""
        return f"@{self.sender}:{self.server}"


Connected = HttpConnector | MatrixConnector


class Hook(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A place in the platform that asks before it publishes."""

    deadline_ms: Annotated[int, Meta(ge=10, le=30_000)] = 500
    """When the answer is due, in milliseconds."""
    late: Literal["allow", "refuse"] = "allow"
    """What is answered when nothing was decided by then."""


Site = Annotated[str, Meta(max_length=253, pattern="^[a-z0-9.-]+$")]


class Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Published fact-checks: whose, and how they are fetched and ranked for people."""

    publishers: Annotated[tuple[Site, ...], Meta(max_length=200)] = ()
    """The sites whose fact-checks are imported, for example "checks.example"; empty: every site."""
    allow: Annotated[tuple[str, ...], Meta(max_length=16)] = ()
    """Private addresses or networks that a feed may be fetched from: "10.1.0.0/16"."""
    timeout_seconds: Annotated[int, Meta(ge=1, le=600)] = 60
    """How long fetching a feed may take."""
    model: Annotated[str, Meta(max_length=1000)] = ""
    """A folder with model.onnx and tokenizer.json, by which claims are ranked anew for people."""


class OpenId(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A provider by which people of the staff log in; it makes nobody an account."""

    issuer: Annotated[str, Meta(max_length=500)] = ""
    """The provider, exactly as it calls itself: "https://login.example"; empty: there is none."""
    client_id: Annotated[str, Meta(max_length=500)] = ""
    """What the provider calls this community."""
    secret_file: Annotated[str, Meta(max_length=1000)] = ""
    """A file with the client's secret, beside ombud.toml; empty: OMBUD_OPENID_SECRET has it."""
    name: Annotated[str, Meta(max_length=100)] = ""
    """What the log-in page calls the provider; empty: by its host."""
    allow: Annotated[tuple[str, ...], Meta(max_length=16)] = ()
    """Private addresses or networks that the provider may be at: "10.1.0.0/16"."""
    timeout_seconds: Annotated[int, Meta(ge=1, le=60)] = 10
    """How long asking the provider may take, all in all."""


Country = Literal[
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
    "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
]  # fmt: skip
EEA: tuple[Country, ...] = get_args(Country)


class Dsa(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The files of the EU's Digital Services Act: whose they are, and where statements are sent."""

    provider: Annotated[str, Meta(max_length=500)] = ""
    """The provider's name, as the yearly report gives it."""
    service: Annotated[str, Meta(max_length=500)] = ""
    """The service the report is about; empty: the community's `name`."""
    territory: Annotated[tuple[Country, ...], Meta(min_length=1)] = EEA
    """Where restrictions hold, by the codes of the EEA's countries; Greece is "GR"."""
    account_type: Literal["", "private", "business"] = ""
    """What the accounts are, where all are alike; empty: it is not said."""
    flags: Literal["reports", "notices"] = "reports"
    """What members' flags are: reports against the rules, or notices of illegal content (Article
    16), if they are made through a form that says so."""
    url: Annotated[str, Meta(max_length=500, pattern="^(https?://[^ ]+)?$")] = ""
    """The database's address up to its version; see the how-to. Empty: nothing is sent."""
    token_file: Annotated[str, Meta(max_length=1000)] = ""
    """A file with the database's token, beside ombud.toml; empty: OMBUD_DSA_TOKEN has it."""
    allow: Annotated[tuple[str, ...], Meta(max_length=16)] = ()
    """Private addresses or networks that the database may be at: "10.1.0.0/16"."""
    timeout_seconds: Annotated[int, Meta(ge=1, le=300)] = 60
    """How long one batch may take."""


class Log(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The public log: how often its head is signed, and how its witnesses are reached."""

    publish_minutes: Annotated[int, Meta(ge=1, le=1440)] = 60
    """After how many minutes a new head is signed and the public files brought up to date."""
    allow: Annotated[tuple[str, ...], Meta(max_length=16)] = ()
    """Private addresses or networks that a witness may be at: "10.1.0.0/16"."""
    timeout_seconds: Annotated[int, Meta(ge=1, le=60)] = 10
    """How long asking one witness may take."""


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What strikes of a weight propose about an account."""

    weight: Annotated[int, Meta(ge=1, le=10_000)]
    """From which weight on, all that stands against somebody taken together."""
    days: Annotated[int, Meta(ge=1, le=365)] = 7
    """For how long it is proposed."""


class Strikes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What findings that stand against somebody weigh, and what that proposes to a person."""

    days: Annotated[int, Meta(ge=1, le=730)] = 183
    """For how long a finding counts."""
    actions: Mapping[str, Annotated[int, Meta(ge=0, le=100)]] = {}
    """What a finding weighs by what was done: `remove = 2`; 1 where nothing is said."""
    clauses: Mapping[str, Annotated[int, Meta(ge=0, le=100)]] = {}
    """By what it is multiplied, by clause: `"threats.life" = 5`; 1 where nothing is said."""
    thresholds: Mapping[Literal["limit", "ban from room", "suspend"], Threshold] = {}
    """What is proposed, by action; empty: nothing ever is."""


LABEL_BUDGET = 50  # items a week, where nobody says
BODY_DAYS = 30  # for which bodies are kept, where nobody says


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Every setting of `ombud.toml`, with its default."""

    name: Annotated[str, Meta(min_length=1, max_length=200)] = "this community"
    """How notices and public pages call the community."""
    origin: Annotated[str, Meta(max_length=255)] = ""
    """The public log's name, a URL without its scheme; empty: one is drawn at the first start."""
    procedural_holds: bool = False
    """Whether the shipped rules may hold by themselves, under the clauses that say so."""
    languages: Annotated[tuple[Literal["en", "vi"], ...], Meta(min_length=1)] = ("en", "vi")
    """The languages people are told in; the first one is used where a person's is not known."""
    queues: Mapping[str, str] = {}
    """Review queues: name and what it is for."""
    public_url: Annotated[str, Meta(max_length=500, pattern="^(https?://[^ ]+)?$")] = ""
    """Where people reach the public pages; empty: where `ombud serve` listens."""
    connectors: Mapping[Annotated[str, Meta(max_length=100)], HttpConnector] = {}
    """Platforms that take webhooks, by name: the first segment of their events' `source`."""
    matrix: Mapping[Annotated[str, Meta(max_length=100)], MatrixConnector] = {}
    """Matrix homeservers, by name, which begins their events' `source`; see below."""
    claims: Claims = Claims()
    """Published fact-checks; see below."""
    hooks: Mapping[Annotated[str, Meta(max_length=100)], Hook] = {}
    """The hooks of `/v1/check`, by name; `default` is used where a request names none."""
    openid: OpenId = OpenId()
    """Logging in by OpenID Connect; see below."""
    dsa: Dsa = Dsa()
    """The files of the EU's Digital Services Act; see below."""
    ledger: Log = Log()
    """The public log; see below. Its witnesses stand in witnesses.policy, beside ombud.toml."""
    strikes: Strikes = Strikes()
    """What strikes weigh and what they propose; see below."""
    label_budget: Annotated[int, Meta(ge=10, le=1000)] = LABEL_BUDGET
    """How many items a week people are asked to label for certificates; audits take three tenths
    at most."""
    body_days: Annotated[int, Meta(ge=7, le=400)] = BODY_DAYS
    """For how many days what was said is kept, from its receipt on. What waits before people or can
    still be appealed is kept for longer; docs/reference/retention.md says what, and until when."""

    @property
    def platforms(self) -> Mapping[str, Connected]:
        """Every platform that is connected, however it is reached, by name."""
        return {**self.connectors, **self.matrix}


# By platform: action -> how well it can be undone, or ONLY_BEFORE; none named: all, exactly.
Capabilities = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Sources:
    """The operator's texts, by file name. `unread`: what else stands in the folders, by folder and
    name, with a slash behind a folder; hidden files and what editors leave behind apart.
    """

    rules: Mapping[str, bytes]
    policies: Mapping[str, bytes]
    lists: Mapping[str, bytes]
    settings: Settings
    capabilities: Capabilities = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    model: Callable[[str], bytes | None] = lambda _: None  # the trained model of a clause, if any
    claims: Mapping[str, bytes] = field(default_factory=dict)

    def of(self, folder: str) -> Mapping[str, bytes]:
        """The files of one of FOLDERS."""
        found: Mapping[str, bytes] = getattr(self, folder)
        return found


def parse_settings(content: bytes, where: str = SETTINGS_FILE) -> Settings:
    """Settings from TOML. Raises BadUse with what is wrong."""
    try:
        settings = msgspec.toml.decode(content, type=Settings)
    except RecursionError:
        raise BadUse("U001", where, detail="it is nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadUse("U001", where, detail=str(error)[:300]) from None
    both = sorted(settings.connectors.keys() & settings.matrix.keys())
    if both:
        raise BadUse("U480", where, name=both[0])
    if not settings.name.isprintable():
        raise BadUse("U001", where, detail="the name holds a character that cannot be seen")
    return settings


def read(folder: Path) -> Sources:
    """All that the operator wrote. Missing files and folders are empty."""
    path = folder / SETTINGS_FILE
    settings = parse_settings(read_file(path), str(path)) if path.exists() else Settings()
    return Sources(
        **{name: all_of(folder / name, suffix) for name, suffix in FOLDERS.items()},
        settings=settings,
        capabilities={name: dict(each.able) for name, each in settings.platforms.items()},
        unread=beside(folder),
        model=partial(model_folder.content, folder),
        claims=read_claims(folder),
    )


def beside(folder: Path) -> tuple[str, ...]:
    """What stands in the folders and is not read, as `Sources.unread`."""
    return tuple(unread for name in FOLDERS for unread in _unread(folder, name))[:UNREAD_MAX]


def read_claims(folder: Path) -> Mapping[str, bytes]:
    """The files of published fact-checks, by name."""
    return all_of(folder / CLAIMS_FOLDER, CLAIMS_SUFFIX)


def read_other(
    folder: Path, rules: Path, policies: Path | None = None, lists: Path | None = None
) -> Sources:
    """Other rules with the texts of a community around them.

    `rules` holds .rule files, or is laid out as a data folder. Policies, lists and settings that
    are not named are those in it, and where it has none, the community's.
    """
    base = folder if not (rules / SETTINGS_FILE).exists() else rules
    found = read(base)

    def texts(name: str, named: Path | None) -> Mapping[str, bytes]:
        inside = rules / name
        place = named or (inside if inside.is_dir() else folder / name)
        return all_of(place, FOLDERS[name])

    inside = rules / "rules"
    own = found.model if base is rules and (rules / model_folder.FOLDER).is_dir() else None
    return replace(
        found,
        model=own or partial(model_folder.content, folder),
        rules=all_of(inside if inside.is_dir() else rules, FOLDERS["rules"]),
        policies=texts("policies", policies),
        lists=texts("lists", lists),
        claims=found.claims or read_claims(folder),
        unread=(),
    )


def copy_samples(folder: Path, samples: Mapping[str, Mapping[str, bytes]]) -> None:
    """Write the samples, by folder and file name, where no file of that name is yet."""
    for place, copied in samples.items():
        (folder / place).mkdir(parents=True, exist_ok=True)
        for name, content in copied.items():
            path = folder / place / name
            if not path.exists():
                path.write_bytes(content)


def _unread(folder: Path, name: str) -> Iterator[str]:
    """What stands in a folder of FOLDERS and is not read, in order."""
    try:
        found = sorted((folder / name).iterdir()) if (folder / name).is_dir() else []
    except OSError as error:
        raise _unreadable(folder / name, error) from None
    for path in found:
        if path.name.startswith((".", "#")) or path.name.endswith(_EDITORS):
            continue
        if name == "rules" and path.name.endswith(SUMMARY) and path.is_file():
            continue
        if path.suffix != FOLDERS[name] or not path.is_file():
            yield f"{name}/{path.name}" + ("/" if path.is_dir() else "")


def all_of(folder: Path, suffix: str) -> Mapping[str, bytes]:
    """The files of a folder whose names end so, by name. Raises BadData D005, D006 or D016."""
    try:
        if not folder.is_dir():
            return {}
        paths = sorted(p for p in folder.iterdir() if p.suffix == suffix and p.is_file())
    except OSError as error:
        raise _unreadable(folder, error) from None
    if len(paths) > FILES_MAX:
        raise BadData("D006", str(folder), path=folder, limit=FILES_MAX)
    return {path.name: read_file(path) for path in paths}


def _unreadable(folder: Path, error: OSError) -> BadData:
    detail = error.strerror or type(error).__name__
    return BadData("D016", str(folder), path=folder, detail=detail)


def read_file(path: Path) -> bytes:
    """A file that an operator wrote. Raises BadData D016 or D005 where it cannot be taken."""
    return files.content(path, FILE_BYTES_MAX)
