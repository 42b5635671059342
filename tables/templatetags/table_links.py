"""The way from a file to its table."""

from django import template

from resources.addresses import reverse
from resources.models import ResourceFile
from tables.models import TablePreview
from tables.reader import TABLE_TYPES

register = template.Library()


@register.simple_tag
def table_address(file: ResourceFile) -> str:
    """Return the address of the page that shows the current version of `file` as a table; "" where there is none."""
    version = file.current
    if version is None or version.media_type not in TABLE_TYPES or version.is_withheld:
        return ""
    if not TablePreview.objects.filter(version=version.pk, problem="").exists():
        return ""
    return reverse("table", args=[file.resource.slug, file.file_name])
