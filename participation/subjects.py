"""What a form is about: the public resource, and the file of it, that its address names."""

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
    """Return what `?recurso=<slug>` or `?archivo=<slug>/<file name>` names, as far as visitors may see it."""
    slug, _, file_name = normalise(params.get("archivo", "")).partition("/")
    asked = slug or normalise(params.get("recurso", ""))
    resource = Resource.objects.published().filter(slug=asked).first()
    if resource is None:
        return Subject()
    file = resource.files.filter(file_name=file_name).first() if file_name else None
    if file:
        file.resource = resource
    return Subject(resource, file)
