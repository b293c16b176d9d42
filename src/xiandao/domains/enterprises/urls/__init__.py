"""Addresses of registers, runs and enterprises."""

from xiandao.domains.enterprises.urls import firms, preview, registers

app_name = "enterprises"
urlpatterns = [*registers.urlpatterns, *firms.urlpatterns, *preview.urlpatterns]
