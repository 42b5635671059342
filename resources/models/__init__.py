"""The data model: site settings, redirects, taxonomy, resource, files, packs, sharing pictures, revisions, links, view counts."""

from resources.models.base import StaleRowError
from resources.models.erasures import Erasure
from resources.models.files import FileVersion, PageText, ResourceFile
from resources.models.links import Link
from resources.models.packs import Pack
from resources.models.quality import QualitySnapshot
from resources.models.queries import ResourceQuerySet
from resources.models.redirects import Redirect
from resources.models.resource import Resource
from resources.models.revisions import PendingImport, PendingUpload, Revision, TrashedFile
from resources.models.sharing_pictures import SharingPicture
from resources.models.site_settings import Page, SiteSettings
from resources.models.taxonomy import Organization, ResourceTag, Section, Tag
from resources.models.view_counts import ViewCount

__all__ = [
    "Erasure",
    "FileVersion",
    "Link",
    "Organization",
    "Pack",
    "Page",
    "PageText",
    "PendingImport",
    "PendingUpload",
    "QualitySnapshot",
    "Redirect",
    "Resource",
    "ResourceFile",
    "ResourceQuerySet",
    "ResourceTag",
    "Revision",
    "Section",
    "SharingPicture",
    "SiteSettings",
    "StaleRowError",
    "Tag",
    "TrashedFile",
    "ViewCount",
]
