"""Reads one YAML 1.2 file of a pack safely: plain data plus the line of every value, and all hazards refused.

Works on libyaml's event stream, so one fast pass gives data and lines; no object is ever constructed
from a tag, and anchors, aliases, tags and duplicate keys are faults, not features.
"""

import math
import re
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from xiandao.packs.faults import Fault

MAX_BYTES: Final = 4_000_000
MAX_DEPTH: Final = 32
MAX_NODES: Final = 300_000

_INT = re.compile(r"[-+]?[0-9]{1,40}\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_CONSTANTS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # same events; the C parser where PyYAML has it

Path = tuple[str | int, ...]


class Refused(Exception):  # noqa: N818 — carries one fault out of the event loop, no error of the program
    """A file that is not read any further, with the fault that says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(slots=True)
class Marks:
    """Where a node stands: its own line, the lines of its keys, the marks of its children."""

    line: int
    keys: dict[str, int] = field(default_factory=dict)
    children: dict[str | int, "Marks"] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """Return the line of the node at ``path``: of its key in a mapping, else of the deepest node known."""
        node, line = self, self.line
        for step in path:
            if isinstance(step, str) and step in node.keys:
                line = node.keys[step]
            if step not in node.children:
                return line
            node = node.children[step]
            line = node.line if isinstance(step, int) else line
        return line


@dataclass(slots=True)
class Document:
    """One file read: its name in the pack, its data and the marks to find lines; faults met on the way."""

    file: str
    data: Any
    marks: Marks
    faults: list[Fault] = field(default_factory=list)

    def line_of(self, path: Path) -> int:
        """Return the line (from 1) where ``path`` stands in the file."""
        return self.marks.line_of(path)


def resolve(text: str) -> str | int | float | bool | None:
    """Return the value of a plain scalar by the core schema of YAML 1.2 (no yes/no, no sexagesimals, no dates)."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INT.match(text):
        return int(text)
    number = float(text) if _FLOAT.match(text) else math.nan
    return number if math.isfinite(number) else text


@dataclass(slots=True)
class _Open:
    """A mapping or sequence being read; ``key`` is the key read last, ``awaits`` whether its value is still to come."""

    value: dict[str, Any] | list[Any]
    marks: Marks
    key: str | None = None
    awaits: bool = False


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 0


class _Builder:
    """Turns the event stream of one document into data and marks."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.stack: list[_Open] = []
        self.root: tuple[Any, Marks] | None = None
        self.nodes = 0

    def refuse(self, event: yaml.Event, found: str, expected: str, mend: str) -> Refused:
        line = _line(event)
        return Refused(Fault(self.file, line, self.field_name(), found, expected, mend))

    def field_name(self) -> str:
        """Return the path of the node being read."""
        steps: list[str | int] = []
        for level in self.stack:
            if isinstance(level.value, list):
                inside = level is not self.stack[-1]  # the item that is open has been counted
                steps.append(len(level.value) - inside)
            elif level.key is not None and (level.awaits or level is not self.stack[-1]):
                steps.append(level.key)
        return field_path(tuple(steps))

    def feed(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise self.refuse(event, f"引用 *{event.anchor}", "不使用锚点与引用", "把被引用的内容直接写出")
        if isinstance(event, yaml.NodeEvent):
            self._node(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise self.refuse(event, "第二个文档（---）", "每个文件只有一个文档", "把第二个文档移到另一个文件")

    def _node(self, event: Any) -> None:
        if event.anchor is not None:
            raise self.refuse(event, f"锚点 &{event.anchor}", "不使用锚点与引用", "删去锚点")
        if event.tag is not None:
            raise self.refuse(event, f"标签 {event.tag}", "不使用标签", "删去标签，文本可加引号")
        self.nodes += 1
        if self.nodes > MAX_NODES or len(self.stack) > MAX_DEPTH:
            raise self.refuse(event, "过多或过深的内容", f"至多 {MAX_NODES} 项、{MAX_DEPTH} 层", "拆分文件或减少层次")
        marks = Marks(_line(event))
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, marks)
            return
        value: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._attach(event, value, marks)
        self.stack.append(_Open(value, marks))

    def _scalar(self, event: yaml.ScalarEvent, marks: Marks) -> None:
        parent = self.stack[-1] if self.stack else None
        if parent is None or isinstance(parent.value, list) or parent.awaits:
            self._attach(event, resolve(event.value) if event.implicit[0] else event.value, marks)
            return
        parent.key, parent.awaits = event.value, True
        if event.value in parent.marks.keys:
            first = parent.marks.keys[event.value]
            found = f"字段 {event.value} 又出现一次（首次在第 {first} 行）"
            self.faults.append(
                Fault(self.file, marks.line, self.field_name(), found, "每个字段只写一次", "删去其中一处")
            )
        else:
            parent.marks.keys[event.value] = marks.line

    def _attach(self, event: yaml.Event, value: Any, marks: Marks) -> None:
        if not self.stack:
            self.root = (value, marks)
            return
        parent = self.stack[-1]
        if isinstance(parent.value, list):
            parent.marks.children[len(parent.value)] = marks
            parent.value.append(value)
        elif parent.key is None or not parent.awaits:
            raise self.refuse(event, "列表或映射作字段名", "字段名为文本", "把字段名改成一个词")
        else:
            parent.marks.children[parent.key] = marks
            parent.value[parent.key] = value
            parent.awaits = False


def field_path(path: Path) -> str:
    """Return ``path`` as people write it: ``actions[0].measures[2].title``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else (f".{step}" if text else step)
    return text


def _syntax_fault(file: str, error: yaml.YAMLError, text: str) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        line = mark.line + 1
        problem = str(getattr(error, "problem", error))
    else:  # a ReaderError: a character YAML does not allow, at a position counted in characters
        position = int(getattr(error, "position", 0) or 0)
        line = text.count("\n", 0, position) + 1
        problem = str(getattr(error, "reason", error))
    return Fault(
        file,
        line,
        "",
        f"YAML 语法错误（{problem}）",
        "合乎 YAML 1.2 的内容",
        "检查该行及上一行的缩进、冒号、引号和括号",
    )


def read_yaml(file: str, raw: bytes) -> Document:
    """Read one YAML file.

    ``file`` is its name inside the pack, ``raw`` its bytes (UTF-8). Returns data, marks and the duplicate
    keys found. Raises Refused for what cannot be read on: too large, not UTF-8, wrong syntax, anchors, tags,
    more than one document, too deep, empty.
    """
    text = decode(file, raw)
    builder = _Builder(file)
    loader = _Loader(text.removeprefix("\ufeff"))
    try:
        while loader.check_event():
            builder.feed(loader.get_event())
    except yaml.YAMLError as error:
        raise Refused(_syntax_fault(file, error, text)) from error
    finally:
        loader.dispose()
    if builder.root is None or builder.root[0] is None:
        raise Refused(Fault(file, 0, "", "空文件", "有内容的 YAML", "补上内容或删去文件"))
    return Document(file, *builder.root, builder.faults)


def decode(file: str, raw: bytes) -> str:
    """Return the text of ``raw``. Raises Refused when it is too large or not UTF-8 (names the line)."""
    if len(raw) > MAX_BYTES:
        found, expected = f"超过 {MAX_BYTES:,} 字节的内容", f"至多 {MAX_BYTES:,} 字节"
        raise Refused(Fault(file, 0, "", found, expected, "拆分文件，或检查是否放错了文件"))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = f"非 UTF-8 字节 0x{raw[error.start]:02X}"
        raise Refused(Fault(file, line, "", found, "UTF-8 编码的文本", "用编辑器另存为 UTF-8")) from error
