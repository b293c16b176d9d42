"""Stops reading an upload that is over the cap: nobody fills the disk with one request."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from xiandao.domains.files.limits import file_limits
from xiandao.domains.orgs.permission import Refused

TOO_LARGE = "upload_too_large"
# Where the pack gives no limits, nothing can be attached; other pages take texts of a few megabytes.
_OTHERWISE = 8 * 1024 * 1024


class CappedUpload(FileUploadHandler):
    """Counts what arrives and drops a file over the cap; the page finds the request marked TOO_LARGE instead of it."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin counting."""
        super().new_file(*args, **kwargs)
        try:
            self.cap = file_limits().size
        except Refused:
            self.cap = _OTHERWISE
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand on what arrives until the cap is passed. Raises SkipFile."""
        del start
        self.seen += len(raw_data)
        if self.seen > self.cap:
            setattr(self.request, TOO_LARGE, True)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
