"""Background work on files handed in."""

from django_tasks import task


@task()
def check_file(pk: int) -> None:
    """Check a file and say what it would change."""
    from xiandao.domains.progress.actions.excel_work import check_import

    check_import(pk)


@task()
def save_file(pk: int) -> None:
    """Save a file somebody has confirmed."""
    from xiandao.domains.progress.actions.excel_work import save_import

    save_import(pk)
