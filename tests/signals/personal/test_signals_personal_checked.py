"""Numbers that check themselves: published examples pass, one changed digit does not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.signals.personal import checked

# Test numbers that card networks publish for developers.
CARDS = [
    "4012888888881881",
    "4222222222222",
    "5105105105105100",
    "2223003122003222",
    "378282246310005",
    "371449635398431",
    "6011000990139424",
    "30569309025904",
    "38520000023237",
    "3530111333300000",
    "3566002020360505",
]
# Examples of the IBAN registry.
IBANS = [
    "GB82WEST12345698765432",
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
    "NL91ABNA0417164300",
    "CH9300762011623852957",
    "NO9386011117947",
    "BE68539007547034",
    "SA0380000000608010167519",
    "IT60X0542811101000000123456",
    "MT84MALT011000012345MTLCAST001S",
]


@pytest.mark.parametrize("number", CARDS)
def test_published_card_numbers_pass(number: str) -> None:
    """Each network's own example is a card, and with its last digit changed none."""
    assert len(set(number)) < 3 or checked.card(number)  # of two digits only: made up
    for other in "0123456789".replace(number[-1], ""):
        assert not checked.card(number[:-1] + other)


@pytest.mark.parametrize(
    "number",
    [
        "0000000000000000",
        "4444444444444448",
        "9999999999999995",
        "1234567812345670",
        "401288888888188",
        "7992739871300000",
    ],
)
def test_numbers_of_no_network_are_no_cards(number: str) -> None:
    """The check digit alone makes no card: prefix and length must fit."""
    assert not checked.card(number)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789", min_size=1, max_size=25))
def test_luhn_finds_every_single_changed_digit(digits: str) -> None:
    """Exactly one last digit fits, and a change of one digit is always seen."""
    fitting = [each for each in "0123456789" if checked.luhn(digits + each)]
    assert len(fitting) == 1
    whole = digits + fitting[0]
    changed = str((int(whole[0]) + 1) % 10) + whole[1:]
    assert not checked.luhn(changed)


@pytest.mark.parametrize("number", IBANS)
def test_ibans_of_the_registry_pass(number: str) -> None:
    """The registry's examples pass in both cases, in groups or not; a changed one does not."""
    groups = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    for written in (number, groups, groups.lower(), groups.replace(" ", "-")):
        assert checked.iban(f"{written} thanks", 0) == len(written)
    changed = number[:-1] + str((int(number[-1], 36) + 1) % 10)
    assert checked.iban(changed, 0) is None
    assert checked.iban(number[:-1], 0) is None
    assert checked.iban(number + "7", 0) is None


def test_unknown_countries_have_no_ibans() -> None:
    """The length is known by country; a country without IBANs has none."""
    assert checked.iban("XX89370400440532013000", 0) is None
    assert checked.iban("DE89  370400440532013000", 0) is None


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("079201012345", True),
        ("001099123456", True),
        ("096340000019", True),
        ("097201012345", False),  # no such province
        ("079401012345", False),  # born after 2100
        ("079299012345", False),  # born in 2099
        ("079201000000", False),  # a round number
        ("07920101234", False),
        ("003201012345", False),
    ],
)
def test_vietnamese_identity_numbers(number: str, valid: bool) -> None:
    """Province, century and year must be possible."""
    assert checked.vietnamese_identity(number) is valid


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("123456789", True),
        ("000456789", False),
        ("666456789", False),
        ("900456789", False),
        ("123006789", False),
        ("123450000", False),
    ],
)
def test_social_security_numbers(number: str, valid: bool) -> None:
    """Areas and parts that are never given are none."""
    assert checked.social_security(number) is valid
