"""Create editor accounts and reset passwords from the command line; a password is shown once."""

import secrets

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from portal.attempt_throttle import reset_counts
from portal.sign_in import account_limit

LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that are mistaken for another when read aloud


def new_password() -> str:
    """Return four groups of four letters and digits: 79 bits, easy to type."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def create_or_reset_editor(username: str, *, group: str = "") -> tuple[str, bool]:
    """Create or reset an account; return its new password and whether the account is new.

    Without `group` it is a superuser, as the first account must be. Raises Group.DoesNotExist.
    """
    user, is_new = get_user_model().objects.get_or_create(username=username)
    password = new_password()
    user.set_password(password)
    user.is_active = user.is_staff = True
    user.is_superuser = not group
    user.save()
    user.groups.set([Group.objects.get(name=group)] if group else [])
    reset_counts([account_limit(username)])
    return password, is_new
