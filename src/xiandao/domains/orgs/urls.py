"""Addresses of people: signing in and out, choosing a post, one's own account, the administrators' desks."""

from django.urls import path

from xiandao.domains.orgs.views import sign_in

app_name = "orgs"
urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign-in-code"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("session/", sign_in.session, name="session"),
    path("post/", sign_in.choose_post, name="post"),
]
