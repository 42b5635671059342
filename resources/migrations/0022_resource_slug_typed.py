import re

from django.db import migrations, models
from django.utils.text import slugify

PROVISIONAL = "por-titular-"  # the address of a file that told no title: nobody types it


def mark_typed(apps, schema_editor):
    """Mark the addresses of drafts that are not made of their titles: someone typed them."""
    resource = apps.get_model("resources", "Resource")
    drafts = resource.objects.filter(status__in=["draft", "review"], published_at=None)
    typed = [
        pk
        for pk, title, slug in drafts.values_list("pk", "title", "slug")
        if not slug.startswith(PROVISIONAL) and not is_made_of(slug, title)
    ]
    for start in range(0, len(typed), 500):
        resource.objects.filter(pk__in=typed[start : start + 500]).update(slug_typed=True)


def is_made_of(slug, title):
    """Tell whether the title makes the address, with or without the number that keeps it apart."""
    made = (slugify(title)[:200].strip("-") or "recurso").replace("-", "")
    return made in (slug.replace("-", ""), re.sub(r"-\d{1,2}$", "", slug).replace("-", ""))


class Migration(migrations.Migration):
    dependencies = [("resources", "0021_link_silent_since")]

    operations = [
        migrations.AddField(
            model_name="resource",
            name="slug_typed",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AlterField(
            model_name="resource",
            name="slug",
            field=models.SlugField(
                blank=True,
                help_text="Vacía, se forma con el título y lo sigue hasta la primera publicación; escríbala solo si quiere otra. "
                "Si la cambia después de publicar, la anterior seguirá llevando aquí.",
                max_length=200,
                unique=True,
                verbose_name="dirección",
            ),
        ),
        migrations.RunPython(mark_typed, migrations.RunPython.noop),
    ]
