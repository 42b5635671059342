"""Addresses of the reading view: of the main file without its name, of others with it, of one version with its number."""

from urllib.parse import urlencode

from resources.addresses import reverse
from resources.models import FileVersion, Resource, ResourceFile


def reading_url(resource: Resource, version: FileVersion, *, is_permanent: bool = False) -> str:
    """Return the path at which `version` is read; `is_permanent` names its number even if it is the current one."""
    slot = version.file
    is_current = slot.current_id == version.pk
    number = [] if is_current and not is_permanent else [version.number]
    if is_main(resource, slot):
        name = "read-version" if number else "read"
        return reverse(name, [resource.slug, *number])
    name = "read-file-version" if number else "read-file"
    return reverse(name, [resource.slug, slot.file_name, *number])


def comparison_url(
    resource: Resource, slot: ResourceFile, older: FileVersion, newer: FileVersion
) -> str:
    """Return the path of the comparison of two versions of a file."""
    numbers = [older.number, newer.number]
    if is_main(resource, slot):
        return reverse("compare", [resource.slug, *numbers])
    return reverse("compare-file", [resource.slug, slot.file_name, *numbers])


def is_main(resource: Resource, slot: ResourceFile) -> bool:
    """Return whether the file is the one that `/leer/` shows."""
    return slot.current_id is not None and slot.current_id == resource.main_version_id


def page_url(address: str, part: int, page: int, parts: int) -> str:
    """Return the address of a page in a document of `parts` parts."""
    query = urlencode({"parte": part}) if parts > 1 and part > 1 else ""
    return f"{address}{'?' if query else ''}{query}#p{page}"
