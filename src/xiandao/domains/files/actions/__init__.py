"""What can be done to files."""

from xiandao.domains.files.actions.attaching import attach, detach

__all__ = ["attach", "detach"]
