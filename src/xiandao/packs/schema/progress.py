"""progress.yaml: how this jurisdiction reports progress: letter numbers, tolerances, kinds of result, digest hour."""

from typing import Annotated

from pydantic import Field

from xiandao.packs.schema.common import Line, PackModel, Source


class ProgressFile(PackModel):
    """The whole of progress.yaml.

    ``letter_mark``: what stands before 〔year〕 in a reminder letter's number. ``path_tolerance``: share of the value
    expected by a day that a target may fall short of and still be slightly behind. ``similar_name``: likeness (0–1)
    from which two names are asked about. ``digest_hour``: local hour of the e-mail digest.
    ``remind_days_before``: working days before the last day on which a task is brought up again. ``done_list_days``:
    how many days back the list of tasks done reaches. ``notice_major_from``: yuan from which a proposed result is
    noticed for the longer time (notice.publicity_major).
    """

    letter_mark: Line
    letter_issuer: Line
    path_tolerance: Annotated[float, Field(gt=0, lt=1)]
    similar_name: Annotated[float, Field(gt=0.5, le=1)]
    digest_hour: Annotated[int, Field(ge=0, le=23)]
    remind_days_before: Annotated[int, Field(ge=0, le=30)]
    done_list_days: Annotated[int, Field(ge=1, le=3650)]
    notice_major_from: Annotated[int, Field(ge=0)]
    source: Source
