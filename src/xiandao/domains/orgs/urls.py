"""Addresses of people: signing in and out, choosing a post."""

from django.urls import path

from xiandao.domains.orgs import views

app_name = "orgs"
urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("post/", views.choose_post, name="post"),
]
