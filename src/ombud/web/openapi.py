"""The API as a table, and its OpenAPI 3.1 document made from that table and from the real types.

Nothing of a type is typed twice: schemas come from the structs that decode and encode. This module
must never know how an endpoint does its work.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata
from itertools import chain
from typing import Any, NamedTuple

import msgspec

from ombud.connectors.matrix_asked import Asked
from ombud.events import BATCH_MAX
from ombud.model import KIND_OF_TYPE, Event
from ombud.web import answers

JSON = "application/json"
EVENT = "application/cloudevents+json"
SINGLE = (EVENT, JSON)  # the first in the description
BATCH = "application/cloudevents-batch+json"
LINES = "application/x-ndjson"
MATRIX = "application/vnd.ombud.matrix+json"  # what the module for Synapse asks
TEXT = "text/plain"
APPSERVICE = "/_matrix/app/v1/"  # what a homeserver calls, by the Application Service API


class Parameter(NamedTuple):
    """Something in the address."""

    name: str
    place: str
    meaning: str


class Endpoint(NamedTuple):
    """One line of the table. `does` is a method of `api.Api`; `door` what a key needs, if any.

    `takes` and `gives` are types by content type and by status; `errors` are statuses with the one
    shape of an error.
    """

    method: str
    path: str
    name: str
    does: str
    door: str
    summary: str
    gives: Mapping[int, tuple[Any, ...]]
    errors: tuple[int, ...] = ()
    takes: Mapping[str, Any] = {}
    parameters: tuple[Parameter, ...] = ()


_GUARDED = (400, 401, 403, 413, 415, 503)

ENDPOINTS = (
    Endpoint(
        "POST",
        "/v1/events",
        "events",
        "events",
        "events",
        "Have events judged: one, an array, or lines. Answered after they are durable.",
        {200: (answers.Judged, answers.Batch)},
        (*_GUARDED, 409, 422),
        {EVENT: Event, JSON: Event, BATCH: list[Event], LINES: str},
    ),
    Endpoint(
        "POST",
        "/v1/check",
        "check",
        "check",
        "check",
        "Ask before publication. Answered at the hook's deadline at the latest.",
        {200: (answers.Checked,)},
        (*_GUARDED, 409, 422),
        {EVENT: Event, JSON: Event, MATRIX: Asked},
        (Parameter("hook", "query", "Which hook of ombud.toml asks; `default` without it."),),
    ),
    Endpoint(
        "POST",
        "/v1/actions/{id}",
        "actions",
        "report",
        "report",
        "Say what became of an action that was asked for.",
        {200: (answers.Noted,)},
        (*_GUARDED, 404, 422),
        {JSON: answers.Evidence},
        (Parameter("id", "path", "The id that came with the action."),),
    ),
    Endpoint(
        "PUT",
        f"{APPSERVICE}transactions/{{id}}",
        "transactions",
        "transaction",
        "events",
        "What a Matrix homeserver saw in the rooms that are moderated, in order.",
        {200: (dict[str, Any],)},
        (401, 403, 413, 422, 503),
        {JSON: dict[str, Any]},
        (Parameter("id", "path", "The homeserver's number for it."),),
    ),
    Endpoint(
        "POST",
        f"{APPSERVICE}ping",
        "ping",
        "ping",
        "events",
        "Whether a Matrix homeserver reaches Ombud, with the right token.",
        {200: (dict[str, Any],)},
        (401, 403, 503),
    ),
    Endpoint(
        "GET",
        "/v1/statements",
        "statements",
        "statements",
        "report",
        "The statement pages of somebody whom the platform has authenticated.",
        {200: (answers.Statements,)},
        (400, 401, 403, 503),
        {},
        (
            Parameter("platform", "query", "The first part of the sources of its events."),
            Parameter("account", "query", "The account's id on that platform."),
        ),
    ),
    Endpoint(
        "GET",
        "/capabilities",
        "capabilities",
        "capabilities",
        "",
        "What each connected platform can do, when, and how well it can be taken back.",
        {200: (answers.Capabilities,)},
    ),
    Endpoint(
        "GET",
        "/health",
        "health",
        "health",
        "",
        "Whether the process is up.",
        {200: (answers.State,)},
    ),
    Endpoint(
        "GET",
        "/ready",
        "ready",
        "ready",
        "",
        "Whether events would be taken now, and what they lead to would be sent.",
        {200: (answers.State,), 503: (answers.State,)},
    ),
    Endpoint("GET", "/metrics", "metrics", "metrics", "", "Figures for Prometheus.", {200: (str,)}),
    Endpoint(
        "GET",
        "/openapi.json",
        "openapi",
        "document",
        "",
        "This description.",
        {200: (dict[str, Any],)},
    ),
)
NAMES: Mapping[str, str] = {each.path: each.name for each in ENDPOINTS}

_WORDS = {
    200: "Done.",
    400: "The request cannot be read.",
    401: "No key that is known here.",
    403: "The key may not do this.",
    404: "There is no such thing.",
    409: "An event with this source and id is there already, with other content.",
    413: "Too long.",
    415: "Content of this type or encoding is not taken.",
    422: "The content is not what it should be.",
    503: "Not now; nothing of this request is acknowledged. Send it again.",
}


def allowed(name: str) -> str:
    """The methods that an endpoint takes, as the header `Allow` lists them."""
    methods = [each.method for each in ENDPOINTS if each.name == name]
    return ", ".join([*methods, "HEAD"] if "GET" in methods else methods)


def document() -> dict[str, Any]:
    """The OpenAPI document."""
    types = [
        type_
        for each in ENDPOINTS
        for type_ in (*each.takes.values(), *chain(*each.gives.values()), answers.Refused)
    ]
    schemas, components = msgspec.json.schema_components(
        types, ref_template="#/components/schemas/{name}"
    )
    known = {repr(type_): schema for type_, schema in zip(types, schemas, strict=True)}
    _complete(components)
    paths: dict[str, dict[str, Any]] = {}
    for each in ENDPOINTS:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, known)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Ombud",
            "version": metadata.version("ombud"),
            "description": "Events in, verdicts out; every restriction comes with its reasons.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _complete(components: dict[str, Any]) -> None:
    """What the types leave to the decoder's own checks."""
    components["Event"]["properties"]["type"]["enum"] = list(KIND_OF_TYPE)


def _operation(endpoint: Endpoint, known: Mapping[str, Any]) -> dict[str, Any]:
    responses = {
        str(status): _response(status, types, known) for status, types in endpoint.gives.items()
    }
    error = {"application/json": {"schema": known[repr(answers.Refused)]}}
    for status in sorted(endpoint.errors):
        responses[str(status)] = {"description": _WORDS[status], "content": error}
    found: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "responses": responses,
    }
    if endpoint.door:
        found["security"] = [{"key": []}]
        found["description"] = f"Needs a key with the door `{endpoint.door}`."
    if endpoint.parameters:
        found["parameters"] = [_parameter(each) for each in endpoint.parameters]
    if endpoint.takes:
        found["requestBody"] = {
            "required": True,
            "content": {
                type_: {"schema": _content(type_, known[repr(taken)])}
                for type_, taken in endpoint.takes.items()
            },
        }
    return found


def _response(status: int, types: tuple[Any, ...], known: Mapping[str, Any]) -> dict[str, Any]:
    found = [known[repr(type_)] for type_ in types]
    schema = found[0] if len(found) == 1 else {"anyOf": found}
    content = {TEXT if types == (str,) else JSON: {"schema": schema}}
    return {"description": _WORDS[status], "content": content}


def _content(type_: str, schema: Any) -> Any:
    if type_ == BATCH:
        return {**schema, "maxItems": BATCH_MAX}
    if type_ == LINES:
        return {**schema, "description": "One event a line."}
    return schema


def _parameter(parameter: Parameter) -> dict[str, Any]:
    needed = parameter.name != "hook"
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": needed,
        "description": parameter.meaning,
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    }
