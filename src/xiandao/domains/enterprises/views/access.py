"""Who gets into the lists of enterprises: what one may not read does not exist, as if it were missing."""

from typing import Any

from django.http import Http404, HttpResponse

from xiandao.domains.enterprises.queries.firms import may_read
from xiandao.domains.orgs.access import Request


class ReadersMixin:
    """Lists of enterprises are for those who may read them."""

    def dispatch(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_read(request.viewer):
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc,no-any-return]
