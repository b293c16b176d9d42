"""files.yaml: which types of file may be uploaded as evidence."""

from typing import Annotated, Literal

from pydantic import Field

from xiandao.packs.schema.common import PackModel, Source

FileType = Literal[
    "pdf",
    "ofd",
    "docx",
    "xlsx",
    "pptx",
    "doc",
    "xls",
    "ppt",
    "wps",
    "et",
    "dps",
    "png",
    "jpg",
    "jpeg",
    "txt",
    "csv",
    "zip",
]
"""Types the product can tell by their content; none of them runs anything when it is opened."""


class FilesFile(PackModel):
    """The whole of files.yaml. ``types``: the endings of file names taken, in the order they are shown."""

    types: Annotated[tuple[FileType, ...], Field(min_length=1)]
    source: Source
