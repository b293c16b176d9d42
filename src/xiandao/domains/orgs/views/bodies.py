"""Organisations, for the system administrator."""

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xiandao.domains.orgs import actions, queries
from xiandao.domains.orgs.access import Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.filters import BodyFilter
from xiandao.domains.orgs.forms import BodyForm, CounterpartForm, NewBodyForm, add_refusal
from xiandao.domains.orgs.models import Counterpart, Organisation, Post
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.tables import BodyTable
from xiandao.domains.orgs.views.access import form_answer, tried
from xiandao.domains.shared.lists import ListPage

form_page = require_http_methods(["GET", "POST"])
managers = needs(Can.MANAGE_PEOPLE)


class Bodies(ListPage):
    """Every organisation."""

    table_class = BodyTable
    filterset_class = BodyFilter
    template_name = "orgs/bodies.html"
    title = gettext_lazy("机构")
    empty = gettext_lazy("没有符合条件的机构。")

    def get_queryset(self) -> QuerySet[Organisation]:
        held = Post.holding(timezone.localdate(), prefix="posts__")
        return (
            queries.organisations()
            .annotate(n_posts=Count("posts", filter=held, distinct=True))
            .order_by("order", "code")
        )


bodies = managers(Bodies.as_view())


@require_GET
@managers
def tree(request: Request) -> HttpResponse:
    """Show the organisations as a tree of places."""
    return render(request, "orgs/tree.html", {"places": queries.tree()})


def _body(code: str) -> Organisation:
    try:
        return queries.organisation(code)
    except Organisation.DoesNotExist:
        raise Http404 from None


def _body_page(request: Request, body: Organisation, form: CounterpartForm, *, status: int = 200) -> HttpResponse:
    context = {
        "body": body,
        "children": body.children.select_related("region"),
        "posts": queries.posts_held().filter(organisation=body).select_related("user"),
        "counterparts": queries.counterparts_of(body),
        "serves": queries.served_by(body),
        "form": form,
    }
    return render(request, "orgs/body.html", context, status=status)


@require_GET
@managers
def body(request: Request, code: str) -> HttpResponse:
    """Show one organisation: who works there, what stands under it, its counterparts."""
    found = _body(code)
    return _body_page(request, found, CounterpartForm(department=found))


@form_page
@managers
def body_new(request: Request) -> HttpResponse:
    """Add an organisation; `region` and `parent` in the address are filled in beforehand."""
    initial = {name: request.GET[name] for name in ("region", "parent") if name in request.GET}
    form = NewBodyForm(request.POST or None, initial=initial)
    refusal = None
    if request.method == "POST" and form.is_valid():
        facts = actions.BodyFacts(**form.facts())
        try:
            made = actions.add_body(request.viewer, code=form.cleaned_data["code"].strip(), facts=facts)
        except Refused as refused:
            refusal = refused
            add_refusal(form, refused)
        else:
            messages.success(request, _("已新增%(name)s。") % {"name": made.label})
            return redirect("orgs:body", made.code)
    return form_answer(request, "orgs/body_new.html", form, refusal=refusal)


@form_page
@managers
def body_edit(request: Request, code: str) -> HttpResponse:
    """Correct an organisation."""
    found = _body(code)
    fields = ("name", "full_name", "name_en", "kind", "credit_code", "note")
    initial = {name: getattr(found, name) for name in fields} | {
        "region": found.region_id,
        "parent": found.parent.code if found.parent else None,
        "aliases": "\n".join(alias.name for alias in found.aliases.all() if not alias.document),
    }
    form = BodyForm(request.POST or None, initial=initial)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_body(request.viewer, code=code, facts=actions.BodyFacts(**form.facts()))
        except Refused as refused:
            refusal = refused
            add_refusal(form, refused)
        else:
            messages.success(request, _("已保存。"))
            return redirect("orgs:body", code)
    return form_answer(request, "orgs/body_edit.html", form, refusal=refusal, body=found)


@require_POST
@managers
def body_close(request: Request, code: str) -> HttpResponse:
    """Take an organisation out of use."""
    found, reason = _body(code), request.POST.get("reason", "")
    done = _("%(name)s已停用。") % {"name": found.label}
    return tried(request, lambda: actions.close_body(request.viewer, code=code, reason=reason), done, "orgs:body", code)


@require_POST
@managers
def body_open(request: Request, code: str) -> HttpResponse:
    """Take an organisation into use again."""
    done = _("%(name)s已启用。") % {"name": _body(code).label}
    return tried(request, lambda: actions.open_body(request.viewer, code=code), done, "orgs:body", code)


@require_POST
@managers
def counterpart_set(request: Request, code: str) -> HttpResponse:
    """Say which body of another place does a department's work there."""
    department = _body(code)
    form = CounterpartForm(request.POST, department=department)
    status = 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.set_counterpart(request.viewer, department=department, bureau=data["bureau"], source=data["source"])
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("对口关系已保存。"))
            return redirect("orgs:body", code)
    return _body_page(request, department, form, status=status)


@require_POST
@managers
def counterpart_remove(request: Request, pk: int) -> HttpResponse:
    """Take a counterpart relation away."""
    row = Counterpart.objects.filter(Q(pk=pk)).select_related("department").first()
    if row is None:
        raise Http404
    code = row.department.code
    return tried(
        request, lambda: actions.remove_counterpart(request.viewer, pk=pk), _("对口关系已取消。"), "orgs:body", code
    )
