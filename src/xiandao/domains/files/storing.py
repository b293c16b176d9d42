"""Keeping a content once: hashed in pieces, stored under its hash, found again when it comes again."""

import hashlib
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage

from xiandao.domains.shared.archives import PIECE


def fingerprint(content: IO[bytes]) -> tuple[str, int]:
    """Return SHA-256 (hex) and size in bytes of a content, read in pieces."""
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    while piece := content.read(PIECE):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def path_of(sha256: str) -> str:
    """Return the storage name of a content: folders by its first characters, so that no folder grows too full."""
    return f"content/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def store(content: IO[bytes], sha256: str, size: int) -> str:
    """Put a content into the storage unless it is there already, and return its storage name.

    A file of the right name and the wrong size was cut short when the power went: it is written anew.
    """
    path = path_of(sha256)
    if default_storage.exists(path):
        if default_storage.size(path) == size:
            return path
        default_storage.delete(path)
    content.seek(0)
    saved = default_storage.save(path, File(content))
    if saved != path:  # somebody stored the same content at the same moment
        default_storage.delete(saved)
    return path
