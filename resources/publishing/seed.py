"""The seed: reads `fixtures/catalogue.toml` and fills an empty catalogue with it, through the same doors as the desk."""

import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files import File
from django.db import connection, transaction
from django.utils import timezone

from resources.models import (
    CatalogueImport,
    Edit,
    FormerAddress,
    LegalRelation,
    Organization,
    Page,
    Portal,
    Resource,
    ResourceFile,
    Section,
    Tag,
)
from resources.publishing.covers import make_renditions
from resources.publishing.emptying import delete_for_good
from resources.publishing.files import examine, store_version
from resources.publishing.indexing import indexed_once
from resources.publishing.packs import drop_all
from resources.publishing.workflow import publish

APART = {"section", "kind", "tags", "issuer", "files", "relations", "cover", "text_alternative"}


def is_empty() -> bool:
    """Tell whether the catalogue holds nothing yet, the bin included."""
    return not (Resource.objects.exists() or Section.objects.exists())


def is_untouched() -> bool:
    """Tell whether the catalogue was never filled: the sample, and whoever empties it, leave the portal with a name."""
    return is_empty() and Portal.load().name == Portal().name


@transaction.atomic
def clear() -> None:
    """Delete the whole catalogue, with its files, history and former addresses. The portal's texts and the accounts stay.

    What was put aside goes when it is due.
    """
    drop_all()
    for resource in Resource.objects.with_kind():
        delete_for_good(resource.specific)
    for model in (Section, Tag, Organization, Page, FormerAddress, CatalogueImport, Edit):
        model.objects.all().delete()


def plant(say: Callable[[str], None], root: Path | None = None) -> int:
    """Fill the catalogue from the fixtures at `root` in one transaction; return how many resources it has now."""
    root = root or settings.FIXTURES_ROOT
    data = tomllib.loads((root / "catalogue.toml").read_text("utf-8"))
    with transaction.atomic():
        portal, new = Portal.load(), Portal()
        said = {
            name: text
            for name, text in data["portal"].items()
            if getattr(portal, name) == getattr(new, name)
        }  # what somebody wrote stays
        Portal.objects.filter(pk=1).update(**said)
        for page in data["pages"]:
            Page.objects.get_or_create(
                slug=page["slug"],
                defaults={"title": page["title"], "body": (root / page["file"]).read_text("utf-8")},
            )
        organizations = {
            row["name"]: Organization.objects.create(**row) for row in data["organizations"]
        }
        sections = {
            row["slug"]: Section.objects.create(position=n * 10, **row)
            for n, row in enumerate(data["sections"], 1)
        }
        planted = []
        for n, row in enumerate(data["resources"], 1):
            say(f"{n}/{len(data['resources'])} {row['title'][:70]}")
            issuer = organizations.get(row.get("issuer"))
            planted.append(_plant_resource(row, root, sections[row["section"]], issuer, n * 10))
        _publish(planted)
        _tell_the_planner()
    return Resource.objects.count()


def _tell_the_planner() -> None:
    """Have PostgreSQL count what it was given: until it does by itself, it reads whole tables to correct a word."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@indexed_once()
def _plant_resource(
    row: dict, root: Path, section: Section, issuer: Organization | None, position: int
) -> Resource:
    model = apps.get_model("resources", row["kind"])
    values: dict[str, Any] = {key: value for key, value in row.items() if key not in APART}
    if "text_alternative" in row:
        values["text_alternative"] = (root / row["text_alternative"]).read_text("utf-8")
    resource = model(section=section, issuer=issuer, position=position, **values)
    resource.full_clean(exclude=["slug", "sort_title", "cover"])
    resource.save()
    resource.tags.add(*row["tags"])
    for n, file in enumerate(row.get("files", ()), 1):
        _plant_file(resource, file, root, n * 10)
    if "cover" in row:
        with (root / row["cover"]).open("rb") as stream:
            resource.cover.save(Path(row["cover"]).name, File(stream))
        make_renditions.enqueue(resource.pk)
    for relation in row.get("relations", ()):
        _plant_relation(resource, relation)
    return resource


@indexed_once()
def _publish(planted: Iterable[Resource]) -> None:
    """Publish all at one instant: none is newer than another, so the news have them in the order of the pages."""
    now = timezone.now()
    for resource in planted:
        publish(type(resource).objects.get(pk=resource.pk), at=now)


def _plant_file(resource: Resource, file: dict, root: Path, position: int) -> None:
    slot = ResourceFile(
        resource=resource,
        role=file["role"],
        label=file["label"],
        accessible=file["accessible"],
        file_name=file["file_name"],
        position=position,
    )
    path = root / file["path"]
    with examine(path, path.name) as examined:
        store_version(slot, examined, change_note=file["change_note"], is_sample=file["is_sample"])


def _plant_relation(resource: Resource, relation: dict) -> None:
    here, there = (
        ("target", "source") if relation["direction"] == "incoming" else ("source", "target")
    )
    stored = LegalRelation(
        verb=relation["verb"],
        happened_on=relation.get("happened_on"),
        **{
            here: resource,
            f"{there}_citation": relation["citation"],
            f"{there}_url": relation["url"],
        },
    )
    stored.full_clean()
    stored.save()
