"""Template filters that give the codes of the log their names."""

from django import template

from xiandao.domains.audit.registry import action_label, kind_label

register = template.Library()
register.filter("action_label", action_label)
register.filter("kind_label", kind_label)
