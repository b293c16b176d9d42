"""Connects previews: the catalogue asks for them, the worker's clocks find those whose process died."""

import datetime as dt
from typing import Any

from django.dispatch import receiver

from xiandao.domains.enterprises.preview.actions import fail_interrupted
from xiandao.domains.enterprises.preview.hook import RegisterPreviewer
from xiandao.domains.inbox.signals import clocks_ran
from xiandao.domains.industries.registry import register_preview
from xiandao.domains.orgs.viewer import Viewer

register_preview(RegisterPreviewer())


@receiver(clocks_ran, dispatch_uid="enterprises.fail_interrupted_previews")
def fail_interrupted_previews(actor: Viewer, now: dt.datetime, **_kwargs: Any) -> None:
    """Say of previews whose process was killed that they broke off."""
    fail_interrupted(actor, now=now)
