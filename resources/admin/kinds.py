"""Register the admin of each kind: ResourceAdmin reads its declaration; legal instruments have an admin of their own."""

from django.contrib import admin

import resources.admin.legislation  # noqa: F401 registered before the others
from resources.admin.resource import ResourceAdmin
from resources.models.kind_spec import all_kinds

for spec in all_kinds():
    if not admin.site.is_registered(spec.model):
        admin.site.register(spec.model, ResourceAdmin)
