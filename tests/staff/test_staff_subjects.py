"""What a provider calls people: one subject is one person, and it goes with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.small_community import NOW
from ombud.staff.credentials import ABSOLUTE, IDLE, Credentials
from ombud.staff.subjects import Subjects
from ombud.store.keyfile import KeyFile

ISSUER, OTHER = "https://login.example", "https://other.example"


@pytest.fixture
def credentials(tmp_path: Path) -> Iterator[Credentials]:
    """Two people, 1 and 2."""
    path = tmp_path / "ombud.keys"
    KeyFile(path).close()
    opened = Credentials(path)
    opened.add(1, "Ana")
    opened.add(2, "Bình")
    yield opened
    opened.close()


def test_one_subject_is_one_person(credentials: Credentials) -> None:
    """Of one provider; the same word from another is somebody else."""
    subjects = Subjects(credentials)
    assert subjects.bind(1, ISSUER, "x", NOW)
    assert not subjects.bind(2, ISSUER, "x", NOW)
    assert subjects.bind(2, OTHER, "x", NOW)
    assert (subjects.whose(ISSUER, "x"), subjects.whose(OTHER, "x")) == (1, 2)
    assert subjects.whose(ISSUER, "y") is None
    assert (subjects.issuer(1), subjects.issuer(2)) == (ISSUER, OTHER)


def test_a_person_has_one_subject(credentials: Credentials) -> None:
    """Another one takes its place; who has no account has none."""
    subjects = Subjects(credentials)
    assert subjects.bind(1, ISSUER, "x", NOW)
    assert subjects.bind(1, ISSUER, "y", NOW)
    assert subjects.whose(ISSUER, "x") is None
    assert subjects.whose(ISSUER, "y") == 1
    assert not subjects.bind(3, ISSUER, "z", NOW)
    subjects.unbind(1)
    assert subjects.whose(ISSUER, "y") is None
    assert subjects.issuer(1) == ""


def test_it_goes_with_its_person(credentials: Credentials) -> None:
    """Who is removed and comes again comes without it."""
    subjects = Subjects(credentials)
    subjects.bind(1, ISSUER, "x", NOW)
    credentials.forget(1)
    credentials.add(1, "Ana")
    assert subjects.whose(ISSUER, "x") is None


def test_a_link_binds_once_and_ends_sessions(credentials: Credentials) -> None:
    """And only its own person."""
    subjects = Subjects(credentials)
    _, cookie = credentials.begin(1, "password", "Firefox", NOW)
    link, ends = credentials.make_link(1, NOW)
    assert not subjects.bind(2, ISSUER, "x", NOW, link=link)
    assert not subjects.bind(1, ISSUER, "x", ends, link=link)
    assert credentials.session(cookie, NOW) is not None
    assert subjects.bind(1, ISSUER, "x", NOW, link=link)
    assert credentials.session(cookie, NOW) is None
    assert not subjects.bind(1, ISSUER, "y", NOW, link=link)
    assert subjects.whose(ISSUER, "x") == 1


def test_a_session_is_found_by_its_id_until_it_is_over(credentials: Credentials) -> None:
    """Which opens nothing by itself."""
    subjects = Subjects(credentials)
    made, _ = credentials.begin(1, "password", "Firefox", NOW)
    assert subjects.session(made.id, NOW) == made
    assert subjects.session(made.id, NOW + IDLE) is None
    assert subjects.session(made.id, NOW + ABSOLUTE) is None
    assert subjects.session("ses_none", NOW) is None
    credentials.end(1, made.id)
    assert subjects.session(made.id, NOW) is None
