"""Memoised addresses are Django's own."""

import pytest
from django import urls
from django.urls import NoReverseMatch

from resources.addresses import reverse


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("home", []),
        ("resource", ["guia-de-agua"]),
        ("file", ["guia", "guia-2024.pdf"]),
        ("preview-file", ["guia", "a:b{0}", "guia.pdf"]),
        ("file-version", ["guia", 3, "guia.pdf"]),
        ("section-pack", ["guias"]),
    ],
)
def test_an_address_is_the_one_that_django_makes(name, args):
    for _ in range(2):
        assert reverse(name, args=args) == urls.reverse(name, args=args)


def test_the_prefix_of_the_site_is_part_of_each_address():
    plain = reverse("resource", args=["guia"])
    urls.set_script_prefix("/portal/")
    try:
        assert reverse("resource", args=["guia"]) == f"/portal{plain}"
    finally:
        urls.clear_script_prefix()


def test_a_page_that_does_not_exist_has_no_address():
    with pytest.raises(NoReverseMatch):
        reverse("no-such-page")
