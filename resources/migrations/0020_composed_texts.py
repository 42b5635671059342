"""Texts that stand decomposed (NFD) or with invisible characters are written as new ones are; tags that were twins become one."""

from django.db import migrations, models
from django.db.models import F

from resources.text import composed, fold, one_line, sort_key

LEFT_ALONE = {"pagetext", "searchdoc", "term", "termkey"}  # written from files by the index
ADDRESSES = {"slug", "path", "file_name", "folded"}  # of what is public: they never change


def compose(apps, schema_editor):
    """Compose every text, then merge tags; the entries of what changed wait for `reindex`."""
    rows_of = {
        model: _compose_rows(model) for model in apps.get_app_config("resources").get_models()
    }
    Resource, Tag, ResourceTag = (
        apps.get_model("resources", n) for n in ("Resource", "Tag", "ResourceTag")
    )
    touched = set()
    for model, rows in rows_of.items():
        name = model._meta.model_name
        if name == "resource" or Resource in model._meta.get_parent_list():
            touched |= rows
        elif name == "organization":
            touched |= set(Resource.objects.filter(issuer__in=rows).values_list("pk", flat=True))
    for pk, title in Resource.objects.filter(pk__in=touched).values_list("pk", "title"):
        Resource.objects.filter(pk=pk).update(sort_title=sort_key(title))
    touched |= _merge_tags(apps, rows_of[Tag])
    touched |= _merge_issuers(apps)
    touched |= set(
        ResourceTag.objects.filter(tag__in=rows_of[Tag]).values_list("content_object", flat=True)
    )
    apps.get_model("resources", "SearchDoc").objects.filter(pk__in=touched).update(analyzer=0)
    if any(rows_of.values()) or touched:
        apps.get_model("resources", "Portal").objects.update(
            content_version=F("content_version") + 1
        )


def _compose_rows(model):
    """Compose the text columns of a model; return the ids of the rows that changed."""
    columns = [
        field
        for field in model._meta.local_fields
        if isinstance(field, (models.CharField, models.TextField)) and field.name not in ADDRESSES
    ]
    if not columns or model._meta.model_name in LEFT_ALONE:
        return set()
    changed = set()
    names = [field.name for field in columns]
    for pk, *texts in model.objects.order_by("pk").values_list("pk", *names).iterator():
        values = {}
        for field, text in zip(columns, texts):
            plain = _plain(field, text)
            if plain != text and not (
                field.unique and model.objects.filter(**{field.name: plain}).exists()
            ):
                values[field.name] = plain
        if values:
            model.objects.filter(pk=pk).update(**values)
            changed.add(pk)
    return changed


def _plain(field, text):
    if not isinstance(text, str):
        return text
    return one_line(text) if isinstance(field, models.CharField) else composed(text)


def _merge_tags(apps, changed):
    """Keep the oldest of tags that have the same name now; return the resources that carried another."""
    Tag, ResourceTag, FormerAddress = (
        apps.get_model("resources", name) for name in ("Tag", "ResourceTag", "FormerAddress")
    )
    kept, carriers = {}, set()
    for tag in Tag.objects.order_by("pk"):
        key = fold(one_line(tag.name))
        if key not in kept:
            kept[key] = tag
            continue
        keeper = kept[key]
        for row in ResourceTag.objects.filter(tag=tag):
            carriers.add(row.content_object_id)
            if ResourceTag.objects.filter(
                tag=keeper, content_object=row.content_object_id
            ).exists():
                row.delete()
            else:
                ResourceTag.objects.filter(pk=row.pk).update(tag=keeper)
        FormerAddress.objects.update_or_create(
            path=f"etiquetas/{tag.slug}",
            defaults={
                "resource": None,
                "title": one_line(tag.name),
                "reason": f"La etiqueta se unió a «{keeper.name}»: /etiquetas/{keeper.slug}/",
            },
        )
        Tag.objects.filter(pk=tag.pk).delete()
    for key, tag in kept.items():
        name = one_line(tag.name)  # a twin may have had it until now
        if (tag.folded, tag.name) != (key, name):
            Tag.objects.filter(pk=tag.pk).update(folded=key, name=name)
            carriers.update(
                ResourceTag.objects.filter(tag=tag).values_list("content_object", flat=True)
            )
    return carriers


def _merge_issuers(apps):
    """Keep the oldest of issuers that have the same name now; return the resources of the others."""
    Resource, Organization = (
        apps.get_model("resources", name) for name in ("Resource", "Organization")
    )
    kept, moved = {}, set()
    for row in Organization.objects.order_by("pk"):
        name = one_line(row.name)
        keeper = kept.setdefault(name, row)
        if keeper is not row:
            theirs = Resource.objects.filter(issuer=row)
            moved |= set(theirs.values_list("pk", flat=True))
            theirs.update(issuer=keeper)
            row.delete()
    for name, row in kept.items():
        if row.name != name:
            Organization.objects.filter(pk=row.pk).update(name=name)
            moved |= set(Resource.objects.filter(issuer=row).values_list("pk", flat=True))
    return moved


class Migration(migrations.Migration):
    dependencies = [
        ("resources", "0019_awaits_clock"),
    ]

    operations = [migrations.RunPython(compose, migrations.RunPython.noop)]
