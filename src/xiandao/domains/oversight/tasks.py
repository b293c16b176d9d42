"""Background work on the audit log."""

from django_tasks import task

from xiandao.domains.oversight import actions


@task()
def verify_log(pk: int) -> None:
    """Carry out a verification asked for on the page."""
    actions.finish_check(pk=pk)
