"""The data model, from the ground up: content, portal, addresses, vocabulary, resource, kinds, law, files, and what serves them."""

from resources.kinds.legislation.force import Change, decide_force
from resources.models.base import StaleRowError
from resources.models.files import FileVersion, PageText, ResourceFile
from resources.models.kinds import Document, Infographic, Video
from resources.models.law import LegalInstrument, LegalRelation, refresh_force, review_due_by
from resources.models.links import Link
from resources.models.packs import Pack
from resources.models.queries import ResourceQuerySet
from resources.models.redirects import FormerAddress
from resources.models.resource import Resource
from resources.models.revisions import CatalogueImport, Discarded, Edit, HeldUpload
from resources.models.search import IndexRewriting, PendingEntry, SearchDoc, Synonym, Term, TermKey
from resources.models.site_settings import Page, Portal
from resources.models.taxonomy import Organization, ResourceTag, Section, Tag
from resources.models.view_counts import Consultation

__all__ = [
    "CatalogueImport",
    "Change",
    "Consultation",
    "Discarded",
    "Document",
    "Edit",
    "FileVersion",
    "FormerAddress",
    "HeldUpload",
    "IndexRewriting",
    "Infographic",
    "LegalInstrument",
    "LegalRelation",
    "Link",
    "Organization",
    "Pack",
    "Page",
    "PageText",
    "PendingEntry",
    "Portal",
    "Resource",
    "ResourceFile",
    "ResourceQuerySet",
    "ResourceTag",
    "SearchDoc",
    "Section",
    "StaleRowError",
    "Synonym",
    "Tag",
    "Term",
    "TermKey",
    "Video",
    "decide_force",
    "refresh_force",
    "review_due_by",
]
