"""Who gets in to a page: one that somebody may not use does not exist for him, as if it were missing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.viewer import Viewer

View = Callable[..., HttpResponse]
REFUSED, CONFLICT = 422, 409


class Request(HttpRequest):
    """A request as the middleware leaves it."""

    viewer: Viewer


def needs(*any_of: Can) -> Callable[[View], View]:
    """Let in who has one of the capabilities."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.viewer.can(*any_of):
                raise Http404
            return view(request, *args, **kwargs)

        return inner

    return decorate


class NeedsMixin:
    """The same for list pages: `needs` names the capabilities of which one is enough."""

    needs: tuple[Can, ...] = ()

    def dispatch(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.viewer.can(*self.needs):
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
