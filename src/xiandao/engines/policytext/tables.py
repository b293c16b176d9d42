"""Walks the lines of a text, finds its tables and puts their rows together."""

from xiandao.engines.policytext.bodies import looks_like_bodies
from xiandao.engines.policytext.furniture import is_foot
from xiandao.engines.policytext.marks import Style, read_mark
from xiandao.engines.policytext.tablerows import (
    HEADER,
    Cell,
    Line,
    Table,
    header_names,
    is_rule_line,
    is_section_sequence,
    is_sequence,
    looks_like_deadline,
    sequence_number,
    split_cells,
    squash,
    words_of,
)

Row = tuple[Cell | None, ...]


def find_tables(flat: str, lines: list[Line]) -> list[Table]:
    """All tables of the text, in order. Lines that belong to one are listed in its `lines`."""
    tables: list[Table] = []
    i = 0
    while i < len(lines):
        table = _row_table(flat, lines, i) or _stacked_table(flat, lines, i)
        if table is None or not table.rows:
            i += 1
            continue
        tables.append(table)
        i = table.lines[-1] + 1
    return tables


def _row_table(flat: str, lines: list[Line], first: int) -> Table | None:
    """A table with one row to a line or few lines."""
    cells = split_cells(flat, lines[first], loose=False)
    names, loose = header_names(flat, cells), False
    if names is None and len(cells) <= 2:
        names, loose = header_names(flat, split_cells(flat, lines[first], loose=True)), True
    if names is None:
        return None
    reader = _RowReader(flat, names, loose=loose)
    used = [first]
    i = first + 1
    blanks = 0
    while i < len(lines):
        line = lines[i]
        text = squash(flat[line.start : line.end])
        if not text:
            blanks += 1
            i += 1
            continue
        if is_rule_line(flat, line) or (names and header_names(flat, split_cells(flat, line, loose=loose)) == names):
            used.append(i)
            i += 1
            continue
        following = _next_filled(flat, lines, i)
        if not reader.take(line, lines[following] if i < following < len(lines) else None, after_blank=blanks > 0):
            break
        used.append(i)
        blanks = 0
        i += 1
    return reader.table(lines[first].start, lines[used[-1]].end, tuple(used))


class _RowReader:
    """Collects the rows of one table, line by line."""

    def __init__(self, flat: str, names: tuple[str, ...], *, loose: bool) -> None:
        self.flat = flat
        self.names = names
        self.loose = loose
        self.rows: list[list[Cell | None]] = []
        self.sections: list[tuple[int, Cell]] = []
        self.numbered = bool(names) and squash(names[0]) in ("序号", "编号", "项号", "No", "No.")
        self.open = False

    def take(self, line: Line, following: Line | None, *, after_blank: bool) -> bool:
        """Adds a line; False when it no longer belongs to the table. `following` is the next line with words."""
        cells = split_cells(self.flat, line, loose=self.loose)
        words = [words_of(self.flat, c) for c in cells]
        filled = [w for w in words if w]
        if is_foot(squash(self.flat[line.start : line.end])):
            return False
        if self._section(cells, words, filled, line):
            if following is None or not self._row_ahead(following):
                self.sections.pop()
                return False
            return True
        if not self._starts_row(words) and self._heading(line, filled):
            return False
        if len(filled) == 1 and not self._continues(filled[0], after_blank=after_blank):
            return False
        width = len(self.names)
        if self._starts_row(words):
            self.rows.append(list(cells[:width]))
            self.open = len(cells) < width
            return True
        if not self.rows:
            if len(cells) >= max(3, width - 1):
                self.rows.append(list(cells[:width]))
                return True
            return False
        self._continue_row(cells)
        return True

    def _section(self, cells: list[Cell], words: list[str], filled: list[str], line: Line) -> bool:
        """A row that only parts the table: 一 科技创新行动."""
        whole = squash(self.flat[line.start : line.end])
        mark = read_mark(self.flat[line.start : line.end].strip())
        if (
            len(filled) == 2
            and is_section_sequence(words[0])
            and len(filled[1]) <= 40
            and not self._row_numbers_chinese()
        ):
            place = next(c for c, w in zip(cells[1:], words[1:], strict=True) if w)
            self.sections.append((len(self.rows), place))
            return True
        if (
            len(filled) == 1
            and mark
            and is_section_sequence(mark.label)
            and len(whole) <= 40
            and whole[-1] not in "。；，、"
        ):
            cell = next(c for c, w in zip(cells, words, strict=True) if w)
            cut = self.flat[cell[0] : cell[1]]
            self.sections.append(
                (len(self.rows), (cell[0] + mark.length if len(cut) > mark.length else cell[0], cell[1]))
            )
            return True
        return False

    def _row_ahead(self, line: Line) -> bool:
        """Whether the line after a section row is a row again."""
        words = [words_of(self.flat, c) for c in split_cells(self.flat, line, loose=self.loose)]
        return len([w for w in words if w]) >= 2 and (is_sequence(words[0]) or len(words) >= len(self.names) - 1)

    def _heading(self, line: Line, filled: list[str]) -> bool:
        """Whether a line that starts no row is a heading or prose of the text around the table."""
        mark = read_mark(self.flat[line.start : line.end].strip())
        if mark is not None and mark.style <= Style.PAREN and (mark.style != Style.PAREN or not self.open):
            return True
        prose = len(filled) == 1 and len(filled[0]) > 60 and "。" in filled[0]
        return prose or (self.loose and not self.open and len(filled) > 1)

    def _row_numbers_chinese(self) -> bool:
        return bool(self.rows) and is_section_sequence(words_of(self.flat, self.rows[0][0])) and len(self.rows[0]) > 2

    def _continues(self, words: str, *, after_blank: bool) -> bool:
        """Whether a line of one cell can be the rest of the row above."""
        if not self.rows or (after_blank and not self.open):
            return False
        last = words_of(self.flat, self.rows[-1][-1] if self.rows[-1] else None)
        if words.startswith(("说明", "注：", "备注：", "附件", "附：")):
            return False
        if self.open:
            return True
        return (
            last.endswith(("、", "，", "；"))
            or (looks_like_bodies(words) and looks_like_bodies(last))
            or looks_like_deadline(last + words)
        )

    def _starts_row(self, words: list[str]) -> bool:
        if not words:
            return False
        if self.numbered:
            if is_sequence(words[0]):
                return len(words) > 1
            return words[0] == "" and len([w for w in words if w]) >= 2 and len(words) >= len(self.names)
        return len(words) >= len(self.names) and not self.open

    def _continue_row(self, cells: list[Cell]) -> None:
        row = self.rows[-1]
        width = len(self.names)
        have, new = len(row), len(cells)
        if have >= width:
            self._merge_columns(row, cells)
            return
        last = words_of(self.flat, row[-1])
        joined = have + new - 1
        carry = joined >= width or last.endswith(("；", "、", "，", "：")) or (have + new > width)
        if have + new == width and not last.endswith(("、", "，")) and not (last.endswith("；") and joined == width):
            carry = False
        if carry and row:
            row[-1] = _span(row[-1], cells[0])
            cells = cells[1:]
        row.extend(cells[: width - len(row)])
        self.open = len(row) < width

    def _merge_columns(self, row: list[Cell | None], cells: list[Cell]) -> None:
        """The rest of a full row: lists of bodies join bodies, dates join dates, anything else the last cell."""
        for cell in cells:
            words = words_of(self.flat, cell)
            place = len(row) - 1
            for i, old in enumerate(row):
                known = words_of(self.flat, old)
                if looks_like_bodies(words) and looks_like_bodies(known) and old is not None and old[1] <= cell[0]:
                    place = i
            row[place] = _span(row[place], cell)

    def table(self, start: int, end: int, lines: tuple[int, ...]) -> Table:
        rows = tuple(self._aligned(row) for row in self.rows)
        return Table(start, end, self.names, rows, tuple(self.sections), lines)

    def _aligned(self, row: list[Cell | None]) -> Row:
        """The row with as many cells as columns; a date or list of bodies goes to a column that names it."""
        width = len(self.names)
        if len(row) >= width:
            return tuple(row[:width])
        placed: list[Cell | None] = [None] * width
        free = 0
        for cell in row:
            words = words_of(self.flat, cell)
            target = free
            if looks_like_deadline(words):
                target = self._column("时", "期", "进度", "节点", after=free, default=free)
            elif looks_like_bodies(words):
                target = self._column("单位", "部门", "牵头", "责任", "主体", after=free, default=free)
            while target < width and placed[target] is not None:
                target += 1
            if target < width:
                placed[target] = cell
                free = target + 1
        return tuple(placed)

    def _column(self, *keys: str, after: int, default: int) -> int:
        for i in range(after, len(self.names)):
            if any(k in self.names[i] for k in keys):
                return i
        return default


def _span(left: Cell | None, right: Cell) -> Cell:
    return right if left is None or left[0] == left[1] else (left[0], right[1])


def _stacked_table(flat: str, lines: list[Line], first: int) -> Table | None:
    """A table with one cell to a line: header names on lines of their own, then the cells of each row in turn."""
    filled: list[int] = []
    names: list[str] = []
    for i in range(first, min(len(lines), first + 40)):
        text = squash(flat[lines[i].start : lines[i].end])
        if not text:
            continue
        if len(text) > 16 or not HEADER.fullmatch(text):
            break
        filled.append(i)
        names.append(text)
    if len(names) < 3 or names[0] not in ("序号", "编号", "项号"):
        return None
    return _stacked_rows(flat, lines, first, filled[-1] + 1, tuple(names))


def _stacked_rows(flat: str, lines: list[Line], first: int, start: int, names: tuple[str, ...]) -> Table | None:
    rows: list[list[Cell | None]] = []
    sections: list[tuple[int, Cell]] = []
    used = list(range(first, start))
    wanted = 1
    i = start
    while i < len(lines):
        line = lines[i]
        text = squash(flat[line.start : line.end])
        if not text:
            i += 1
            continue
        cell = (line.start, line.end)
        if text in names and names.index(text) == 0:
            i = _skip_header(flat, lines, i, names, used)
            continue
        if is_section_sequence(text) and (not rows or len(rows[-1]) >= 3) and i + 1 < len(lines):
            after = min(_next_filled(flat, lines, i), len(lines) - 1)
            sections.append((len(rows), (lines[after].start, lines[after].end)))
            used.extend((i, after))
            i = after + 1
            continue
        if sequence_number(text) in (wanted, 1) and (not rows or len(rows[-1]) >= len(names) - 1):
            rows.append([cell])
            wanted = (sequence_number(text) or 0) + 1
        elif not rows or (len(rows[-1]) >= len(names) and not _more(flat, rows[-1], text)) or is_foot(text):
            break
        elif len(rows[-1]) >= len(names) or _more(flat, rows[-1], text):
            rows[-1][-1] = _span(rows[-1][-1], cell)
        else:
            rows[-1].append(cell)
        used.append(i)
        i += 1
    reader = _RowReader(flat, names, loose=False)
    reader.rows, reader.sections = [r for r in rows if len(r) >= 3], sections
    return reader.table(lines[first].start, lines[used[-1]].end, tuple(used)) if reader.rows else None


def _skip_header(flat: str, lines: list[Line], i: int, names: tuple[str, ...], used: list[int]) -> int:
    """Past a header printed again at the top of a page."""
    for name in names:
        while i < len(lines) and not squash(flat[lines[i].start : lines[i].end]):
            i += 1
        if i < len(lines) and squash(flat[lines[i].start : lines[i].end]) == name:
            used.append(i)
            i += 1
    return i


def _next_filled(flat: str, lines: list[Line], i: int) -> int:
    i += 1
    while i < len(lines) - 1 and not squash(flat[lines[i].start : lines[i].end]):
        i += 1
    return i


def _more(flat: str, row: list[Cell | None], text: str) -> bool:
    """Whether a line goes on with the cell above it: the cell ends open, or both are parts of one list."""
    last = words_of(flat, row[-1])
    if len(row) < 2:
        return False
    return last.endswith(("、", "，", "；", "（", "：")) or text[0] in "、，；）" or last.count("（") > last.count("）")
