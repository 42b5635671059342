"""The seed: fill an empty catalogue from `fixtures/catalogue.toml`, by the same functions as the admin."""

import tomllib
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files import File
from django.db import connection, transaction
from django.utils import timezone

from resources.files.covers import make_renditions
from resources.files.ingest import Examined, examine
from resources.files.packs.builder import drop_all
from resources.files.versions import store_version
from resources.kinds.legislation.models import LegalRelation
from resources.models import (
    Organization,
    Page,
    PendingImport,
    Redirect,
    Resource,
    ResourceFile,
    Revision,
    Section,
    SiteSettings,
    Tag,
)
from resources.workflow.transitions import transition
from resources.workflow.trash import hard_delete
from search.index.writer import batch_index_updates

APART = {"section", "kind", "tags", "issuer", "files", "relations", "cover", "text_alternative"}


def is_empty() -> bool:
    """Return whether the catalogue is empty, the trash included."""
    return not (Resource.objects.exists() or Section.objects.exists())


def is_untouched() -> bool:
    """Return whether the catalogue was never filled: the sample, and an editor who empties it, leave information pages."""
    return (
        is_empty() and SiteSettings.load().name == SiteSettings().name and not Page.objects.exists()
    )


def clear() -> None:
    """Delete the whole catalogue, with its files, revisions and redirects. Site settings and accounts stay.

    Trashed files are erased when due. Each resource is a transaction: others may write in between.
    """
    drop_all()
    for resource in Resource.objects.with_kind():
        hard_delete(resource.specific)
    with transaction.atomic():
        for model in (Section, Tag, Organization, Page, Redirect, PendingImport, Revision):
            model.objects.all().delete()


def make_neutral(root: Path | None = None) -> None:
    """Replace the sample's texts: neutral site settings and information pages to start from.

    Texts that somebody has changed stay.
    """
    root = root or settings.FIXTURES_ROOT
    with transaction.atomic():
        _clear_sample_texts(root)
        for page in _catalogue(root)["pages"]:
            values = {"title": page["title"], "body": _neutral_body(page["slug"], root)}
            Page.objects.get_or_create(slug=page["slug"], defaults=values)


def _clear_sample_texts(root: Path) -> None:
    """Delete the sample's texts and pages where nobody has changed them."""
    sample, new, portal = _catalogue(root), SiteSettings(), SiteSettings.load()
    texts = {
        name: getattr(new, name)
        for name, text in sample["portal"].items()
        if getattr(portal, name) == text
    }
    SiteSettings.objects.filter(pk=1).update(**texts)
    for page in sample["pages"]:
        body = (root / page["file"]).read_text("utf-8")
        Page.objects.filter(slug=page["slug"], body=body).delete()


def _catalogue(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "catalogue.toml").read_text("utf-8"))


def _neutral_body(slug: str, root: Path) -> str:
    return (root / "neutral" / f"{slug}.md").read_text("utf-8")


def load_seed(say: Callable[[str], None], root: Path | None = None) -> int:
    """Fill the empty catalogue from the fixtures at `root`; return the number of resources.

    Each resource is a transaction, and its files are inspected before it begins, so that locks are short. After a failure or
    an interruption, the created rows are deleted.
    """
    root = root or settings.FIXTURES_ROOT
    data = _catalogue(root)
    with transaction.atomic():
        _set_texts(data, root)
        organizations = {
            row["name"]: Organization.objects.create(**row) for row in data["organizations"]
        }
        sections = {
            row["slug"]: Section.objects.create(position=n * 10, **row)
            for n, row in enumerate(data["sections"], 1)
        }
    planted: list[Resource] = []
    try:
        for n, row in enumerate(data["resources"], 1):
            say(f"{n}/{len(data['resources'])} {row['title'][:70]}")
            issuer = organizations.get(row.get("issuer"))
            planted.append(_create_resource(row, root, sections[row["section"]], issuer, n * 10))
        _publish(planted)
    except BaseException:
        _undo(planted, [*sections.values(), *organizations.values()], root)
        raise
    _analyze_tables()
    return Resource.objects.count()


def _set_texts(data: dict[str, Any], root: Path) -> None:
    """Set the site's texts and pages where nobody has written others."""
    portal, new = SiteSettings.load(), SiteSettings()
    said = {
        name: text
        for name, text in data["portal"].items()
        if getattr(portal, name) == getattr(new, name)
    }
    SiteSettings.objects.filter(pk=1).update(**said)
    for page in data["pages"]:
        slug, body = page["slug"], (root / page["file"]).read_text("utf-8")
        Page.objects.filter(slug=slug, body=_neutral_body(slug, root)).delete()
        Page.objects.get_or_create(slug=slug, defaults={"title": page["title"], "body": body})


def _undo(
    planted: Iterable[Resource], others: Iterable[Section | Organization], root: Path
) -> None:
    """Delete the rows of an interrupted seed, so that the next start begins again."""
    for resource in planted:
        hard_delete(type(resource).objects.get(pk=resource.pk))
    for row in others:
        row.delete()
    _clear_sample_texts(root)


def _analyze_tables() -> None:
    """Analyze PostgreSQL's tables, without which spell correction reads them whole until autovacuum."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _create_resource(
    row: dict, root: Path, section: Section, issuer: Organization | None, position: int
) -> Resource:
    """Inspect the files of one resource, then store it."""
    with ExitStack() as inspected:
        files = [
            (file, inspected.enter_context(examine(path, path.name)))
            for file in row.get("files", ())
            for path in [root / file["path"]]
        ]
        return _store(row, files, root, section=section, issuer=issuer, position=position)


@batch_index_updates()
def _store(row: dict, files: list[tuple[dict, Examined]], root: Path, **place: Any) -> Resource:
    model = apps.get_model("resources", row["kind"])
    values: dict[str, Any] = {key: value for key, value in row.items() if key not in APART}
    if "text_alternative" in row:
        values["text_alternative"] = (root / row["text_alternative"]).read_text("utf-8")
    resource = model(**place, **values)
    resource.full_clean(exclude=["slug", "sort_title", "cover"])
    resource.save()
    resource.tags.add(*row["tags"])
    for n, (file, examined) in enumerate(files, 1):
        _plant_file(resource, file, examined, n * 10)
    if "cover" in row:
        with (root / row["cover"]).open("rb") as stream:
            resource.cover.save(Path(row["cover"]).name, File(stream))
        make_renditions.enqueue(resource.pk)
    for relation in row.get("relations", ()):
        _plant_relation(resource, relation)
    return resource


def _publish(planted: Iterable[Resource]) -> None:
    """Publish all at one instant, so that the news list them in page order."""
    now = timezone.now()
    for resource in planted:
        with batch_index_updates():
            child = type(resource).objects.get(pk=resource.pk)
            transition(child, Revision.Action.PUBLISHED, actor=None, at=now, with_edit=True)


def _plant_file(resource: Resource, file: dict, examined: Examined, position: int) -> None:
    slot = ResourceFile(
        resource=resource,
        role=file["role"],
        label=file["label"],
        accessible=file["accessible"],
        file_name=file["file_name"],
        position=position,
    )
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
