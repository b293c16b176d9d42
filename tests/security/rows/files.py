"""Files: seen, fetched and changed by who sees their holder; for everybody else they do not exist."""

import io

from tests.domains.files.samples import PDF
from tests.security.matrix import MISSING, Row, only, same
from xiandao.domains.files import registry
from xiandao.domains.files.actions import attach
from xiandao.domains.orgs.permission import ALLOWED

OWN = "本单位的 own"
NAMES = frozenset({"$file"})
SEEN_BY = ("city", "city-head")
BOX = registry.HolderKind(
    code="matrix.box",
    label="权限矩阵的盒子",
    may_see=lambda viewer, key: viewer.organisation_code == key,
    may_change=lambda _viewer, _key: ALLOWED,
)
if BOX.code not in registry.holders():
    registry.register_holder(BOX)


def things(people) -> dict[str, str]:
    """Return a file of the city's bureau."""
    city = people("city")
    row = attach(
        city, holder_kind=BOX.code, holder_key=city.organisation_code, name="进展.pdf", content=io.BytesIO(PDF)
    )
    return {"$file": str(row.pk)}


ONE = {"pk": "$file"}
ROWS = [
    Row("files:download", OWN, only(*SEEN_BY), ONE),
    Row("files:download", MISSING, same(404), {"pk": "0"}),
    Row("files:detach", OWN, only(*SEEN_BY, status=302), ONE, "POST", {"reason": "传错", "next": "/plans/"}),
    Row("files:detach", "没有理由 no reason", only(*SEEN_BY, status=422), ONE, "POST"),
    Row("files:attach", "没有选文件 no file", only(*SEEN_BY, status=422), {}, "POST",
        {"holder_kind": BOX.code, "holder_key": "320100-drc"}),
    Row("files:attach", MISSING, same(404), {}, "POST", {"holder_kind": "nothing", "holder_key": "1"}),
]  # fmt: skip
