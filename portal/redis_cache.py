"""The cache in Redis, which no page depends on: what cannot be read is missing, what cannot be written is not kept."""

import logging
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class RedisCache(DjangoRedisCache):
    """Django's own backend for what this site asks of it: get, set, add, incr, delete."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return the value, or `default` where Redis does not answer."""
        try:
            return super().get(key, default, version)
        except (RedisError, OSError):
            return self._failed("read", default)

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep the value if Redis takes it."""
        try:
            super().set(key, value, timeout, version)
        except (RedisError, OSError):
            self._failed("written", None)

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep the value if there is none; without Redis act as if there were none."""
        try:
            return super().add(key, value, timeout, version)
        except (RedisError, OSError):
            return self._failed("written", True)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Raise a count; ValueError, as for one that lapsed, where Redis does not answer."""
        try:
            return super().incr(key, delta, version)
        except (RedisError, OSError) as error:
            self._failed("written", None)
            raise ValueError(f"Key {key!r} not found") from error

    def delete(self, key: str, version: int | None = None) -> bool:
        """Delete the value if Redis answers."""
        try:
            return super().delete(key, version)
        except (RedisError, OSError):
            return self._failed("written", False)

    def _failed(self, what: str, instead: Any) -> Any:
        """Note in the log that Redis could not be read or written, and return `instead`."""
        logger.warning("The cache in Redis could not be %s.", what, exc_info=True)
        return instead
