"""Every address of the product. Each domain brings its own list; the permission matrix walks them all."""

from django.urls import include, path

from xiandao.api.main import api

urlpatterns = [
    path("", include("xiandao.web.urls")),
    path("", include("xiandao.domains.plans.party_urls")),
    path("accounts/sso/", include("xiandao.domains.orgs.sso_urls")),
    path("accounts/", include("xiandao.domains.orgs.urls")),
    path("plans/", include("xiandao.domains.plans.urls")),
    path("inbox/", include("xiandao.domains.inbox.urls")),
    path("files/", include("xiandao.domains.files.urls")),
    path("progress/", include("xiandao.domains.progress.urls")),
    path("industries/", include("xiandao.domains.industries.urls")),
    path("catalogue/", include("xiandao.domains.industries.catalogue_urls")),
    path("enterprises/", include("xiandao.domains.enterprises.urls")),
    path("labelling/", include("xiandao.domains.labelling.urls")),
    path("ledger/", include("xiandao.domains.ledger.urls")),
    path("programmes/", include("xiandao.domains.programmes.urls")),
    path("audit/", include("xiandao.domains.oversight.urls")),
    path("api/v1/", api.urls),
]
