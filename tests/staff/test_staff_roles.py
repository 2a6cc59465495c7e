"""Who may do what: the table, its narrowing, and the people there are after each change."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.errors import BadUse
from ombud.rules.vocabulary import ACTIONS
from ombud.staff import roles
from ombud.staff.roles import PERMISSIONS, ROLES, Member, changed, checked, may


def test_the_roles_are_those_of_the_design() -> None:
    """Five roles; each grants only what the table of permissions has, and nothing is for nobody."""
    assert list(ROLES) == ["admin", "author", "reviewer", "appeals reviewer", "auditor"]
    assert set().union(*ROLES.values()) == set(PERMISSIONS)


def test_who_judges_neither_runs_the_house_nor_looks_on() -> None:
    """Staff, keys, erasure and demands are the admin's alone; an auditor decides nothing, and
    nobody but the auditor looks at who did what.
    """
    for permission in ("staff", "keys", "erasure", "demands"):
        assert roles.who_may(permission) == ("admin",)
        assert PERMISSIONS[permission].fresh
    assert PERMISSIONS["bulk"].fresh
    assert ROLES["auditor"] == {"members", "quality", "records"}
    assert roles.who_may("records") == ("auditor",)
    assert not ROLES["reviewer"] & {"appeals", "rules", "approval"}
    assert not ROLES["appeals reviewer"] & {"cases", "bulk"}


def test_a_suspended_or_unknown_person_may_do_nothing() -> None:
    """Whatever their roles are; and a role that nobody knows grants nothing."""
    for permission in PERMISSIONS:
        assert not may(None, permission)
        assert not may(Member(tuple(ROLES), suspended=True), permission)
        assert not may(Member(("owner",)), permission)
        assert may(Member(tuple(ROLES)), permission)


def test_narrowing_holds_for_what_can_be_narrowed() -> None:
    """A reviewer of one queue and one action decides there and so, and lists are theirs as ever."""
    one = checked(["reviewer"], ["spam"], ["hold"])
    assert may(one, "cases")
    assert may(one, "cases", queue="spam", action="hold")
    assert not may(one, "cases", queue="raid", action="hold")
    assert not may(one, "cases", queue="spam", action="remove")
    assert not may(one, "bulk", queue="raid")
    assert may(one, "undo", queue="spam", action="hold")
    assert not may(one, "undo", queue="raid", action="hold")
    assert not may(one, "undo", action="remove")
    assert may(one, "lists", queue="raid", action="remove")
    assert may(checked(["reviewer"]), "cases", queue="raid", action="remove")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (([],), "U205"),
        ((["owner"],), "U204"),
        ((["x\0" * 10_000],), "U204"),
        ((["author"], ["spam"]), "U205"),  # there is nothing that a queue narrows
        ((["auditor"], [], ["hold"]), "U205"),
        ((["reviewer"], ["nul\0"]), "U205"),
        ((["reviewer"], [""]), "U205"),
        ((["reviewer"], ["q" * 101]), "U205"),
        ((["reviewer"], [str(each) for each in range(101)]), "U205"),
        ((["reviewer"], ["raid"], [], {"spam": "Spam"}), "U205"),
        ((["reviewer"], [], ["explode"]), "U205"),
    ],
)
def test_what_cannot_be_is_refused(given: Any, code: str) -> None:
    """No role, an unknown one, and narrowing where there is nothing to narrow."""
    with pytest.raises(BadUse) as caught:
        checked(*given)
    assert caught.value.code == code
    assert len(caught.value.message) < 400


def test_what_can_be_is_kept_in_the_tables_order() -> None:
    """Whatever order it was said in, and however often."""
    member = checked(["auditor", "admin", "auditor"])
    assert member == Member(("admin", "auditor"))
    assert checked(["reviewer"], ["b", "a", "b"], known_queues={"a": "", "b": ""}).queues == (
        "b",
        "a",
    )
    assert checked(["reviewer"], ["q" * 100], list(ACTIONS)).actions == tuple(ACTIONS)


def told(what: str, who: int, *given: str) -> dict[str, Any]:
    """A recorded change."""
    return {"what": what, "who": who, "by": 1, "roles": list(given), "queues": [], "actions": []}


def test_the_people_there_are_follow_from_the_changes() -> None:
    """Added, given roles while suspended, let in again, removed; nobody else is touched."""
    people: roles.Members = {}
    for change in (told("added", 1, "admin"), told("added", 2, "author"), told("suspended", 2)):
        people = changed(people, change)
    assert people == {1: Member(("admin",)), 2: Member(("author",), suspended=True)}
    people = changed(people, told("roles", 2, "reviewer"))
    assert people[2] == Member(("reviewer",), suspended=True)
    people = changed(people, told("restored", 2))
    assert people[2] == Member(("reviewer",))
    assert roles.rulers(people) == [1]
    assert changed(people, told("removed", 2)) == {1: Member(("admin",))}


def test_a_change_leaves_what_was_read_before_as_it_was() -> None:
    """Whoever reads on another thread sees the people before a change, or after it."""
    before = changed({}, told("added", 1, "admin"))
    kept = dict(before)
    changed(before, told("added", 2, "author"))
    changed(before, told("suspended", 1))
    assert before == kept


@given(
    st.sets(st.sampled_from(list(ROLES)), min_size=1),
    st.sampled_from(list(PERMISSIONS)),
    st.sets(st.sampled_from(["spam", "raid"])),
    st.sampled_from(["spam", "raid"]),
)
def test_more_roles_never_take_anything_away(
    given_roles: set[str], permission: str, queues: set[str], queue: str
) -> None:
    """What somebody may do with some roles they may do with all of them."""
    some = Member(tuple(given_roles), tuple(queues))
    every = Member(tuple(ROLES), tuple(queues))
    assert not may(some, permission, queue=queue) or may(every, permission, queue=queue)
