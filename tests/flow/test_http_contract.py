"""The API keeps to its own description, whatever is sent: schemathesis against a real server.

It makes requests from the OpenAPI document, good ones and bad ones, and looks at every answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case, CheckFunction, GenerationMode
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from ombud.web import openapi
from web.asked import KEY
from web.served import Served, serving

SCHEMA = schemathesis.openapi.from_dict(openapi.document())
BOUNDED = settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)


@schemathesis.serializer("application/x-ndjson")
def as_lines(ctx: object, value: Any) -> bytes:  # noqa: ARG001
    """Lines as they come, whatever they are."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose key speaks for everything on chat."""
    with serving(tmp_path_factory.mktemp("contract") / "data") as found:
        yield found


# What the document cannot say: characters, years, and what is there already or is not.
UNSAID = {"E006", "E008", "E009", "E020", "U047", "U051", "U055", "U482"}
# Of several events a bad one is refused alone, within an answer of 200.
SEVERAL = {openapi.BATCH, openapi.LINES}


def steer(case: Case[Any]) -> None:
    """Let a request come from a source that the key speaks for, so that good ones are taken."""
    for each in case.body if isinstance(case.body, list) else [case.body]:
        if isinstance(each, dict):
            source = each.get("source")
            if isinstance(source, str) and 0 < len(source) < 250:
                each["source"] = f"chat/{source}"


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@SCHEMA.parametrize()
@BOUNDED
def test_every_answer_is_as_described(case: Case[Any], served: Served) -> None:
    """No fault whatever is sent; status, type and body as described; the good is taken."""
    steer(case)
    headers = {"Authorization": f"Bearer {KEY}"}
    told = case.call(base_url=served.address, headers=headers, timeout=60)
    excluded: list[CheckFunction] = [positive_data_acceptance]
    if case.media_type in SEVERAL:
        excluded.append(negative_data_rejection)
    case.validate_response(told, headers=headers, excluded_checks=excluded)
    good = case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE
    if good and told.status_code >= 400 and case.method.upper() == case.operation.method.upper():
        assert json.loads(told.content)["error"]["code"] in UNSAID, told.content
