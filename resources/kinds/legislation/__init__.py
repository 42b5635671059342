"""The kind legal instrument."""

from resources.kinds.legislation import models  # noqa: F401 registers the kind
