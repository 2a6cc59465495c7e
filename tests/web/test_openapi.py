"""The description of the API: whole, valid where it matters, and made from the real types."""

from __future__ import annotations

import inspect
import json
from typing import Any

import msgspec

from ombud.model import KIND_OF_TYPE, Event
from ombud.web import answers, openapi
from ombud.web.api import Api

DOCUMENT: dict[str, Any] = json.loads(msgspec.json.encode(openapi.document()))
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]


def references(node: Any) -> list[str]:
    """Every reference in a document."""
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for each in node.values() for found in references(each)]
    return [found for each in node for found in references(each)] if isinstance(node, list) else []


def test_every_endpoint_has_its_method() -> None:
    """The table names methods of `Api` that take one exchange, and no path has two names."""
    for each in openapi.ENDPOINTS:
        assert inspect.iscoroutinefunction(getattr(Api, each.does))
        assert openapi.NAMES[each.path] == each.name
        assert each.method.lower() in DOCUMENT["paths"][each.path]
    assert len({(each.path, each.method) for each in openapi.ENDPOINTS}) == len(openapi.ENDPOINTS)


def test_every_reference_leads_somewhere() -> None:
    """No schema is missing, and none is there for nothing."""
    found = set(references(DOCUMENT))
    assert found == {f"#/components/schemas/{name}" for name in SCHEMAS}


def test_schemas_are_those_of_the_types() -> None:
    """Every field and bound of an event and of an answer stands in its schema."""
    assert set(SCHEMAS["Event"]["properties"]) == set(Event.__struct_fields__)
    assert SCHEMAS["Event"]["required"] == ["id", "source", "type", "time"]
    assert SCHEMAS["Event"]["properties"]["id"] == {
        "type": "string",
        "minLength": 1,
        "maxLength": 255,
    }
    assert SCHEMAS["Event"]["properties"]["type"]["enum"] == list(KIND_OF_TYPE)
    for type_ in (answers.Judged, answers.Item, answers.Batch, answers.Checked, answers.Problem):
        assert set(SCHEMAS[type_.__name__]["properties"]) == set(type_.__struct_fields__)
    assert set(SCHEMAS["Checked"]["properties"]["action"]["enum"]) == {"allow", "hold", "refuse"}


def test_doors_need_a_key() -> None:
    """What is under /v1 or for a homeserver needs a key and can be refused; nothing else does."""
    for path, methods in DOCUMENT["paths"].items():
        for operation in methods.values():
            guarded = path.startswith(("/v1/", "/_matrix/"))
            assert ("security" in operation) == guarded
            assert ({"401", "403", "503"} <= set(operation["responses"])) == guarded


def test_errors_have_one_shape() -> None:
    """Each status of 400 and above but "not ready" is described as the one shape of errors."""
    for path, methods in DOCUMENT["paths"].items():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400 and path != "/ready":
                    schema = response["content"]["application/json"]["schema"]
                    assert schema == {"$ref": "#/components/schemas/Refused"}


def test_what_events_take() -> None:
    """One, an array of at most 1,000, or lines; one of several answers."""
    taken = DOCUMENT["paths"]["/v1/events"]["post"]["requestBody"]["content"]
    assert set(taken) == {
        "application/json",
        "application/cloudevents+json",
        "application/cloudevents-batch+json",
        "application/x-ndjson",
    }
    assert taken["application/cloudevents-batch+json"]["schema"]["maxItems"] == 1000
    given = DOCUMENT["paths"]["/v1/events"]["post"]["responses"]["200"]["content"]
    assert given["application/json"]["schema"] == {
        "anyOf": [{"$ref": "#/components/schemas/Judged"}, {"$ref": "#/components/schemas/Batch"}]
    }
    metrics = DOCUMENT["paths"]["/metrics"]["get"]["responses"]["200"]["content"]
    assert metrics == {"text/plain": {"schema": {"type": "string"}}}


def test_allowed_methods() -> None:
    """Whoever may GET may ask for the head."""
    assert openapi.allowed("events") == "POST"
    assert openapi.allowed("ready") == "GET, HEAD"
