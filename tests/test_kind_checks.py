"""A kind that is not finished is named by a system check with each place that does not know it, before a page fails."""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.checks import run_checks
from django.db import models

from portal import kind_checks, manual
from resources.checks import kinds_are_child_models
from resources.kinds.video import Video
from resources.models import Resource
from resources.models.choices import KIND_SLUGS

KINDS = sorted(Resource.Kind.values)
REGISTRIES = [*kind_checks.REGISTRIES, kind_checks.Registry("portal.manual", "HELP_CHAPTERS")]


def told() -> list[str]:
    return [found.msg for found in kind_checks.kinds_are_finished(None)]


def test_the_kinds_of_this_site_are_finished():
    assert told() == []
    assert kind_checks.kinds_are_finished(None) == []


def test_the_check_is_run_with_the_others(monkeypatch):
    monkeypatch.delitem(import_module("resources.opendata.citations").MEDIUM, "video")
    assert "portal.E010" in [found.id for found in run_checks()]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.name)
def test_a_kind_that_is_missing_at_one_place_is_named_with_that_place(monkeypatch, kind, registry):
    mapping = getattr(import_module(registry.module), registry.name)
    key = KIND_SLUGS[kind] if registry.by_slug else kind
    monkeypatch.delitem(mapping, f"resources_{kind}_" if registry.name == "HELP_CHAPTERS" else key)
    found = kind_checks.kinds_are_finished(None)
    about = [error for error in found if registry.place in error.msg]
    assert [(error.id, f"'{kind}'" in error.msg) for error in about] == [("portal.E010", True)]
    assert about[0].hint
    if registry.name != "KIND_SLUGS":  # the slug names the drawings too
        assert found == about


def test_a_kind_without_a_slug_breaks_no_import(monkeypatch):
    monkeypatch.delitem(KIND_SLUGS, "video")
    assert Resource.Kind.VIDEO.slug == "video"


def test_a_kind_without_a_form_a_template_a_chapter_or_a_drawing_is_named(monkeypatch):
    monkeypatch.delitem(admin.site._registry, Video)
    assert [found.id for found in kind_checks.kinds_are_finished(None)] == ["portal.E011"]
    monkeypatch.undo()
    monkeypatch.setitem(manual.HELP_CHAPTERS, "resources_video_", "publicar-nada")
    assert [found.id for found in kind_checks.kinds_are_finished(None)] == ["portal.E013"]
    monkeypatch.setitem(manual.HELP_CHAPTERS, "resources_video_", "publicar-un-video")
    is_file = Path.is_file
    monkeypatch.setattr(
        Path, "is_file", lambda path: not path.name.startswith("video-") and is_file(path)
    )
    found = kind_checks.kinds_are_finished(None)
    assert [error.id for error in found] == ["portal.E014"]
    assert "resources.weave" in found[0].hint


@pytest.fixture
def audio():
    """Register a kind at run time, of which nothing but its class is there."""
    before = dict(apps.all_models["resources"])
    meta = type("Meta", (), {"app_label": "resources", "verbose_name": "audio"})
    model = type("Audio", (Resource,), {"__module__": "resources.kinds.document", "Meta": meta})
    yield model
    apps.all_models["resources"].clear()
    apps.all_models["resources"].update(before)
    delattr(Resource, "audio")
    apps.clear_cache()


def test_a_new_class_alone_is_told_everything_that_it_lacks(audio):
    assert issubclass(audio, models.Model)
    found = kind_checks.kinds_are_finished(None)
    assert {error.id for error in found} == {f"portal.E01{n}" for n in (0, 1, 2, 4, 5)}
    for registry in REGISTRIES:
        assert any(registry.place in error.msg for error in found), registry
    for place in ("icons.svg", "placeholder-covers", "site.css", "desk.css", "audio_detail.html"):
        assert any(place in error.msg for error in found), place
    assert all("'audio'" in error.msg and error.hint for error in found)
    assert "'audio'" in kinds_are_child_models(None)[0].msg
