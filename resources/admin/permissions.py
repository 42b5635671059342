"""Permissions on a resource, by the user's rights and its status."""

from typing import cast

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest

from resources.models import Resource
from resources.models.choices import Status

PREPARING = frozenset({Status.DRAFT, Status.REVIEW})
"""The states in which nothing is public and whoever prepares may change everything."""


def signed_in(request: HttpRequest) -> User:
    """Return the user of a request inside the admin, where nobody is anonymous."""
    return cast(User, request.user)


def can_publish(request: HttpRequest) -> bool:
    """Return whether the user may publish, schedule, withdraw and change public resources."""
    return request.user.has_perm("resources.publish_resource")


def may_change(request: HttpRequest, resource: Resource) -> bool:
    """Return whether the user may change `resource` in its status; a trashed one can only be restored."""
    return resource.deleted_at is None and (can_publish(request) or resource.status in PREPARING)


def shown_users(users: QuerySet[Resource]) -> QuerySet[Resource]:
    """Filter resources that are or were public or scheduled, trashed ones included."""
    return users.exclude(status__in=PREPARING, published_at=None)


def may_change_shared(request: HttpRequest, users: QuerySet[Resource]) -> bool:
    """Return whether the user may change a row shared by `users`; if one is public, only publishers may."""
    return can_publish(request) or not shown_users(users).exists()


def may_trash(request: HttpRequest, resource: Resource) -> bool:
    """Return whether the user may trash `resource`: drafts only, unless they publish."""
    return resource.deleted_at is None and (can_publish(request) or resource.status == Status.DRAFT)


def may_restore(request: HttpRequest, resource: Resource) -> bool:
    """Return whether the user may restore `resource`: drafts only, unless they publish."""
    return resource.deleted_at is not None and (
        can_publish(request) or resource.status == Status.DRAFT
    )


def next_states(resource: Resource, publishes: bool) -> list[Status]:
    """Return the states that `resource` may be saved in, its present one first.

    What was public never becomes a draft again: it is withdrawn, and its address says why. What is
    only scheduled has not been public yet and may go back.
    """
    if resource.status in PREPARING:
        ahead = [Status.DRAFT, Status.REVIEW, *([Status.PUBLISHED] if publishes else [])]
    elif not publishes:
        ahead = []
    elif resource.is_scheduled:
        ahead = [Status.DRAFT]
    else:
        ahead = [Status.PUBLISHED, Status.WITHDRAWN]
    present = Status(resource.status)
    return [present, *(state for state in ahead if state != present)]
