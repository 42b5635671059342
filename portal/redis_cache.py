"""A Redis cache backend that treats failures of Redis as misses."""

import logging
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class RedisCache(DjangoRedisCache):
    """Django's backend, for the methods in use here: get, set, add, incr, delete."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return the value, or `default` where Redis fails."""
        try:
            return super().get(key, default, version)
        except (RedisError, OSError):
            return self._failed("read", default)

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Store the value; ignore a failure."""
        try:
            super().set(key, value, timeout, version)
        except (RedisError, OSError):
            self._failed("written", None)

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Store the value if absent; without Redis act as if it were absent."""
        try:
            return super().add(key, value, timeout, version)
        except (RedisError, OSError):
            return self._failed("written", True)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Increment a count; ValueError, as for an expired one, where Redis fails."""
        try:
            return super().incr(key, delta, version)
        except (RedisError, OSError) as error:
            self._failed("written", None)
            raise ValueError(f"Key {key!r} not found") from error

    def delete(self, key: str, version: int | None = None) -> bool:
        """Delete the value; ignore a failure."""
        try:
            return super().delete(key, version)
        except (RedisError, OSError):
            return self._failed("written", False)

    def _failed(self, what: str, instead: Any) -> Any:
        """Log that Redis failed, and return `instead`."""
        logger.warning("The cache in Redis could not be %s.", what, exc_info=True)
        return instead
