"""Certificates: issued with the announcement, checked by anybody with the code, revoked with a reason."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.ledger.models import Entry
from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes import office
from xiandao.domains.programmes.actions.common import needed, numbered
from xiandao.domains.programmes.actions.objections import LETTERS, random_code
from xiandao.domains.programmes.models import Application, Certificate

CODE_LENGTH = 12


def issue(actor: Viewer, *, application: Application, entry: Entry, moment: dt.datetime) -> Certificate:
    """Issue the certificate of an approved application, inside the announcement's transaction and record."""
    body = application.applicant
    return Certificate.objects.create(
        application=application,
        entry=entry.code,
        number=numbered("ZS", "certificate", moment, digits=5),
        check_code=random_code(CODE_LENGTH),
        holder=body.full_name or body.name,
        name=f"{application.call.version.programme.name} {entry.name}"[:300],
        issued_on=timezone.localdate(moment),
        valid_to=entry.valid_to,
    )


def find(code: str) -> Certificate | None:
    """Return the certificate with a check code, however it was typed; None where there is none."""
    typed = "".join(character for character in code.upper() if character in LETTERS)
    if len(typed) != CODE_LENGTH:
        return None
    return Certificate.objects.filter(check_code=typed).first()


@transaction.atomic
def revoke(actor: Viewer, *, number: str, reason: str, now: dt.datetime | None = None) -> Certificate:
    """Revoke a certificate with a reason; the public check says so from then on. Conflict where it is revoked."""
    moment = now or timezone.now()
    said = needed(reason, _("请写明撤销的理由。"))
    rows = Certificate.objects.select_related("application__call").select_for_update(of=("self",))
    certificate = rows.get(number=number)
    office.may_run(actor, certificate.application.call).require()
    if certificate.revoked_on is not None:
        raise Conflict(_("该证书已于 %(day)s 撤销。") % {"day": certificate.revoked_on})
    certificate.revoked_on, certificate.revoked_reason = timezone.localdate(moment), said[:300]
    certificate.save(update_fields=["revoked_on", "revoked_reason"])
    audit.record(
        actor,
        office.REVOKED,
        kind=office.CERTIFICATE,
        key=number,
        label=f"{number} {certificate.holder}",
        after={"revoked_on": certificate.revoked_on},
        reason=said,
    )
    return certificate
