"""A declaration of a kind that lacks something is named by a system check, before a page fails."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import models

from resources.checks import kinds_are_complete
from resources.kinds.video import SPEC as VIDEO
from resources.models import Resource
from resources.models.kind_spec import (
    KindField,
    KindSpec,
    all_kinds,
    kind_names,
    register,
    unregister,
)


def errors() -> list[tuple[str, str]]:
    return [(found.id, found.msg) for found in kinds_are_complete(None)]


@pytest.fixture
def declare() -> Iterator:
    """Register changed declarations; those of the site are back afterwards."""
    before = all_kinds()
    yield lambda spec, **values: register(replace(spec, **values))
    for spec in before:
        register(spec)


def test_the_kinds_of_this_site_are_complete():
    assert errors() == []
    assert kind_names() == ("infographic", "document", "legalinstrument", "video")


def test_the_check_runs_with_the_others(declare):
    declare(VIDEO, dc_type="")
    assert "resources.E002" in [found.id for found in run_checks()]


@pytest.mark.parametrize("name", KindSpec.REQUIRED)
@pytest.mark.parametrize("spec", all_kinds(), ids=lambda spec: spec.name)
def test_a_value_that_is_missing_is_named(declare, spec, name):
    declare(spec, **{name: None if name == "palette" else ""})
    found = kinds_are_complete(None)
    assert [(e.id, f"'{spec.name}'" in e.msg, f"`{name}`" in e.msg) for e in found] == [
        ("resources.E002", True, True)
    ]
    assert "docs/new-kind.md" in found[0].hint


@pytest.mark.parametrize(
    ("number", "word", "values"),
    [
        ("E003", "`colophon`", {"requirements": {"colophon": "Escríbalo."}}),
        ("E003", "`address`", {"address_field": "address"}),
        ("E003", "`genre`", {"type_field": "genre"}),
        ("E003", "`colour`", {"fields": (KindField("colour"),)}),
        ("E006", "«Publicar nada»", {"help_chapter": "Publicar nada"}),
        ("E008", "'documento'", {"slug": "documento"}),
        ("E008", "'edicion'", {"fields": (KindField("url", api="edicion"),)}),
    ],
)
def test_a_name_that_leads_nowhere_or_twice_is_an_error(declare, number, word, values):
    declare(VIDEO, **values)
    assert any(id == f"resources.{number}" and word in message for id, message in errors())


def test_a_missing_cover_is_named_with_the_command_that_draws_it(monkeypatch):
    is_file = Path.is_file
    monkeypatch.setattr(
        Path, "is_file", lambda path: not path.name.startswith("video-") and is_file(path)
    )
    (found,) = kinds_are_complete(None)
    assert found.id == "resources.E007"
    assert "fixtures.make.placeholder_covers" in found.hint


@pytest.fixture
def audio() -> Iterator[type[Resource]]:
    """Make a child model at run time, of which nothing but its class is there."""
    before = dict(apps.all_models["resources"])
    meta = type("Meta", (), {"app_label": "resources", "verbose_name": "audio"})
    model = type("Audio", (Resource,), {"__module__": __name__, "Meta": meta})
    yield model
    apps.all_models["resources"].clear()
    apps.all_models["resources"].update(before)
    delattr(Resource, "audio")
    apps.clear_cache()


def test_a_model_without_a_declaration_is_named(audio):
    assert issubclass(audio, models.Model)
    assert [id for id, _ in errors()] == ["resources.E001"]


def test_an_empty_declaration_is_told_everything_that_it_lacks(audio):
    spec = register(KindSpec(audio, slug="audio"))
    found = kinds_are_complete(None)
    unregister(spec)
    assert {e.id for e in found} == {
        "resources.E002",
        "resources.E004",
        "resources.E005",
        "resources.E007",
    }
    places = ("icons.svg", "placeholder-covers", "site.css", "desk.css", "audio_detail.html")
    for place in places:
        assert any(place in e.msg for e in found), place
    assert all("'audio'" in e.msg and e.hint for e in found)
