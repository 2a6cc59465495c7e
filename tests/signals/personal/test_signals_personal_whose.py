"""Whose a detail is, by the words around it: doxxing, and the honest look-alikes of it."""

from __future__ import annotations

import pytest

from ombud.signals import views
from ombud.signals.personal import whose
from ombud.signals.personal.details import details


def exposes(text: str, *, addressed: bool = False) -> bool:
    """The answer as a signal gives it."""
    return whose.exposes(details(text, views.normalise(text)), addressed=addressed)


@pytest.mark.parametrize(
    "text",
    [
        "his number is 0912345679",
        "Her home address: 12 Maple Street",
        "she lives at 12 Maple Street",
        "everybody call him at 212-555-0123",
        "Tom's phone is 212-555-0123, have fun",
        "@ana's email: ana@shop.example",
        "dox: 12 Maple Street",
        "0912345679 that is her number",
        "this guy's card 4012 8888 8888 1881",
        "đây là sđt của nó: 0912345679",
        "số con Hoa 0912345679",
        "nó sống ở 12/5 đường Lê Lợi, quận 3",
        "gọi cho thằng Nam nè 0912 345 679",
        "địa chỉ nhà của hắn: số nhà 12 ngõ 5",
        "0912345679 là số của nó nhé",
        "stk cô ta 0123456789 vietcombank",
        "cccd của hắn 079201012345",
        "my friend has his number 0912345679",
        "call us names, but his number is 0912345679",
        "she works at the shop: her number is 0912345679",
        "he left the shop, his number is 0912345679",
    ],
)
def test_somebody_elses_data(text: str) -> None:
    """The words say whose it is: somebody who is not the writer."""
    assert exposes(text)


@pytest.mark.parametrize(
    "text",
    [
        "my number is 0912345679",
        "Call me: 212-555-0123",
        "our hotline 0912345679, call us",
        "contact support at 212-555-0123",
        "the shop's number is 212-555-0123",
        "her shop's number is 212-555-0123",
        "it's the number 0912345679",
        "liên hệ shop 0912345679",
        "mua hàng gọi em nhé 0912345679",
        "sđt của mình 0912345679",
        "0912345679 số em nha",
        "địa chỉ quán: 12 phố Huế, quận Hai Bà Trưng",
        "stk quyên góp cho bé 0123456789 vietcombank",
        "tổng đài của cô ấy làm việc: gọi tổng đài 0912345679",
        "tell her we moved: call our office 212-555-0123",
        "police station, 12 Maple Street",
        "call him names, then call our hotline 0912345679",
        "0912345679 (our office), his number is secret",
        "my brother's shop: his number is 0912345679",
        "her name is Ana",
        "his number plate is nice",
        "0912345679",
        "12 Maple Street, 4012 8888 8888 1881",
        "",
    ],
)
def test_ones_own_and_public_data(text: str) -> None:
    """One's own number, a shop, a hotline, a collection for somebody, and numbers without words."""
    assert not exposes(text)


@pytest.mark.parametrize(
    "text",
    [
        "your address is 12 Maple Street, right?",
        "I know you live at 12 Maple Street",
        "nhà mày ở 12/5 đường Lê Lợi, quận 3",
        "số mày 0912345679",
    ],
)
def test_the_person_answered_is_somebody_else(text: str) -> None:
    """ "Your address" exposes a person only where the post answers or mentions one."""
    assert exposes(text, addressed=True)
    assert not exposes(text)


def phones(text: str) -> int:
    """How many phone numbers count as private."""
    return whose.private(details(text, views.normalise(text))).count("phone")


@pytest.mark.parametrize(
    "text",
    [
        "Hotline 0912 345 678 shop em",
        "shop của mình: 0912 345 678",
        "our hotline 0912345679, call us",
        "it's our hotline: 0912345679 or 0351234567",
        "the shop's number is 212-555-0123",
        "Cửa hàng bên em, sđt 0912 345 679, zalo 0351234567 nhé",
        "mua hàng gọi em nhé 0912345679",
        "tổng đài 024 3825 1234",
        "0912345679 (our office)",
        "0912345679 shop của mình",
    ],
)
def test_a_number_of_a_business_is_nobodys(text: str) -> None:
    """One's own shop's and a hotline's, the word before or behind it."""
    assert details(text, views.normalise(text)).count("phone") >= 1
    assert phones(text) == 0


@pytest.mark.parametrize(
    "text",
    [
        "my number is 0912345679",
        "0912345679",
        "his office: 0912345679",
        "Tom's shop: 0912345679",
        "my brother's shop: his number is 0912345679",
        "her very old family shop 0912345679",
        "shop của nó: 0912345679",
        "0912345679 shop em ấy",
        "her number 0912345679 (our office)",
        "The shop was closed. Call Tom 0912345679",
        "hotline 1900 1234, Tom Ford 0912345679",
        "I met her in the shop yesterday 0912345679",
        "shopping 0912345679",
    ],
)
def test_a_business_that_is_only_mentioned_frees_no_number(text: str) -> None:
    """Nor one that is somebody else's: what is not said to be a business's own counts."""
    assert phones(text) == 1


def test_only_phone_numbers_are_a_businesss() -> None:
    """What else is written beside "hotline" counts, and the place of each detail stays."""
    text = "hotline 0912345679 4012 8888 8888 1881"
    found = details(text, views.normalise(text))
    assert [each.kind for each in whose.private(found).found] == ["card"]
    assert whose.private(found).text == found.text


@pytest.mark.parametrize(
    "text",
    ["0912345679 his " * 4_000, "a's " * 9_000 + "0912345679", "hotline 0912345679, " * 3_000],
)
def test_hostile_texts_end(text: str) -> None:
    """Only the words near a detail are read."""
    assert exposes(text) in (True, False)
    assert phones(text) in (0, 1)
