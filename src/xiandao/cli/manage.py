"""`xiandao manage …`: Django's own management commands, with the settings `xiandao run` uses."""

import typer

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
"""Everything after `manage` belongs to Django, --help included."""


def manage(context: typer.Context) -> None:
    """Hand the command line on to Django."""
    from xiandao.cli.database import read_settings

    read_settings()
    from django.core.management import ManagementUtility

    ManagementUtility(["xiandao manage", *context.args]).execute()
