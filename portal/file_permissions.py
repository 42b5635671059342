"""Restrict the permissions of the site's files to their owner, and to nginx's group where it sends the files."""

import os
from collections.abc import Iterator
from pathlib import Path

GROUP_AND_OTHERS, OTHERS = 0o077, 0o007


def restrict_permissions(folder: Path, *, for_group: bool = False) -> None:
    """Create `folder` if missing, and set the umask so that only the owner reads new files."""
    os.umask(GROUP_AND_OTHERS)
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o710 if for_group else 0o700)


def too_open(folder: Path, files: Path, *, for_group: bool) -> Iterator[tuple[Path, int]]:
    """Yield each path in `folder`, itself first, that others may read or enter, with its intended mode.

    With `for_group` the group may pass through `folder` and read `files`.
    """
    for path in (folder, *sorted(folder.iterdir())):
        mode = path.lstat().st_mode & 0o7777
        is_shared = for_group and path in (folder, files)
        surplus = mode & (OTHERS if is_shared else GROUP_AND_OTHERS)
        if surplus and not path.is_symlink():
            yield path, mode & ~surplus


def tighten(folder: Path, files: Path, *, for_group: bool) -> None:
    """Remove the permissions of others on the files of this user.

    With `for_group`, `folder` and `files` stay as they are: nginx may still read them as one of the others, until the
    administrator has taken the step in docs/despliegue.md.
    """
    for path, mode in too_open(folder, files, for_group=for_group):
        if for_group and path in (folder, files):
            continue
        is_shared_folder = path.lstat().st_mode & 0o1000  # sticky, as /tmp
        if path.lstat().st_uid == os.geteuid() and not is_shared_folder:
            path.chmod(mode)
