"""Reading items: what the desk shows of one, with or without the model's proposal; disputes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from xiandao.domains.enterprises.evidence import Piece, pieces, read
from xiandao.domains.enterprises.models import Classification, Decision, EnterpriseRole
from xiandao.domains.labelling.choosing import WORDS
from xiandao.domains.labelling.models import Item, ItemReason, ItemState, Opinion
from xiandao.domains.labelling.roles import NONE
from xiandao.domains.orgs.viewer import Viewer

_LETTERS = "qwertyiopasfghlzxcvb"
"""Keys that choose an industry: no letter that does something else at the desk (d, j, k, m, n, u)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One industry to judge: its key, whether the model found a term, what is said of it, the model's result."""

    code: str
    name: str
    letter: str
    found: bool
    said: str
    result: Classification | None
    terms: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the desk shows of one item."""

    item: Item
    pieces: list[Piece]
    rows: list[Row]
    why: str
    hidden: bool

    @property
    def found(self) -> list[Row]:
        """The industries of which a term was found: each has to be judged."""
        return [row for row in self.rows if row.found]

    @property
    def others(self) -> list[Row]:
        """All other industries."""
        return [row for row in self.rows if not row.found]


def item_by_pk(viewer: Viewer, pk: int, *, sample: int | None = None) -> Item:
    """Return one item with sample and enterprise. Raises Item.DoesNotExist."""
    rows = Item.objects.visible_to(viewer).select_related("sample__run", "enterprise__region")
    if sample is not None:
        rows = rows.filter(sample=sample)
    found: Item = rows.get(pk=pk)
    return found


def own_opinion(viewer: Viewer, item: Item) -> Opinion | None:
    """Return what the viewer said of an item."""
    if viewer.user_id is None:
        return None
    found: Opinion | None = item.opinions.filter(user=viewer.user_id, settles=False).first()
    return found


def sheet(item: Item, names: Mapping[str, str], *, said: Mapping[str, str] | None, judged: bool) -> Sheet:
    """Return what the desk shows of an item.

    `said`: what is chosen so far. The model's proposal on an item drawn at random is hidden until it was judged: who
    sees it first tends to agree with it, and the estimates would say so of the model.
    """
    results = list(
        Classification.objects.for_system("of an item the viewer sees")
        .filter(run=item.sample.run_id, enterprise=item.enterprise_id)
        .exclude(model_decision="")
        .select_related("industry")
        .order_by("industry__order")
    )
    if item.sample.industries:
        results = [each for each in results if each.industry_id in item.sample.industries]
    scope = item.enterprise.scope
    readings = read(results, scope, products={}, segments={}, accept=None, reject=None)
    by_code = {each.industry_id: each for each in results}
    terms = {each.result.industry_id: "、".join(dict.fromkeys(hit.term for hit in each.hits)) for each in readings}
    codes = item.sample.industries or list(names)
    given = said or {}
    rows = [
        Row(
            code=code,
            name=names.get(code, code),
            letter=_LETTERS[place] if place < len(_LETTERS) else "",
            found=code in by_code,
            said=given.get(code, NONE if judged else ""),
            result=by_code.get(code),
            terms=terms.get(code, ""),
        )
        for place, code in enumerate(code for code in names if code in codes or code in by_code)
    ]
    hidden = item.reason == ItemReason.RANDOM and not judged
    why = str(WORDS.get(item.why, "")) if item.reason == ItemReason.DISAGREEING else ""
    return Sheet(item, pieces(scope, [hit for each in readings for hit in each.hits]), rows, why, hidden)


def proposal(item: Item) -> dict[str, str]:
    """Return the roles the model itself found, for comparing: of what it counts, else mention."""
    rows = Classification.objects.for_system("of an item the viewer judged").filter(
        run=item.sample.run_id, enterprise=item.enterprise_id
    )
    return {
        code: role if decision == Decision.IN else EnterpriseRole.MENTION.value
        for code, role, decision in rows.exclude(model_decision="").values_list(
            "industry", "model_role", "model_decision"
        )
    }


def neighbours(viewer: Viewer, item: Item) -> tuple[Item | None, Item | None]:
    """Return the item the viewer judged before this one and the one judged after it; of an open one the last judged."""
    mine = Opinion.objects.filter(user=viewer.user_id, settles=False, item__sample=item.sample_id).select_related(
        "item"
    )
    own = mine.filter(item=item).first()
    earlier, later = mine.order_by("-at", "-pk"), None
    if own is not None:
        earlier = earlier.filter(at__lt=own.at)
        after = mine.filter(at__gt=own.at).order_by("at", "pk").first()
        later = after.item if after else None
    before = earlier.first()
    return (before.item if before else None), later


def last_judged(viewer: Viewer, sample: int) -> Opinion | None:
    """Return the viewer's last judgement in a sample, with item and enterprise."""
    rows = Opinion.objects.filter(user=viewer.user_id, settles=False, item__sample=sample)
    found: Opinion | None = rows.select_related("item__enterprise", "item__sample").order_by("-at", "-pk").first()
    return found


def disputes(viewer: Viewer) -> QuerySet[Item]:
    """Return the items on which two readers differ, with both opinions, oldest sample first."""
    return (
        Item.objects.visible_to(viewer)
        .filter(state=ItemState.DISPUTED)
        .select_related("sample", "enterprise__region")
        .prefetch_related(Prefetch("opinions", Opinion.objects.filter(settles=False).order_by("at", "pk")))
        .order_by("sample__drawn_at", "order")
    )


def chosen(post: Any, names: Mapping[str, str]) -> dict[str, str]:
    """Return the roles a form says, by industry; what was left open is not there."""
    return {code: post[f"role-{code}"] for code in names if post.get(f"role-{code}")}
