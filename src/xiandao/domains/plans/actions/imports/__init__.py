"""Reading in another plan: every write of the import pages."""

from xiandao.domains.plans.actions.imports.desk import Changed
from xiandao.domains.plans.actions.imports.items import BadFields, accept, accept_many, add, edit, reject, restore
from xiandao.domains.plans.actions.imports.life import AlreadyImported, discard, edit_head, start_import
from xiandao.domains.plans.actions.imports.publish import publish_import
from xiandao.domains.plans.actions.imports.shape import merge, split_duty, split_measure, split_quantity
from xiandao.domains.plans.actions.imports.undo import undo
from xiandao.domains.plans.actions.imports.upload import text_of_file

__all__ = [
    "AlreadyImported",
    "BadFields",
    "Changed",
    "accept",
    "accept_many",
    "add",
    "discard",
    "edit",
    "edit_head",
    "merge",
    "publish_import",
    "reject",
    "restore",
    "split_duty",
    "split_measure",
    "split_quantity",
    "start_import",
    "text_of_file",
    "undo",
]
