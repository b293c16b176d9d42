"""What every page's frame needs: navigation, the demonstration mark, the loaded pack."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from xiandao.domains.orgs.capability import Can
from xiandao.web.navigation import sections


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's variables for a request."""
    viewer = getattr(request, "viewer", None)
    return {
        "viewer": viewer,
        "navigation": sections(request),
        "demo_mode": settings.DEMO_MODE,
        "may_import": bool(viewer and viewer.can(Can.READ_IMPORTS)),
    }
