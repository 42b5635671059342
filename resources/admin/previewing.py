"""The page that gives out links to a draft, and takes them back."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from resources.admin.shortcuts import changeable, confirm
from resources.workflow.previews import DAYS, make_token, read_token, revoke_links


class LinkForm(forms.Form):
    """How long the link holds."""

    days = forms.TypedChoiceField(
        label="Hasta cuándo sirve",
        choices=[(n, "un día" if n == 1 else f"{n} días") for n in DAYS],
        coerce=int,
        initial=7,
    )


class PreviewMixin:
    """The desk of a kind, with the page of its drafts' links."""

    def get_urls(self) -> list[URLPattern]:
        """Add the page."""
        name = f"resources_{self.opts.model_name}_preview"
        view = self.admin_site.admin_view(self.preview_view)
        return [path("<path:object_id>/vista-previa/", view, name=name), *super().get_urls()]

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make a link, or make all links void."""
        resource = changeable(self, request, object_id)
        if "revoke" in request.POST:
            revoke_links(resource)
            self.log_change(request, resource, "Anuló los enlaces de vista previa.")
            told = "Los enlaces dados hasta ahora ya no sirven."
            self.message_user(request, told, messages.SUCCESS)
            place = reverse(f"admin:resources_{self.opts.model_name}_preview", args=[resource.pk])
            return HttpResponseRedirect(place)
        form, link, until = LinkForm(request.POST if request.method == "POST" else None), "", None
        if form.is_valid() and not resource.is_public:
            token = make_token(resource, form.cleaned_data["days"])
            link = settings.SITE_URL + reverse("preview", args=[resource.slug, token])
            until = read_token(token).ends
            self.log_change(
                request, resource, f"Dio un enlace de vista previa hasta el {until:%Y-%m-%d}."
            )
        return confirm(
            self,
            request,
            resource,
            None if resource.is_public else form,
            title="Enlace para mostrar el borrador",
            lead="admin/resources/intros/preview.html",
            button="Hacer un enlace",
            site_url=settings.SITE_URL,
            link=link,
            until=until,
            may_revoke=not resource.is_public,
        )
