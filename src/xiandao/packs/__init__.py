"""Policy packs: the data of one plan in one jurisdiction, read from a folder of YAML and checked on load."""

from xiandao.packs.compiled import plan_doc_from_compiled
from xiandao.packs.dump import dump_record
from xiandao.packs.faults import Fault, PackError
from xiandao.packs.loader import check_pack, load_pack, packs_dir
from xiandao.packs.pack import PolicyPack
from xiandao.packs.parse import parse_plan
from xiandao.packs.schema.plan import PlanDoc

__all__ = [
    "Fault",
    "PackError",
    "PlanDoc",
    "PolicyPack",
    "check_pack",
    "dump_record",
    "load_pack",
    "packs_dir",
    "parse_plan",
    "plan_doc_from_compiled",
]
