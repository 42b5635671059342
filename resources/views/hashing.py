"""An upload that is hashed while it streams in and kept nowhere, neither in memory nor on disk."""

import hashlib
import io
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class HashedUpload(UploadedFile):
    """What is left of an upload: its sum and its size."""

    def __init__(self, size: int, sha256: str) -> None:
        super().__init__(io.BytesIO(), name="copia", size=size)
        self.sha256 = sha256


class HashingUploadHandler(FileUploadHandler):
    """Hash the uploaded file up to `most` bytes. Beyond, `is_too_big` is set and the rest of the body is not read."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.is_too_big = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a new sum."""
        super().new_file(*args, **kwargs)
        self.digest, self.taken = hashlib.sha256(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Add a piece to the sum; returning nothing keeps it from any handler after this one."""
        self.taken += len(raw_data)
        if self.taken > self.most:
            self.is_too_big = True
            raise StopUpload(connection_reset=True)
        self.digest.update(raw_data)

    def file_complete(self, file_size: int) -> HashedUpload:
        """Return the sum in the place of the file."""
        return HashedUpload(self.taken, self.digest.hexdigest())
