"""The lake is part of a backup: what rows name comes back; what is handed in or half written does not go along."""

import tarfile

from tests.domains.oversight.places import HERE, Place

KEPT = {
    "registers/1-20260630.parquet": b"rows",
    "registers/1-20260630-findings.csv": b"cells",
    "runs/1.parquet": b"run",
}
LEFT = {"incoming/2-ab.csv": b"handed in", "registers/.2.parquet": b"half"}


def test_the_lake_comes_back(tmp_path, seeded):
    place = seeded(HERE).copy(tmp_path / "data")
    for name, content in {**KEPT, **LEFT}.items():
        path = place.folder / "lake" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    file = tmp_path / "all.tar"
    done = place.run("backup", file)
    assert done.returncode == 0, done.stderr
    with tarfile.open(file) as tar:
        names = {name for name in tar.getnames() if name.startswith("lake/")}
    assert names == {f"lake/{name}" for name in KEPT}
    there = Place(tmp_path / "there", HERE)
    done = there.run("restore", file, "--yes")
    assert done.returncode == 0, done.stderr
    lake = there.folder / "lake"
    found = {path.relative_to(lake).as_posix(): path.read_bytes() for path in lake.rglob("*") if path.is_file()}
    assert found == KEPT
