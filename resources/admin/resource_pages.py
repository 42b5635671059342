"""The pages that the desk of every kind has beside its list and its form."""

from resources.admin.duplicating import DuplicateMixin
from resources.admin.previewing import PreviewMixin
from resources.admin.versions import VersionsMixin
from resources.admin.withdrawing import WithdrawMixin


class ResourcePagesMixin(VersionsMixin, WithdrawMixin, PreviewMixin, DuplicateMixin):
    """Versions of files, withdrawal, links to a draft, copies."""
