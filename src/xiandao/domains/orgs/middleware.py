"""Puts the viewer on the request: the person in the post chosen for this session, or the public."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from xiandao.domains.orgs.queries import viewer_of
from xiandao.domains.orgs.viewer import PUBLIC, Viewer

POST_KEY = "post"


def _viewer(request: HttpRequest) -> Viewer:
    address = request.META.get("REMOTE_ADDR") or None
    if not request.user.is_authenticated:
        return PUBLIC.at(address)
    return viewer_of(request.user, post_id=request.session.get(POST_KEY)).at(address)


class ViewerMiddleware:
    """Sets `request.viewer`, worked out when first asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(lambda: _viewer(request))
        return self.get_response(request)
