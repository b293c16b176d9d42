"""Template tags of files: the list of files of one holder, with the form to add one."""

from dataclasses import replace
from typing import Any

from django import template
from django.template.defaultfilters import filesizeformat

from xiandao.domains.files.blocks import FilesBlock, files_block

register = template.Library()


@register.inclusion_tag("files/_block.html", takes_context=True)
def files(context: dict[str, Any], holder_kind: str, holder_key: Any, *, note: str = "") -> dict[str, Any]:
    """Draw the files of a holder with the form to add one: `{% files "progress.claim" claim.pk %}`."""
    block = files_block(context["request"].viewer, holder_kind, str(holder_key))
    return _context(context, replace(block, note=note))


@register.inclusion_tag("files/_block.html", takes_context=True)
def files_of(context: dict[str, Any], block: FilesBlock) -> dict[str, Any]:
    """Draw a block the view has made, where a page shows those of many holders (`files_blocks`)."""
    return _context(context, block)


def _context(context: dict[str, Any], block: FilesBlock) -> dict[str, Any]:
    """Return what the block's template needs of the page it stands on."""
    return {"held": block} | {name: context.get(name) for name in ("request", "csrf_token", "files_next")}


@register.filter
def file_size(size: int) -> str:
    """Print a size in bytes as people say it."""
    return filesizeformat(size)
