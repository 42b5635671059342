"""Download of a video's transcript as plain text."""

from django.http import Http404, HttpResponse

from resources.current_site import SiteRequest
from resources.files.transcripts import captions_of, passages_of, transcript_as_text
from resources.http_caching import public_page
from resources.kinds.video import Video
from resources.models import Resource
from resources.templatetags.formats import absolute
from resources.views.access import resource_view


@public_page
@resource_view
def as_text(request: SiteRequest, resource: Resource) -> HttpResponse:
    """Serve the transcript of a video: the one that an editor wrote, or the text of its captions with their times."""
    written, passages = "", []
    if isinstance(resource, Video):
        written = resource.transcript
        captions = captions_of(resource, list(resource.files.select_related("current")))
        passages = passages_of(captions) if captions else []
    if not written and not passages:
        raise Http404("Este recurso no tiene transcripción.")
    text = transcript_as_text(
        resource.title, absolute(resource.get_absolute_url()), written, passages
    )
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{resource.slug}-transcripcion.txt"'
    response["X-Robots-Tag"] = "noindex"
    return response
