"""System checks of the catalogue: what must hold between the models and the code."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register

from resources.models import Resource


@register
def kinds_are_child_models(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Each value of `Resource.Kind` is the name of a child model, and each child has its kind."""
    children = {
        str(model._meta.model_name)
        for model in apps.get_app_config("resources").get_models()
        if Resource in model._meta.parents
    }
    kinds = set(Resource.Kind.values)
    return [
        Error(
            f"'{name}' is a kind without a child model, or a child model without a kind.",
            hint="Resource.Kind and the models that inherit from Resource name the same things: add the missing one.",
            id="resources.E001",
        )
        for name in sorted(children ^ kinds)
    ]
