"""Signing in and out, and choosing the post one acts in."""

from django.contrib.auth import logout
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from xiandao.domains.orgs import queries
from xiandao.domains.orgs.actions import sign_in_recorded
from xiandao.domains.orgs.middleware import POST_KEY


class SignIn(LoginView):
    """The sign-in page. In demonstration mode it lists the demonstration accounts."""

    template_name = "orgs/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"demo_accounts": queries.demo_accounts()}

    def form_valid(self, form: object) -> HttpResponse:
        answer = super().form_valid(form)
        viewer = queries.viewer_of(self.request.user)
        sign_in_recorded(viewer.at(self.request.META.get("REMOTE_ADDR")))
        return answer


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("web:home")


@require_POST
def choose_post(request: HttpRequest) -> HttpResponse:
    """Act in another of one's posts from now on; a post one does not hold changes nothing."""
    if request.user.is_authenticated:
        wanted = request.POST.get("post", "")
        held = {str(post.id): post.id for post in queries.current_posts(request.user)}
        if wanted in held:
            request.session[POST_KEY] = held[wanted]
    return redirect("web:home")
