"""Addresses of problems and reminder letters."""

from django.urls import URLPattern, path

from xiandao.domains.progress.views import letters, problem_lists, problems

patterns: list[URLPattern] = [
    path("problems/", problem_lists.ProblemList.as_view(), name="problems"),
    path("problems/waiting/", problem_lists.waiting, name="problems-waiting"),
    path("problems/new/", problems.new, name="problem-new"),
    path("problems/<str:code>/", problems.page, name="problem"),
    path("problems/<str:code>/<slug:step>/", problems.step, name="problem-step"),
    path("letters/", letters.LetterList.as_view(), name="letters"),
    path("letters/new/", letters.new, name="letter-new"),
    path("letters/<int:pk>/", letters.page, name="letter"),
    path("letters/<int:pk>/edit/", letters.edit, name="letter-edit"),
    path("letters/<int:pk>/letter.<str:form>", letters.download, name="letter-download"),
    path("letters/<int:pk>/<slug:step>/", letters.step, name="letter-step"),
]
