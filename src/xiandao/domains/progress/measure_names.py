"""Names of measures and targets, which progress refers to by plan and key, from the versions in force."""

from xiandao.domains.orgs.viewer import PUBLIC
from xiandao.domains.plans.models import Measure, Target, VersionState

Names = dict[tuple[int, str], str]


def measure_names() -> Names:
    """Return the name of every measure in force by (plan id, key), in the reader's language. One query."""
    rows = Measure.objects.visible_to(PUBLIC).filter(version__state=VersionState.PUBLISHED)
    rows = rows.select_related("version").only("key", "no", "name", "name_en", "version__plan_id")
    return {(row.version.plan_id, row.key): f"{row.no} {row.label}" for row in rows}


def target_names() -> Names:
    """Return the name of every target in force by (plan id, key), in the reader's language. One query."""
    rows = Target.objects.visible_to(PUBLIC).filter(version__state=VersionState.PUBLISHED)
    rows = rows.select_related("version").only("key", "name", "name_en", "version__plan_id")
    return {(row.version.plan_id, row.key): row.label for row in rows}
