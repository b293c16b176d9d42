"""`xiandao labels`: what people settled of enterprises, out of the database for fitting the model; fitting at once."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiandao.cli import console
from xiandao.cli.chinese import Command, Group

if TYPE_CHECKING:
    from xiandao.domains.industries.registers.labels import Labelled
    from xiandao.engines.identify import Identifier, Model

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)
WithDemo = Annotated[bool, typer.Option("--demo", help="连同演示数据里虚构的标注")]


def _start() -> None:
    from xiandao.cli.database import require_current, start_django

    start_django()
    require_current()


def _records(*, demo: bool) -> list[dict[str, Any]]:
    """Return the labels as records; fails where there are none."""
    from xiandao.domains.labelling.queries.labels import exported, partial_count

    records = list(exported(demo=demo))
    if not records:
        console.fail(
            "标注",
            found="没有可导出的标注",
            expected="在识别复核里判断过的企业",
            mend="先抽取复核批次并判断；演示数据里的标注要加 --demo",
        )
    if left_out := partial_count():
        typer.echo(f"另有 {left_out} 条只涉及部分产业（异议答复、只看部分产业的批次），不用于拟合。", err=True)
    return records


@app.command("export", cls=Command, help="导出标注（JSONL），供 xiandao identify fit 拟合模型")
def export(
    out: Annotated[str, typer.Option("--output", "-o", metavar="OUT", help="写入的文件，每行一个 JSON 对象")],
    demo: WithDemo = False,  # noqa: FBT002 — a flag
) -> None:
    """Write the current labels, one JSON object a line, in the order of keys."""
    _start()
    records = _records(demo=demo)
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    console.write_file(Path(out), lines.encode())
    typer.echo(f"已写入 {out}：{len(records):,} 条标注。", err=True)


@app.command("refit", cls=Command, help="用平台里的标注重新拟合识别模型，并与现用模型比较")
def refit(
    out: Annotated[str, typer.Option("--output", "-o", metavar="OUT", help="写入的模型文件（.json）")],
    more: Annotated[
        str, typer.Option("--with", metavar="LABELS", help="另外的标注文件（JSONL），与平台里的一起用")
    ] = "",
    seed: Annotated[int, typer.Option("--seed", help="交叉验证分组的随机种子")] = 0,
    demo: WithDemo = False,  # noqa: FBT002 — a flag
) -> None:
    """Fit the model to the labels of the installation and print its scores beside those of the model in use."""
    _start()
    from xiandao.domains.enterprises.pack import current_pack
    from xiandao.domains.industries.registers.errors import RegisterError
    from xiandao.domains.industries.registers.labels import fit_labels
    from xiandao.domains.orgs.permission import Refused
    from xiandao.engines.identify import Identifier
    from xiandao.engines.identify.fit import TooFewLabelsError
    from xiandao.packs.catalogue import MODEL, engine_catalogue, load_model

    try:
        pack = current_pack()
        terms = engine_catalogue(pack)
        labelled = _labelled(_records(demo=demo), more, terms.industries)
        identifier = Identifier(terms, None)
        model = fit_labels(identifier, labelled, date=f"{datetime.now(UTC):%Y-%m-%d}", seed=seed)
        in_use = load_model(pack.path / MODEL)
    except Refused as refusal:
        console.fail("政策包", found=str(refusal.reason))
    except RegisterError as error:
        console.fail(more or "标注", found=error.found, expected=error.expected, mend=error.mend)
    except TooFewLabelsError as error:
        console.fail("标注", found=f"太少：{error}", expected="各种角色都有标注", mend="继续复核后再拟合")
    console.write_file(Path(out), (json.dumps(model.to_json(), ensure_ascii=False, indent=1) + "\n").encode())
    names = {each.code: each.name for each in pack.industries.industries}
    typer.echo(_compared(model, in_use, identifier, labelled, names))
    typer.echo(
        f"已写入 {out}：{len(labelled.names):,} 条标注，采纳线 {model.accept}，排除线 {model.reject}。\n"
        f"启用：核对后复制为政策包的 {MODEL}，运行 xiandao pack check {pack.path}，再重新识别。",
        err=True,
    )


def _labelled(records: list[dict[str, Any]], more: str, industries: tuple[str, ...]) -> "Labelled":
    """Return the records, and those of a file besides, as the fitting takes them. What both have counts once."""
    from xiandao.domains.industries.registers.labels import Labelled, read_labels

    added = read_labels(Path(more), industries) if more else Labelled([], [], [], [])
    names = [str(each["name"]) for each in records]
    scopes = [str(each["scope"]) for each in records]
    roles = [{one["industry"]: one["role"] for one in each["labels"]} for each in records]
    doubtful = [bool(each["doubt"]) for each in records]
    known = set(zip(names, scopes, strict=True))
    rest = [place for place, text in enumerate(zip(added.names, added.scopes, strict=True)) if text not in known]
    return Labelled(
        names + [added.names[place] for place in rest],
        scopes + [added.scopes[place] for place in rest],
        roles + [dict(added.labels[place]) for place in rest],
        doubtful + [added.doubtful[place] for place in rest],
    )


def _compared(
    model: "Model", in_use: "Model", identifier: "Identifier", labelled: "Labelled", names: dict[str, str]
) -> str:
    """Return a table: cross-validated scores of the new model, and of the model in use on the very same labels."""
    now = _scores_of(in_use, identifier, labelled)
    rows = []
    for code, row in {**model.card["by_industry"], "": model.card["cross_validated"]}.items():
        here = now.get(code)
        old = tuple(f"{each:.3f}" for each in here) if here else ("—", "—", "—")
        new = tuple(f"{row[key]:.3f}" for key in ("precision", "recall", "f1"))
        rows.append((names.get(code, code) if code else "合计", *new, *old, str(row["positives"])))
    head = ("产业", "新 查准率", "新 查全率", "新 F1", "现用 查准率", "现用 查全率", "现用 F1", "正例")
    note = "新模型为交叉验证（未见过被预测的企业）；现用模型在同一批标注上直接计算，若它用过其中的标注，会偏高。"
    return f"{console.table(head, rows)}\n{note}"


def _scores_of(model: "Model", identifier: "Identifier", labelled: "Labelled") -> dict[str, tuple[float, float, float]]:
    """Return precision, recall and F1 of a model on labels, by industry and ("") over all."""
    import numpy as np
    import pyarrow as pa

    from xiandao.engines.identify.fit import examples, scored

    found = identifier.features(pa.array(labelled.names, pa.string()), pa.array(labelled.scopes, pa.string()))
    industries = identifier.industries(found.pairs.industry)
    given = examples(found.pairs.values, industries, found.rows[found.pairs.row], labelled.labels, labelled.doubtful)
    scores = model.scores(model.probabilities(given.values, given.industries))
    positive = given.roles < 2  # noqa: PLR2004 — core and service
    made = {}
    for code in ["", *sorted(set(given.industries.tolist()))]:
        here = np.ones(len(scores), np.bool_) if not code else given.industries == code
        missed = given.missed.get(code, 0) if code else sum(given.missed.values())
        each = scored(scores[here], positive[here], missed, model.accept)
        made[code] = (each.precision, each.recall, each.f1)
    return made
