"""Write what `kuanxian demo` prints into the READMEs, in the language of each."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = {"README.md": "en", "README.zh.md": "zh"}
BLOCK = re.compile(r"^```text\n.*?^```", re.DOTALL | re.MULTILINE)


def main() -> int:
    """Write every page."""
    for name, lang in PAGES.items():
        write(name, lang)
    return 0


def write(name: str, lang: str) -> None:
    """Replace the first text block of one page."""
    shown = f"```text\n{demo(lang)}```"
    page = ROOT / name
    text = page.read_text(encoding="utf-8")
    page.write_text(BLOCK.sub(lambda _: shown, text, count=1), encoding="utf-8")


def demo(lang: str) -> str:
    """Run the demo in an empty folder and return what it printed."""
    with tempfile.TemporaryDirectory() as folder:
        said = subprocess.run(
            [Path(sys.executable).with_name("kuanxian"), "demo", "--lang", lang],
            cwd=folder,
            env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    return "".join(f"{line.rstrip()}\n" for line in said.splitlines())


if __name__ == "__main__":
    sys.exit(main())
