"""Addresses of registers, runs and enterprises."""

from xiandao.domains.enterprises.urls import firms, registers

app_name = "enterprises"
urlpatterns = [*registers.urlpatterns, *firms.urlpatterns]
