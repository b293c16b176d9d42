"""What differs between two sets of papers: numbers by their keys, and texts."""

from dataclasses import dataclass

from xiandao.domains.progress.meeting.model import Grid, MeetingContent, Number


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that is another in two sets of papers. `before` or `after` is None where one of them has no such number;
    a number that is there and unknown has the value None.
    """

    key: str
    before: Number | None
    after: Number | None
    label: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`equal`: word for word; or, `worded_otherwise` since by a newer product, number by number."""

    equal: bool
    numbers: tuple[Difference, ...]
    texts: bool
    worded_otherwise: bool = False


def differences(before: MeetingContent, after: MeetingContent) -> tuple[Difference, ...]:
    """Return the numbers whose value differs, in the order of the later papers, then those only the earlier had."""
    old, new = before.numbers(), after.numbers()
    labels = {**labels_of(before), **labels_of(after)}
    keys = [*new, *(key for key in old if key not in new)]
    return tuple(
        Difference(key, old.get(key), new.get(key), labels.get(key, key))
        for key in keys
        if (key in old) != (key in new) or old[key].value != new[key].value
    )


def compare(stored: MeetingContent, made_again: MeetingContent) -> Comparison:
    """Return whether papers made again for the same moment say the same."""
    found = differences(stored, made_again)
    if stored.schema != made_again.schema:
        return Comparison(equal=not found, numbers=found, texts=False, worded_otherwise=True)
    equal = stored.canonical() == made_again.canonical()
    return Comparison(equal=equal, numbers=found, texts=not equal and not found)


def labels_of(content: MeetingContent) -> dict[str, str]:
    """Return what each number is about, in words: table, line and column, or the footnote's first words."""
    found: dict[str, str] = {}
    notes = dict(content.notes)
    for part in (*content.sections, *content.annexes):
        for block in part.blocks:
            found |= _labels_of(block, part.title) if isinstance(block, Grid) else {}
        for number in part.numbers():
            found.setdefault(number.key, f"{part.title} · {notes.get(number.note, number.key).split('；')[0]}")
    return found


def _labels_of(grid: Grid, title: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in grid.cells:
        line = "".join(word for word in row[0][1] if isinstance(word, str))
        for column, cell in row:
            numbers = (word for word in cell if isinstance(word, Number))
            found |= {number.key: f"{title} · {line} · {column.name}" for number in numbers}
    return found
