"""Permanent identifiers of resources, independent of addresses: tag URIs (RFC 4151) and the codes of short addresses."""

import datetime as dt

from django.conf import settings

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without 0, 1, i, l and o, which look alike on paper. Their number, 31, is prime: so every wrong letter is found."""


def resource_iri(pk: int, created: dt.datetime) -> str:
    """Return the permanent identifier of a resource, the same in Atom, DCAT and schema.org."""
    return f"tag:{settings.SITE_HOST},{created.year}:recurso-{pk}"


def short_code(pk: int) -> str:
    """Return the code of a resource's short address: its primary key in base 31, and a check letter.

    Made from the key, it needs no column and never collides. That codes can be counted gives nothing away: published
    resources are listed in the catalogue, and the code of a draft answers like one that nobody has. What matters is that
    a mistyped code leads nowhere instead of to another resource: the check letter finds any one wrong letter and any
    two neighbours in the wrong order.
    """
    digits = []
    while pk:
        pk, digit = divmod(pk, len(ALPHABET))
        digits.append(digit)
    check = -_weighted([0, *digits]) % len(ALPHABET)
    return "".join(ALPHABET[digit] for digit in reversed([check, *digits]))


def pk_of_code(code: str) -> int | None:
    """Return the primary key that `short_code` made `code` of, in letters of any case; None where it is no code."""
    code = code.lower()
    digits = [ALPHABET.find(letter) for letter in reversed(code)]
    if -1 in digits or _weighted(digits) % len(ALPHABET):
        return None
    pk = sum(digit * len(ALPHABET) ** place for place, digit in enumerate(digits[1:]))
    return pk if short_code(pk) == code else None  # one code each: no zeros before it


def _weighted(digits: list[int]) -> int:
    """Return the sum of `digits`, the check letter first, each weighted by its place."""
    return sum(weight * digit for weight, digit in enumerate(digits, 1))
