"""Addresses of the provincial single sign-on. allauth looks them up by these names, outside our name space."""

from allauth.socialaccount.providers.openid_connect.views import callback, login
from django.urls import path
from django.views.decorators.http import require_POST

urlpatterns = [
    path("<slug:provider_id>/", require_POST(login), name="openid_connect_login"),
    path("<slug:provider_id>/callback/", callback, name="openid_connect_callback"),
]
