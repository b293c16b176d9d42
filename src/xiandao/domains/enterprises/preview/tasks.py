"""Background work of previews."""

from django_tasks import task


@task()
def try_draft(pk: int) -> None:
    """Compare a draft with its base on the register somebody asked for."""
    from xiandao.domains.enterprises.preview.work import work

    work(pk)
