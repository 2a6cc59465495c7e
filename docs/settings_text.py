"""The prose of the page about settings, by table of `ombud.toml`, and how types are called there.

This module must never state a default: that is read off the program.
"""

from __future__ import annotations

SETTINGS = """
Settings stand in `ombud.toml` in the data folder. Each has a default; the file may be missing. A
setting that is not in this list is an error, so that a misspelt one is not silently without
effect. Settings that can change a verdict are part of the configuration's digest: a change takes
effect with the next configuration that is activated, and is recorded in the journal.
`ombud connect reload` has a running server read the file again.
"""

SETTINGS_CONNECTORS = """
## A platform that takes webhooks

One table for each, `[connectors.forum]`, named as the first segment of the platform's sources.
`ombud connect http` writes it.
"""

SETTINGS_MATRIX = """
## A Matrix homeserver

One table for each, `[matrix.talk]`; `ombud connect matrix` writes it. What can be done there, and
what can be undone, stands in [Matrix](matrix.md).
"""

SETTINGS_POLICIES = """
One table for each homeserver, `[matrix.talk.policies]`;
[how to follow a list](../how-to/follow-a-policy-list.md). None of it changes a verdict: what is
read does, where a rule asks about it.
"""

SETTINGS_HOOKS = """
## A place that asks before it publishes

One table for each, `[hooks.signup]`; a request names it: `POST /v1/check?hook=signup`. A hook that
answers "refuse" when nothing was decided in time says "not checked, try again".
"""

SETTINGS_CLAIMS = """
## Published fact-checks

One table, `[claims]`; [how to show them](../how-to/show-published-fact-checks.md). None of it
changes a verdict: what was imported does, where a rule asks about it.
"""

SETTINGS_OPENID = """
## Logging in by OpenID Connect

One table, `[openid]`; [how it works](../how-to/let-people-in.md#by-a-provider-that-you-have). None
of it changes a verdict, and the client's secret stands in a file of its own or in the environment.
"""

SETTINGS_DSA = """
## Files of the EU's Digital Services Act

One table, `[dsa]`; [how they are made and sent](../how-to/file-for-the-dsa.md). None of it changes
a verdict, and the database's token stands in a file of its own or in the environment.
"""

SETTINGS_LEDGER = """
## The public log

One table, `[ledger]`; [how to have it confirmed from outside](../how-to/have-the-log-confirmed.md).
The witnesses stand in a file of their own, `witnesses.policy`, in the form of
[C2SP](https://c2sp.org/tlog-policy). None of it changes a verdict.
"""

SETTINGS_STRIKES = """
## What strikes weigh and propose

One table, `[strikes]`, and one for each threshold: `[strikes.thresholds.suspend]`. A strike is a
decision that restricts and says that the clause was broken; no hold, no warning, nothing that was
taken back. At a threshold a case opens that proposes the action to a person; nothing follows by
itself, and a reversal voids the strike and closes the case where too little is left. None of it
changes a verdict. It stands in the configuration, so that its digest in the public log commits to
it.
"""

SETTINGS_THRESHOLDS = """
One table for each action that can be proposed: `limit`, `ban from room`, `suspend`.
"""

SETTING_TYPES = {
    **dict.fromkeys(("Claims", "Dsa", "Log", "OpenId", "Strikes"), "table, see below"),
    "Mapping[str, Annotated[int, Meta(ge=0, le=100)]]": "table of text to whole number, 0 to 100",
    "Mapping[Literal['limit', 'ban from room', 'suspend'], Threshold]": "tables, see below",
    "Annotated[int, Meta(ge=1, le=10000)]": "whole number, 1 to 10,000",
    "Annotated[int, Meta(ge=1, le=365)]": "whole number, 1 to 365",
    "Annotated[int, Meta(ge=1, le=730)]": "whole number, 1 to 730",
    "Annotated[tuple[Country, ...], Meta(min_length=1)]": "list of country codes",
    "Literal['', 'private', 'business']": "empty, `private` or `business`",
    "Literal['reports', 'notices']": "`reports` or `notices`",
    "Annotated[int, Meta(ge=1, le=1440)]": "whole number from 1 to 1440",
    "Annotated[int, Meta(ge=1, le=300)]": "whole number from 1 to 300",
    "Annotated[str, Meta(max_length=500)]": "text of at most 500 characters",
    "Annotated[str, Meta(max_length=100)]": "text of at most 100 characters",
    "Annotated[tuple[Site, ...], Meta(max_length=200)]": "list of at most 200 sites",
    "Annotated[int, Meta(ge=7, le=400)]": "whole number from 7 to 400",
    "Annotated[int, Meta(ge=10, le=1000)]": "whole number from 10 to 1000",
    "Annotated[int, Meta(ge=1, le=600)]": "whole number from 1 to 600",
    "Annotated[str, Meta(max_length=1000)]": "text of at most 1,000 characters",
    "Annotated[str, Meta(min_length=1, max_length=200)]": "text of 1 to 200 characters",
    "Annotated[str, Meta(max_length=255)]": "text of at most 255 characters",
    "Annotated[str, Meta(max_length=500, pattern='^(https?://[^ ]+)?$')]": "URL",
    "Annotated[str, Meta(min_length=8, max_length=2000, pattern='^https?://')]": "URL",
    "Annotated[tuple[str, ...], Meta(max_length=100)]": "list of at most 100 texts",
    "Annotated[tuple[str, ...], Meta(max_length=16)]": "list of at most 16 texts",
    "Mapping[str, Level]": ("table: an action, and `exact`, `partial` or `none`"),
    "Annotated[int, Meta(ge=1, le=60)]": "whole number from 1 to 60",
    "Annotated[int, Meta(ge=10, le=30000)]": "whole number from 10 to 30,000",
    "Literal['allow', 'refuse']": "`allow` or `refuse`",
    "Mapping[Annotated[str, Meta(max_length=100)], HttpConnector]": "tables, see below",
    "Mapping[Annotated[str, Meta(max_length=100)], MatrixConnector]": "tables, see below",
    "Annotated[str, Meta(min_length=1, max_length=230, pattern='^[^ @/]+$')]": "name of a server",
    "Annotated[datetime, Meta(tz=True)] | None": "date and time",
    "Annotated[tuple[RoomId, ...], Meta(min_length=1, max_length=500)]": "list of 1 to 500 rooms",
    "Annotated[str, Meta(min_length=1, max_length=100, pattern='^[a-z0-9._=/-]+$')]": "user name",
    "Annotated[str, Meta(max_length=255, pattern='^(![^ ]+)?$')]": "a room, or empty",
    "PolicyLists": "a table, see below",
    "Mapping[ListName, RoomId]": "table: a list's name, and a room",
    "Annotated[str, Meta(max_length=230, pattern='^[^ @/]*$')]": "name of a server, or empty",
    "Annotated[int, Meta(ge=1, le=3600)]": "whole number from 1 to 3600",
    "Mapping[Annotated[str, Meta(max_length=100)], Hook]": "tables, see below",
    "Annotated[tuple[Literal['en', 'vi'], ...], Meta(min_length=1)]": "list of `en` and `vi`",
    "str": "text",
    "bool": "`true` or `false`",
    "int": "whole number",
    "tuple[str, ...]": "list of texts",
    "Mapping[str, str]": "table of texts",
}
