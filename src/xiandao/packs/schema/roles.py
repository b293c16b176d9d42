"""roles.yaml: the roles a post can have, what each may do, where it can be held, and which exclude one another."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from xiandao.packs.schema.common import Line, PackModel, Prose, Source, fault_error

RoleCode = Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,29}$")]


class Role(PackModel):
    """One role.

    ``capabilities``: codes of the product's capabilities. ``held_in``: kinds of organisation, any if empty.
    ``administrator``: one of the separated administrators, who needs a second factor and holds no other role.
    ``excludes``: roles the same person may not hold at the same time.
    """

    code: RoleCode
    name: Line
    en: Line
    may: Line
    may_en: Line
    capabilities: tuple[Line, ...] = ()
    held_in: tuple[Line, ...] = ()
    excludes: tuple[RoleCode, ...] = ()
    administrator: bool = False
    source: Source
    note: Prose | None = None


class RolesFile(PackModel):
    """The whole of roles.yaml."""

    roles: tuple[Role, ...]

    @model_validator(mode="after")
    def _codes_agree(self) -> Self:
        codes = [role.code for role in self.roles]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise fault_error("、".join(twice), "角色代码不重复", "改用另一个代码")
        unknown = sorted({code for role in self.roles for code in role.excludes if code not in codes})
        if unknown:
            raise fault_error("、".join(unknown), "excludes 只写本文件中的角色", "更正角色代码")
        return self
