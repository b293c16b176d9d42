"""Addresses of the overview, the roll-up, targets' baselines, paths and shares, and splits of measures."""

from django.urls import URLPattern, path

from xiandao.domains.progress.views import (
    overview,
    planning_lists,
    planning_rows,
    planning_shares,
    planning_split,
    planning_standing,
    planning_targets,
)

patterns: list[URLPattern] = [
    path("", overview.overview, name="overview"),
    path("standing/", planning_standing.StandingList.as_view(), name="standing"),
    path("rollup/<slug:plan>/", overview.rollup, name="rollup"),
    path("targets/", planning_lists.TargetPlanList.as_view(), name="targets"),
    path("targets/<slug:plan>/<str:key>/", planning_targets.target_plan, name="target-plan"),
    path("targets/<slug:plan>/<str:key>/baseline/", planning_targets.target_baseline, name="target-baseline"),
    path("targets/<slug:plan>/<str:key>/path/", planning_targets.target_path, name="target-path"),
    path("targets/<slug:plan>/<str:key>/path/remove/", planning_targets.target_path_remove, name="target-path-remove"),
    path("targets/<slug:plan>/<str:key>/shares/", planning_shares.target_shares, name="target-shares"),
    path(
        "targets/<slug:plan>/<str:key>/shares/withdraw/",
        planning_shares.target_shares_withdraw,
        name="target-shares-withdraw",
    ),
    path("targets/<slug:plan>/<str:key>/rows/<slug:kind>/", planning_rows.target_rows, name="target-rows"),
    path("shares/<int:pk>/", planning_shares.share_set, name="share-set"),
    path("measures/<slug:plan>/<str:key>/split/", planning_split.measure_split, name="measure-split"),
    path(
        "measures/<slug:plan>/<str:key>/split/withdraw/",
        planning_split.measure_split_withdraw,
        name="measure-split-withdraw",
    ),
]
