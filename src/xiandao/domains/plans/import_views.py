"""Placeholder until the import pages land."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def imports(request: HttpRequest) -> HttpResponse:
    """Answer nothing yet."""
    return HttpResponse(status=404)


urlpatterns = [path("imports/", imports, name="imports")]
