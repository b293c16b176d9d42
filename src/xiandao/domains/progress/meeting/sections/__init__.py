"""The parts of meeting papers, in the order they are read."""

from xiandao.domains.progress.meeting.sections.annex import new_results
from xiandao.domains.progress.meeting.sections.late import late_matters
from xiandao.domains.progress.meeting.sections.matters import matters
from xiandao.domains.progress.meeting.sections.overview import overview
from xiandao.domains.progress.meeting.sections.parties import by_city, by_department
from xiandao.domains.progress.meeting.sections.problems import problems

SECTIONS = (overview, late_matters, problems, by_department, by_city, matters)
ANNEXES = (new_results,)

__all__ = ["ANNEXES", "SECTIONS"]
