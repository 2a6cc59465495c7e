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


@pytest.mark.parametrize("text", ["0912345679 his " * 4_000, "a's " * 9_000 + "0912345679"])
def test_hostile_texts_end(text: str) -> None:
    """Only the words near a detail are read."""
    assert exposes(text) in (True, False)
