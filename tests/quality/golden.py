"""Golden files: two examples in every format, written anew by

    python -m tests.quality.golden

Look at what changed (git diff, a browser, --pdf) before you commit it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import matcalc as mc

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).parent / "golden"
EXAMPLES = {"three_layer": "examples/three_layer.mc", "classifier": "examples/lectures/11_three_layer_network.mc"}
FORMATS = {  # ending: format and options
    "txt": ("text", {}), "fragment.tex": ("latex", {}), "article.tex": ("article", {}), "beamer.tex": ("beamer", {}),
    "html": ("html", {}), "slides.html": ("slides", {}), "github.md": ("markdown", {}),
    "jupyter.md": ("markdown", {"flavour": "jupyter"}), "ipynb": ("notebook", {}), "typ": ("typst", {}),
    "json": ("json", {}),
}


def rendered() -> dict[str, str]:
    """file name -> what it should hold."""
    files = {}
    for name, path in EXAMPLES.items():
        d = mc.derive(ROOT / path, check=False)  # the check measures, and numbers differ between machines
        files |= {f"{name}.{ending}": d.render(format, **options) for ending, (format, options) in FORMATS.items()}
    return files


def main(arguments: list[str]) -> None:
    """Write the files; with --print, print them as JSON instead."""
    if arguments == ["--print"]:
        sys.stdout.write(json.dumps(rendered()))
        return
    for old in FOLDER.glob("*"):
        old.unlink()
    for name, text in rendered().items():
        (FOLDER / name).write_bytes(text.encode())


if __name__ == "__main__":
    main(sys.argv[1:])
