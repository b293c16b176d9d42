"""Background work of this domain."""

from django_tasks import task


@task()
def check_register_file(pk: int) -> None:
    """Check a register handed in and say what it would change."""
    from xiandao.domains.enterprises.actions.registers_work import check

    check(pk)


@task()
def load_register_version(pk: int) -> None:
    """Load a register somebody has confirmed."""
    from xiandao.domains.enterprises.actions.registers_work import load

    load(pk)


@task()
def identify_register(pk: int) -> None:
    """Identify the register in force for a run somebody has started."""
    from xiandao.domains.enterprises.actions.runs_work import work

    work(pk)
