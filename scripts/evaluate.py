"""Measure the engines against gold: plans compiled from text, enterprises identified from their business scope.

  python scripts/evaluate.py                         all gold in ../shared, and the invented plans in tests/data
  python scripts/evaluate.py FOLDER ...              plans: folders with x.txt and x.gold.json
  python scripts/evaluate.py LABELS.jsonl ...        enterprises: files as ../shared/data/labels-dev.jsonl

Plans: precision, recall and F1 of each part by the scoring program of ../shared/policy, and seconds per document.
Enterprises: the shipped model on the labels it was fitted on, which flatters it, and beside it the cross-validated
scores of the model's card, which do not; on other labels the first line is the honest one.
"""

import importlib.util
import json
import sys
import time
from pathlib import Path
from types import ModuleType

import pyarrow as pa

from xiandao.domains.industries.registers.labels import read_labels
from xiandao.engines.identify import ROLES, Identifier, fit
from xiandao.engines.policytext import NotAPlan, compile_text, to_schema
from xiandao.packs import load_pack, packs_dir
from xiandao.packs.catalogue import MODEL, engine_catalogue, load_model

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "policy"
LABELS = [ROOT.parent / "shared" / "data" / "labels-dev.jsonl"]
INVENTED = ROOT / "tests" / "data" / "policytext"
DEFAULT = [SHARED, INVENTED / "blind_a", INVENTED / "blind_b"]


def scorer() -> ModuleType:
    """Return the scoring program, which stands beside the gold documents."""
    file = SHARED / "score.py"
    if not file.exists():
        sys.exit(f"需要 {file.name}：请把 shared 目录放在项目旁边。 / needs the shared folder beside the project")
    spec = importlib.util.spec_from_file_location("score", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Score what was named, or everything."""
    given = [Path(name) for name in sys.argv[1:]]
    folders = [path for path in given if path.is_dir()] or (
        [] if given else [path for path in DEFAULT if path.exists()]
    )
    labels = [path for path in given if path.is_file()] or ([] if given else [path for path in LABELS if path.exists()])
    if folders:
        plans(folders)
    for file in labels:
        enterprises(file)


def enterprises(file: Path) -> None:
    """Print how well the shipped model identifies labelled enterprises."""
    pack = load_pack(packs_dir() / "jiangsu_2024_2026")
    identifier = Identifier(engine_catalogue(pack), load_model(pack.path / MODEL))
    labelled = read_labels(file, identifier.all_industries)
    start = time.perf_counter()
    found = identifier.features(pa.array(labelled.names), pa.array(labelled.scopes))
    industries = identifier.industries(found.pairs.industry)
    scores = identifier.model.scores(identifier.model.probabilities(found.pairs.values, industries))
    seconds = time.perf_counter() - start
    given = fit.examples(
        found.pairs.values, industries, found.rows[found.pairs.row], labelled.labels, labelled.doubtful
    )
    positive, missed = given.roles <= ROLES.index("service"), sum(given.missed.values())
    overall = fit.scored(scores, positive, missed, identifier.model.accept)
    recall, decided = fit.coverage(scores, positive, missed, 0.95)
    print(f"{file.name}: {len(labelled.names)} enterprises in {seconds:.2f} s")
    print(
        f"shipped model    precision {overall.precision:.3f} recall {overall.recall:.3f} F1 {overall.f1:.3f}"
        f" calibration error {fit.calibration_error(scores, positive):.3f}"
        f" recall at precision 0.95 {recall:.3f}, decided {decided:.3f}"
    )
    model = identifier.model
    automatic = (scores >= model.accept) | (scores < model.reject)
    right = (scores[automatic] >= model.accept) == positive[automatic]
    print(
        f"with its thresholds decided without review {automatic.mean():.3f}, of these right {right.mean():.3f};"
        f" positives without any term {missed}"
    )
    card = model.card
    held = card["cross_validated"]
    print(
        f"cross-validated  precision {held['precision']:.3f} recall {held['recall']:.3f} F1 {held['f1']:.3f}"
        f" calibration error {card['calibration_error']:.3f}"
        f" recall at precision 0.95 {card['recall_at_precision_95']:.3f}, decided {card['decided_at_precision_95']:.3f}"
    )
    for low in range(10):
        here = (scores >= low / 10) & ((scores < (low + 1) / 10) | (low == 9))  # noqa: PLR2004
        if here.any():
            print(f"  scores {low / 10:.1f}-{low / 10 + 0.1:.1f}: {here.sum():4}, {positive[here].mean():.3f} positive")
    for code in identifier.all_industries:
        here = industries == code
        row = fit.scored(scores[here], positive[here], given.missed.get(code, 0), identifier.model.accept)
        print(f"  {code:20} precision {row.precision:.3f} recall {row.recall:.3f} F1 {row.f1:.3f} of {row.positives}")


def plans(folders: list[Path]) -> None:
    """Score every document and print the means."""
    score = scorer()
    macros = []
    for folder in folders:
        for gold in sorted(folder.glob("*.gold.json")):
            text = gold.with_name(gold.name.replace(".gold.json", ".txt")).read_text(encoding="utf-8-sig")
            start = time.perf_counter()
            try:
                predicted = to_schema(compile_text(text, name=gold.stem))
            except NotAPlan as refused:
                print(f"{gold.stem}: {refused}")
                predicted = {}
            seconds = time.perf_counter() - start
            result = score.score(json.loads(gold.read_text(encoding="utf-8")), predicted)
            macros.append(result["macro"])
            parts = " ".join(
                f"{part}={row['f1']:.3f}" if row else f"{part}=n/a" for part, row in result["parts"].items()
            )
            name = f"{folder.name}/{gold.name.removesuffix('.gold.json')}"
            print(f"{name:32} macro={result['macro']:.3f} {parts} {seconds:.3f} s")
    print(f"mean macro F1 {sum(macros) / len(macros):.3f} over {len(macros)} documents")


if __name__ == "__main__":
    main()
