"""The public resource and file that the address of a form names."""

from dataclasses import dataclass

from django.http import QueryDict

from resources.models import Resource, ResourceFile
from search.query.parser import normalise


@dataclass(frozen=True)
class Subject:
    """A resource and perhaps one of its files; both may be missing."""

    resource: Resource | None = None
    file: ResourceFile | None = None


def subject_of(params: QueryDict) -> Subject:
    """Return the public subject of `?recurso=<slug>` or `?archivo=<slug>/<file name>`."""
    slug, _, file_name = normalise(params.get("archivo", "")).partition("/")
    asked = slug or normalise(params.get("recurso", ""))
    resource = Resource.objects.published().filter(slug=asked).first()
    if resource is None:
        return Subject()
    file = resource.files.filter(file_name=file_name).first() if file_name else None
    if file:
        file.resource = resource
    return Subject(resource, file)
