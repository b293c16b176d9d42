"""A list of 一图三清单 as an official document: rows that are public; persons as numbers alone."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.utils import timezone

from xiandao.domains.ledger.models import Release, ReleaseKind
from xiandao.kernel import Period
from xiandao.printing.official import Block, Heading, OfficialDocument, Paragraph, Table


def outward(release: Release) -> list[dict[str, Any]]:
    """Return the rows anybody may read: public ones; of persons none."""
    return [row for row in release.rows if row["public"] and not row["people"]]


def numbers_of(release: Release) -> list[tuple[str, str, int]]:
    """Return kind, place and how many, for lists of persons and for the summary."""
    found = Counter((row["kind"], "、".join(row["regions"]) or "未知") for row in release.rows)
    return [(kind, place, n) for (kind, place), n in sorted(found.items())]


def release_document(release: Release) -> OfficialDocument:
    """Return the list laid out after GB/T 9704."""
    half = Period.parse(release.period)
    name = f"{release.industry.name}{ReleaseKind(release.kind).label}"
    own = sum(not row["elsewhere"] for row in release.rows)
    blocks: list[Block] = [
        Paragraph(
            f"本清单收录{half.label}末在列的{own}项，另列他处公布的{len(release.rows) - own}项（注明，不计入目标）。"
        )
    ]
    if release.note:
        blocks.append(Paragraph(release.note))
    blocks.append(Heading(1, "清单"))
    if release.kind == ReleaseKind.TALENT:
        counted = tuple((kind, place, str(n)) for kind, place, n in numbers_of(release))
        blocks.append(Table(("类别", "地区", "人数"), counted))
        blocks.append(Paragraph("人才清单对外只列人数，不列姓名。"))
    else:
        rows = tuple(
            (
                str(number),
                row["name"],
                row["holder"] or "—",
                "、".join(row["regions"]) or "—",
                row["decided_on"] or "—",
                "他处公布" if row["elsewhere"] else row["kind"],
            )
            for number, row in enumerate(outward(release), start=1)
        )
        blocks.append(Table(("序号", "名称", "单位", "地区", "公布日期", "类别"), rows))
        blocks += _changes(release)
    return OfficialDocument(
        title=f"{name}\n（{half.label}）",
        subtitle="（演示系统生成，不是真实公文）" if settings.DEMO_MODE else None,
        date=timezone.localdate(release.published_at or release.made_at),
        blocks=tuple(blocks),
    )


def _changes(release: Release) -> list[Block]:
    """Return what changed since the last list; nothing where this is the first."""
    since = release.changes.get("since")
    if not since:
        return []
    names = {row["code"]: row["name"] for row in outward(release)}
    added = [names[code] for code in release.changes["added"] if code in names]
    gone = [row["name"] for row in release.changes["gone"] if row["public"]]
    renamed = [f"{row['before']}→{row['after']}" for row in release.changes["renamed"] if row["code"] in names]
    lines = [("新增", added), ("不再收录", gone), ("更名", renamed)]
    said = [Paragraph(f"{what}（{len(found)}项）：{'；'.join(found) or '无'}。") for what, found in lines]
    return [Heading(1, f"与{Period.parse(since).label}相比"), *said]
