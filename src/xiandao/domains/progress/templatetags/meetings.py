"""Template vocabulary of meeting papers."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from xiandao.domains.progress.meeting import MeetingContent, Number, printed
from xiandao.domains.progress.meeting.model import Words
from xiandao.domains.progress.meeting.pen import UNKNOWN

register = template.Library()


@register.simple_tag
def words(said: Words, content: MeetingContent, *, narrow: bool = False) -> SafeString:
    """Write a sentence or cell; a number leads to its rows and carries its footnote."""
    return format_html_join("", "{}", ((_word(word, content, narrow=narrow),) for word in said))


@register.simple_tag
def a_number(found: Number | None) -> SafeString | str:
    """Write one number; a dash where there is none."""
    return UNKNOWN if found is None else _word(found, None, narrow=False)


def _word(word: str | Number, content: MeetingContent | None, *, narrow: bool) -> SafeString | str:
    if isinstance(word, str):
        return word
    text, note = printed(word, narrow=narrow), content.note_of(word.note) if content else ""
    if not word.url:
        return format_html('<span title="{}">{}</span>', note, text)
    return format_html('<a class="papers-number" href="{}" title="{}">{}</a>', word.url, note, text)
