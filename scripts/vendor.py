"""Fetch the front-end packages named in vendor.json, check their hashes and copy the few files we serve.

  python scripts/vendor.py           fetch, check, copy, and write the list of SHA-256 sums
  python scripts/vendor.py --check   no network: are the copied files what the list says?

Needs npm only for fetching. The copies are committed, so neither `make run` nor `make test` fetches.
"""

import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MANIFEST = ROOT / "scripts" / "vendor.json"
SUMS = ROOT / "scripts" / "vendor.sha256"


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def fetch(package: dict, folder: Path) -> tarfile.TarFile:
    """Return the package's archive, refusing one whose hash is not the recorded one."""
    name = f"{package['name']}@{package['version']}"
    out = subprocess.run(
        ["npm", "pack", "--silent", name, "--pack-destination", str(folder)],
        check=True,
        capture_output=True,
        text=True,
    )
    archive = folder / out.stdout.strip().splitlines()[-1].replace("@", "").replace("/", "-")
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if package["integrity"] and package["integrity"] != integrity:
        sys.exit(f"{name}: expected {package['integrity']}, got {integrity}")
    package["integrity"] = integrity
    return tarfile.open(archive)


def sprite(archive: tarfile.TarFile, icons: list[str]) -> str:
    """Return one SVG with a symbol for each icon named."""
    symbols = []
    for icon in sorted(icons):
        svg = archive.extractfile(f"package/icons/outline/{icon}.svg").read().decode()
        body = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL).group(1)
        symbols.append(f'<symbol id="{icon}" viewBox="0 0 24 24">{" ".join(body.split())}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def copy(package: dict, archive: tarfile.TarFile) -> list[Path]:
    """Write the package's files to their places and return them."""
    written = []
    for inside, target in package["files"].items():
        file = ROOT / target
        file.parent.mkdir(parents=True, exist_ok=True)
        # A trailing reference to a source map would be asked for by browsers and never be there.
        content = re.sub(
            rb"\n?(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$",
            b"\n",
            archive.extractfile(f"package/{inside}").read(),
        )
        file.write_bytes(content)
        written.append(file)
    if "sprite" in package:
        file = ROOT / package["sprite"]
        file.write_text(sprite(archive, package["icons"]))
        written.append(file)
    return written


def check() -> list[str]:
    """Return what differs between the committed files and the recorded sums."""
    faults = []
    for line in SUMS.read_text().splitlines():
        expected, target = line.split("  ")
        file = ROOT / target
        if not file.exists():
            faults.append(f"{target}: missing")
        elif sha256(file) != expected:
            faults.append(f"{target}: changed")
    return faults


def main() -> None:
    """Fetch and copy, or check."""
    if sys.argv[1:] == ["--check"]:
        sys.exit("\n".join(check()) or 0)
    manifest = json.loads(MANIFEST.read_text())
    written: list[Path] = []
    with tempfile.TemporaryDirectory() as folder:
        for package in manifest["packages"]:
            with fetch(package, Path(folder)) as archive:
                written += copy(package, archive)
    MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n")
    SUMS.write_text("".join(f"{sha256(file)}  {file.relative_to(ROOT)}\n" for file in sorted(written)))
    print(f"{len(written)} files")


if __name__ == "__main__":
    main()
