"""Addresses of people: signing in and out, choosing a post, one's own account, the administrators' desks."""

from django.urls import path

from xiandao.domains.orgs.views import bodies, factors, grants, me, people, security, sign_in

app_name = "orgs"
urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign-in-code"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("session/", sign_in.session, name="session"),
    path("post/", sign_in.choose_post, name="post"),
    # One's own account
    path("me/", me.account, name="me"),
    path("me/contact/", me.contact, name="contact"),
    path("me/password/", me.password, name="password"),
    path("me/delegate/", me.delegate, name="delegate"),
    path("me/delegations/<int:pk>/end/", me.delegation_end, name="delegation-end"),
    path("me/factors/", factors.factors, name="factors"),
    path("me/factors/app/", factors.totp, name="totp"),
    path("me/factors/passkey/", factors.passkey, name="passkey"),
    path("me/factors/recovery-codes/", factors.recovery, name="recovery"),
    path("me/factors/<int:pk>/remove/", factors.factor_remove, name="factor-remove"),
    path("sessions/<int:pk>/end/", me.session_end, name="session-end"),
    # Accounts
    path("people/", people.people, name="people"),
    path("people/new/", people.person_new, name="person-new"),
    path("people/import/", people.people_import, name="people-import"),
    path("people/import/template/", people.people_template, name="people-template"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/edit/", people.person_edit, name="person-edit"),
    path("people/<int:pk>/close/", people.person_close, name="person-close"),
    path("people/<int:pk>/open/", people.person_open, name="person-open"),
    path("people/<int:pk>/password/", people.person_password, name="person-password"),
    path("people/<int:pk>/factors/reset/", people.factors_reset, name="factors-reset"),
    path("people/<int:pk>/posts/new/", grants.post_new, name="post-new"),
    path("posts/<int:pk>/change/", grants.post_change, name="post-change"),
    path("posts/<int:pk>/end/", grants.post_end, name="post-end"),
    # Grants
    path("grants/", grants.grants, name="grants"),
    path("grants/approve/", grants.grants_approve, name="grants-approve"),
    path("grants/<int:pk>/", grants.grant, name="grant"),
    path("grants/<int:pk>/approve/", grants.grant_approve, name="grant-approve"),
    path("grants/<int:pk>/refuse/", grants.grant_refuse, name="grant-refuse"),
    path("grants/<int:pk>/withdraw/", grants.grant_withdraw, name="grant-withdraw"),
    # Organisations
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/tree/", bodies.tree, name="tree"),
    path("bodies/new/", bodies.body_new, name="body-new"),
    path("bodies/<slug:code>/", bodies.body, name="body"),
    path("bodies/<slug:code>/edit/", bodies.body_edit, name="body-edit"),
    path("bodies/<slug:code>/close/", bodies.body_close, name="body-close"),
    path("bodies/<slug:code>/open/", bodies.body_open, name="body-open"),
    path("bodies/<slug:code>/counterparts/", bodies.counterpart_set, name="counterpart-set"),
    path("counterparts/<int:pk>/remove/", bodies.counterpart_remove, name="counterpart-remove"),
    # Sign-in security
    path("security/", security.security, name="security"),
    path("security/unlock/", security.unlock, name="unlock"),
    path("security/values/<slug:key>/", security.security_set, name="security-set"),
    path("security/sessions/", security.sessions, name="sessions"),
]
