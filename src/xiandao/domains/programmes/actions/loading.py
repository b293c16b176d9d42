"""Loading the programmes of a policy pack: a changed definition becomes a new version, older ones stay."""

import hashlib
import json
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.models import Programme, ProgrammeVersion
from xiandao.domains.shared.sources import describe
from xiandao.packs import PolicyPack
from xiandao.packs.programmes import Programme as Packed
from xiandao.packs.schema.common import Source

LOADED = register("programmes.loaded", gettext_lazy("专项：载入"))


def load_programmes(actor: Viewer, *, pack: PolicyPack) -> None:
    """Write the pack's programmes; one that is no longer in it stays, out of force, for its calls and entries."""
    codes = {organisation.name: organisation.code for organisation in pack.organisations.organisations}
    ids = dict(Organisation.objects.values_list("code", "id"))
    for packed in pack.programmes:
        file = packed.file
        Programme.objects.update_or_create(
            code=file.code,
            defaults={
                "name": file.name,
                "name_en": file.en,
                "kind": file.kind,
                "lead_id": ids[codes[file.lead] if file.lead in codes else pack.organisation(file.lead).code],
                "measures": list(file.measures),
                "serves": [{"plan": s.plan, "target": s.target, "counts_when": s.counts_when} for s in file.serves],
                "order": file.order,
                "in_force": True,
            },
        )
        _version(actor, pack, packed)
    gone = Programme.objects.exclude(code__in=[packed.file.code for packed in pack.programmes])
    gone.update(in_force=False)


def _version(actor: Viewer, pack: PolicyPack, packed: Packed) -> None:
    definition = _with_sources(pack, packed)
    canonical = json.dumps(definition, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    code = packed.file.code
    newest = ProgrammeVersion.objects.filter(programme_id=code).order_by("-number").first()
    if newest is not None and newest.digest == digest:
        return
    ProgrammeVersion.objects.filter(programme_id=code, current=True).update(current=False)
    number = newest.number + 1 if newest else 1
    ProgrammeVersion.objects.create(
        programme_id=code, number=number, definition=definition, digest=digest, loaded_at=timezone.now()
    )
    audit.record(
        actor,
        LOADED,
        kind="programme",
        key=code,
        label=packed.file.name,
        before={"number": newest.number} if newest else None,
        after={"number": number, "digest": digest},
    )


def _with_sources(pack: PolicyPack, packed: Packed) -> dict[str, Any]:
    """Return the definition with each source as the page prints it, so that a version can be read without its pack."""
    definition: dict[str, Any] = _described(pack, packed.definition())
    return definition


def _described(pack: PolicyPack, value: Any) -> Any:
    if isinstance(value, dict):
        out = {key: _described(pack, each) for key, each in value.items()}
        if isinstance(value.get("source"), dict):
            out["source"]["printed"] = describe(pack, Source.model_validate(value["source"]))
        return out
    if isinstance(value, list):
        return [_described(pack, each) for each in value]
    return value
