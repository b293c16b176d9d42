"""Measure the policy text compiler against gold documents: ../shared/policy and the invented ones in tests/data.

  python scripts/evaluate.py [FOLDER ...]     folders with x.txt and x.gold.json

Prints precision, recall and F1 of each part by the scoring program of ../shared/policy, and seconds per document.
"""

import importlib.util
import json
import sys
import time
from pathlib import Path
from types import ModuleType

from xiandao.engines.policytext import NotAPlan, compile_text, to_schema

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "policy"
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
    """Score every document and print the means."""
    score = scorer()
    folders = [Path(name) for name in sys.argv[1:]] or [folder for folder in DEFAULT if folder.exists()]
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
