"""What the operator wrote under `config:` in homeserver.yaml, checked when Synapse starts.

A setting that is not known is refused: a mistyped name must not leave a hook open. This module
must never hold a default that sends anything of a room that is not named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from synapse.module_api.errors import ConfigError

ALLOW, REFUSE = "allow", "refuse"
LATE = (ALLOW, REFUSE)
LANGUAGES = ("en", "vi")
ALWAYS = ("message", "join", "invite")  # on, unless they are switched off
HOOKS = (*ALWAYS, "room")  # `room` is on where it is named: a new room cannot have been named
DEADLINE_MS = 1000
DEADLINE_MS_MAX = 30_000
KEY_LENGTH_MAX = 200
SETTINGS = frozenset(
    (
        *("url", "key", "key_file", "platform", "rooms", "deadline_ms", "late"),
        *("language", "registrations", "hooks", "policy", "bots"),
    )
)


@dataclass(frozen=True)
class Hook:
    """One place where Ombud is asked. `late` is what is done where no answer comes in time; `name`
    is the hook of ombud.toml that answers, by its name; none: its default.
    """

    late: str = ALLOW
    deadline: float = DEADLINE_MS / 1000
    name: str = ""


@dataclass(frozen=True)
class Settings:
    """All of them. `hooks` holds those that are on."""

    url: str
    key: str
    rooms: frozenset[str]
    bots: frozenset[str] = frozenset()
    platform: str = "matrix"
    language: str = "en"
    registrations: bool = False
    policy_key: str = ""
    hooks: Mapping[str, Hook] = field(default_factory=dict)


def parse(config: Any) -> Settings:
    """The settings. Raises Synapse's ConfigError with the path of what is wrong."""
    found = _known("config", config or {}, SETTINGS)
    url = _text(found, "url")
    if not url.startswith(("http://", "https://")):
        raise ConfigError("it must begin with http:// or https://", ("url",))
    rooms = found.get("rooms")
    if not isinstance(rooms, list) or not rooms:
        raise ConfigError("name the rooms by their ids, as in ['!abc:example.org']", ("rooms",))
    for each in rooms:
        if not isinstance(each, str) or not each.startswith("!"):
            detail = "is no room's id; an alias can be moved, so rooms are named by their ids"
            raise ConfigError(f"{each!r} {detail}", ("rooms",))
    bots = found.get("bots", [])
    if not isinstance(bots, list) or not all(str(each).startswith("@") for each in bots):
        raise ConfigError("name accounts by their ids, as in ['@bot:example.org']", ("bots",))
    policy = found.get("policy")
    parts = ("key_file", "late", "deadline_ms", "hook")
    policy = None if policy is None else _known("policy", policy, frozenset(parts))
    hooks = dict(_hooks(found))
    if policy is not None:
        rest = {name: each for name, each in policy.items() if name != "key_file"}
        hooks["policy"] = _hook("policy", found, rest)
    registrations = found.get("registrations", False)
    if not isinstance(registrations, bool):
        raise ConfigError("it is true or false", ("registrations",))
    return Settings(
        url=url.rstrip("/"),
        key=_key(found),
        rooms=frozenset(rooms),
        bots=frozenset(bots),
        platform=_text(found, "platform", "matrix"),
        language=_one_of(found, "language", LANGUAGES, "en"),
        registrations=registrations,
        policy_key="" if policy is None else _text(policy, "key_file"),
        hooks=hooks,
    )


def _known(where: str, value: Any, names: frozenset[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ConfigError("it must hold settings", (where,))
    for name in value:
        if name not in names:
            raise ConfigError(f"{name!r} is no setting; they are {sorted(names)}", (where,))
    return value


def _text(found: Mapping[str, Any], name: str, default: str = "") -> str:
    value = found.get(name, default)
    if not isinstance(value, str) or not value:
        raise ConfigError("it is needed, as a text", (name,))
    return value


def _one_of(found: Mapping[str, Any], name: str, of: tuple[str, ...], default: str) -> str:
    value = found.get(name, default)
    if value not in of:
        raise ConfigError(f"it is one of {', '.join(of)}", (name,))
    return str(value)


def _key(found: Mapping[str, Any]) -> str:
    """The key: written here, or in a file that only Synapse can read."""
    if ("key" in found) == ("key_file" in found):
        raise ConfigError("give one of key and key_file", ("key",))
    key = found.get("key")
    if "key_file" in found:
        try:
            key = Path(_text(found, "key_file")).read_text("ascii").strip()
        except (OSError, ValueError) as error:
            raise ConfigError(f"it cannot be read: {error}", ("key_file",)) from error
    if not isinstance(key, str) or not key.startswith("omb_") or len(key) > KEY_LENGTH_MAX:
        raise ConfigError("a key begins with omb_; `ombud connect key` makes one", ("key",))
    return key


def _hooks(found: Mapping[str, Any]) -> Mapping[str, Hook]:
    named = _known("hooks", found.get("hooks") or {}, frozenset(HOOKS))
    hooks = {}
    for name in HOOKS:
        asked = named.get(name, {} if name in ALWAYS else False)
        if asked is False:
            continue
        if asked is None or asked is True:
            asked = {}
        hooks[name] = _hook(name, found, asked)
    return hooks


def _hook(name: str, found: Mapping[str, Any], asked: Any) -> Hook:
    asked = _known(name, asked, frozenset(("late", "deadline_ms", "hook")))
    deadline = asked.get("deadline_ms", found.get("deadline_ms", DEADLINE_MS))
    whole = isinstance(deadline, int) and not isinstance(deadline, bool)
    if not whole or not 1 <= deadline <= DEADLINE_MS_MAX:
        detail = f"it is a whole number from 1 to {DEADLINE_MS_MAX}"
        raise ConfigError(detail, (name, "deadline_ms"))
    late = _one_of({"late": ALLOW, **found, **asked}, "late", LATE, ALLOW)
    return Hook(late, deadline / 1000, _text(asked, "hook") if "hook" in asked else "")
