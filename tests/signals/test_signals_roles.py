"""Words for roles, worn beside any name, and names that only come near them.

Against the shipped list of staff names, at what the sample rule asks.
"""

from __future__ import annotations

import functools
import importlib.resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.signals import lookalike, roles, views
from ombud.signals.lists import TermList
from ombud.signals.lists.names import Names

ASKED = 850  # as staff-lookalike.rule


@functools.cache
def shipped() -> TermList:
    source = importlib.resources.files("ombud").joinpath("samples/lists/staff-names.txt")
    lines = source.read_text("utf-8").splitlines()
    return TermList("staff names", tuple(each for each in lines if each and each[0] != "#"))


@pytest.mark.parametrize(
    "name",
    [
        "[MOD] Anna",
        "Anna [Admin]",
        "Anna - Moderator",
        "Anna | Mod",
        "Anna • quản trị viên",
        "Server Admin",
        "Discord Admin",
        "Ombud Support",
        "Trust & Safety",
        "Trust and Safety Team",
        "Hỗ Trợ Viên",
        "Hỗ trợ Riverbend",
        "Minh Hỗ Trợ",
        "Mod Anna",
        "Adm!n",
        "@dmin",
        "4dm1n",
        "$taff",
        "M0der@tor Anna",
        "xX_Admin_Xx",
        "xX_Mod_Xx",
        "xXAdminXx",
        "AnnaAdmin",
        "anna_mod_77",
        "anna.admin",
        "Admin™ Anna",
        "A.d.m.i.n Anna",
        "[Head Mod] Anna",
        "Support Team Anna",
        "Anna (Аdmin)",  # Cyrillic А
        "A\u200bdmin Anna",
        "Anna 🛡 Mod 🛡",
        "🇦🇩🇲🇮🇳 Anna",
        "\u202enimda",
        "Anna \u202edom\u202c",
        "Admin | fan mail",
        "Admin fan",
        "Admin, fan of the mods",
        "Fan | Admin",
        "Fan Admin",
        "Not banned | Admin",
        "Staff Anna",
        "Ombud Staff",
        "Quản trị Minh",
        "Moderator (parody filter)",
        "Quản trị viên fan",
    ],
)
def test_a_role_beside_any_name_is_wholly_alike(name: str) -> None:
    """In brackets, behind a sign, in a frame, with signs for letters, and with "fan" beside it."""
    assert shipped().resemblance(name) == 1000


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Quan Tri Vien Anna", lookalike.UNMARKED),
        ("Quan Tri Vien fan", lookalike.UNMARKED),
        ("ädmin Anna", lookalike.UNMARKED),
        ("Modrator", 900),
        ("Moderaotr", 900),
        ("Official Modrator", 855),
        ("Quãn trị viên", lookalike.REMARKED),
    ],
)
def test_a_role_written_otherwise_is_less_alike(name: str, expected: int) -> None:
    """Without its diacritics, with others, or with one letter amiss inside a long word."""
    assert shipped().resemblance(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        "Custom Er",
        "Moderato",
        "Moderata",
        "Admina",
        "Adminn Smith",
        "Support Group",
        "Support Mom",
        "Supporter",
        "Adminton Fan",
        "Modesty",
        "Amodeo",
        "Sport Moderna",
        "Moderna Support Group",
        "Mod Podge",
        "Staffan",
        "Staff Sergeant",
        "Team Rocket",
        "Quân Lý",
        "Quan Ly",
        "Quân Trí",
        "Quan Tri",
        "Nguyen Quan Tri",
        "Diệu Hạnh",
        "Dieu Hanh",
        "Trần Điều Hạnh",
        "Hồ Trọng",
        "Minh Anh",
        "\u202eanna",
        "fan of Anna",
        "fan of the moderators",
        "not an admin",
        "Tom Staff",
        "Nguyễn Quản Lý",
        "Nguyễn Quản Trị",
    ],
)
def test_an_honest_name_is_no_role(name: str) -> None:
    """Other words, everyday words that are no head of the name, and given names."""
    assert shipped().resemblance(name) < ASKED


def test_every_shipped_entry_is_a_role_and_looks_like_itself() -> None:
    """So none of them is held against names by what is left of it ("group" of "admin group")."""
    for entry in shipped().terms:
        assert roles.role(entry) is not None
        assert shipped().resemblance(entry) == 1000


@pytest.mark.parametrize("name", ["\xa8", "\xb4!", "\xb8", "\xa2"])
def test_a_name_of_which_little_is_left_is_no_role(name: str) -> None:
    """Signs that become marks alone: there is no first letter to compare."""
    assert shipped().resemblance(name) < ASKED


def test_only_roles_of_the_list_count() -> None:
    """A list of one moderator's name protects no admin, and an admin's list no moderator."""
    assert Names(["Riverside Captain"]).nearest("Anna [Admin]") == 0
    assert Names(["moderator"]).nearest("Anna [Admin]") == 0
    assert Names(["admin"]).nearest("Anna [Admin]") == 1000
    assert Names(["owner"]).nearest("Anna [Owner]") == 1000


def test_a_name_beside_a_role_is_a_name() -> None:
    """An entry with more than a role in it is somebody's, and its fans are let off."""
    assert roles.role("Ana Support") is None
    names = Names(["Ana Nguyen Pham Captain"])
    assert names.nearest("Ana Nguyen Pham Captain") == 1000
    assert names.nearest("fan of Ana Nguyen Pham Captain") == 0


def test_a_role_is_known_however_it_is_written() -> None:
    """Case, width, signs and missing diacritics; but a name of people needs its diacritics."""
    for term in ("Quản Trị Viên", "quan tri vien", "QUAN_TRI_VIEN"):
        found = roles.role(term)
        assert found is not None
        assert found.name == "quản trị viên"
    assert roles.role("Trust & Safety") == roles.role("trust and safety") is not None
    assert roles.role("quản lý") is not None
    assert roles.role("quan ly") is None
    assert roles.role("") is roles.role("★") is roles.role("admin" * 1000) is None


def test_a_hidden_role_protects_nobody() -> None:
    """Only once each entry that is it is hidden; the other roles still count."""
    names = Names(["Admin", "admin", "mod"])
    assert names.nearest("Anna [Admin]", names.hidden(["Admin"])) == 1000
    both = names.hidden(["Admin", "admin"])
    assert names.nearest("Anna [Admin]", both) == names.nearest("admin", both) == 0
    assert names.nearest("Anna [Mod]", both) == 1000
    assert names.nearest("Anna [Mod]", names.hidden(["staff", "Ana", "Admin"])) == 1000


def test_a_likeness_of_two_people_knows_no_roles() -> None:
    """Who resembles somebody called "Admin" is asked of their names, and fans stay fans."""
    assert lookalike.resemblance("Anna [Admin]", "Admin") < ASKED
    assert lookalike.resemblance("Admin fan", "Admin") == lookalike.DISCLOSED


@given(st.text(max_size=600))
def test_any_name_has_roles_of_the_table_only(name: str) -> None:
    """Whatever the text, and the same each time."""
    found = roles.worn(name)
    assert set(found) <= set(roles.phrases())
    assert set(found.values()) <= {1000, lookalike.UNMARKED}
    assert roles.worn(name) == found


@pytest.mark.parametrize(
    "name",
    [
        "\u0301" * 1_000_000,
        "a\u202e" * 500_000,
        "admin " * 100_000,
        "[" * 1_000_000,
        "x" * 1_000_000,
        "a " * 500_000,
        "[admin]" * 100_000,
    ],
)
def test_endless_names_are_looked_at_in_their_beginning(name: str) -> None:
    """At most 500 characters and WORDS_MAX words of them."""
    assert roles.worn(name) == roles.worn(name[: roles._NAME_MAX])


def test_each_role_is_told_apart_from_names_by_its_skeleton() -> None:
    """The table has no role twice, and none whose first word cannot be found."""
    names = [views.fold(each) for each in roles.phrases()]
    assert len(names) == len(set(names))
    assert all(roles.worn(name) for name in roles.phrases())
