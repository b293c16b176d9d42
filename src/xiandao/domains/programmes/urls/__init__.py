"""Addresses of programmes, calls, applications, decisions and notices."""

from xiandao.domains.programmes.urls import applying, deciding

app_name = "programmes"
urlpatterns = [*applying.urlpatterns, *deciding.urlpatterns]
