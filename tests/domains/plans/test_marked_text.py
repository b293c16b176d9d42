"""The text cut into pieces: nothing lost, the innermost item wins, headings known."""

from hypothesis import given
from hypothesis import strategies as st

from xiandao.domains.plans.text import Mark, marked_lines


def mark(start, end, kind="target", key="T"):
    return Mark(start, end, kind, key, f"/{key}", key)


def test_the_innermost_mark_covers_its_words():
    text = "一、行动\n1.任务。建设10个中心。(甲部门负责)\n"
    measure, target = mark(5, 25, "measure", "M"), mark(10, 16, "target", "T")
    (first, second) = marked_lines(text, [measure, target, mark(0, 25, "action", "A")])
    assert first.heading == "action"
    assert [(p.text, p.mark.key) for p in second.pieces] == [
        ("1.任务。", "M"),
        ("建设10个中", "T"),
        ("心。", "M"),
        ("(甲部门负责)", "M"),
    ]


def test_a_mark_over_several_lines_covers_each():
    lines = marked_lines("甲乙\n\n丙丁", [mark(1, 5)])
    assert [[(p.text, bool(p.mark)) for p in line.pieces] for line in lines] == [
        [("甲", False), ("乙", True)],
        [("丙", True), ("丁", False)],
    ]


def test_text_without_marks_is_cut_at_sentences():
    (line,) = marked_lines("甲。乙；丙", [])
    assert [p.text for p in line.pieces] == ["甲。", "乙；", "丙"]


@given(st.text("甲乙。；\n\r 1", max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=6))
def test_no_character_is_lost(text, places):
    marks = [mark(a, min(a + n, len(text)), key=f"K{i}") for i, (a, n) in enumerate(places) if a < len(text)]
    lines = marked_lines(text, marks)
    whole = ["".join(p.text for p in line.pieces) for line in lines]
    assert whole == [raw for raw in text.splitlines() if raw.strip()]
    for line in lines:
        for piece in line.pieces:
            assert text[piece.start : piece.start + len(piece.text)] == piece.text
            if piece.mark:
                assert piece.mark.start <= piece.start
                assert piece.start + len(piece.text) <= piece.mark.end
