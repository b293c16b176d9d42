"""What the pages of a draft show of its preview: registered with the catalogue."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.enterprises.actions.registers_work import in_force
from xiandao.domains.enterprises.models import Preview, PreviewState
from xiandao.domains.industries.models import CatalogueVersion, Industry
from xiandao.domains.industries.registry import Panel, Readiness
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.shared.liveness import is_lost

_WHY = "the draft was shown to who may see it"


def newest(draft: CatalogueVersion) -> Preview | None:
    """Return the newest preview of a draft, or None."""
    return Preview.objects.for_system(_WHY).filter(draft=draft).select_related("register").first()


def facts(made: Preview, draft: CatalogueVersion) -> dict[str, Any]:
    """Return what pages say of a preview: numbers by industry, whether it is stale, lost, how far it is."""
    names = {row.code: row.label for row in Industry.objects.order_by("order")}
    lines = [
        {"code": code, "name": name, **made.counts[code]}
        for code, name in names.items()
        if code in made.counts and any(made.counts[code][kind] for kind in ("entering", "leaving", "changed"))
    ]
    current = in_force()
    return {
        "preview": made,
        "lines": lines,
        "busy": made.state == PreviewState.RUNNING and not is_lost(made.worker, made.beat_at, timezone.now()),
        "lost": made.state == PreviewState.RUNNING and is_lost(made.worker, made.beat_at, timezone.now()),
        "stale": made.digest != draft.digest,
        "other_register": current is None or made.register_id != current.pk,
        "percent": min(made.done * 100 // made.total, 100) if made.total else 0,
    }


class RegisterPreviewer:
    """Tries drafts on the register in force."""

    def readiness(self, draft: CatalogueVersion) -> Readiness:
        """Return whether the draft was tried as it stands on the register in force."""
        source = in_force()
        if source is None:
            return Readiness(possible=False, done=False)
        rows = Preview.objects.for_system(_WHY).filter(draft=draft, register=source, state=PreviewState.DONE)
        done = rows.filter(digest=draft.digest).exists()
        why = "" if done else _("现行名录已载入，但草案改动后还没有在它上面算过影响。先算再发布，或写明理由。")
        return Readiness(possible=True, done=done, why=why)

    def panel(self, viewer: Viewer, draft: CatalogueVersion) -> Panel:
        """Return the panel of the draft's page."""
        made = newest(draft)
        context = {
            "draft": draft,
            "register": in_force(),
            "changed": draft.based_on is not None and draft.digest != draft.based_on.digest,
            "may_load": viewer.can(Can.LOAD_REGISTERS),
            **(facts(made, draft) if made is not None else {}),
        }
        return Panel("enterprises/preview/_panel.html", context)

    def word_panel(self, draft: CatalogueVersion, industry: str) -> Panel:
        """Return what stands below the field for words: where to ask, and whether there is a register."""
        url = reverse("enterprises:preview-words", args=[draft.pk, industry])
        return Panel("enterprises/preview/_words.html", {"url": url, "register": in_force()})
