"""Which state of the code is running."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parent


@cache
def package_commit(package: Path = _PACKAGE) -> str | None:
    """The commit of the checkout that the package is run from, ``+`` behind it where files of the package have changed.

    None where it is installed otherwise, or git is not.
    """
    git = shutil.which("git")
    if git is None or not (package.parent / ".git").exists():
        return None
    commit = _output(git, package, "rev-parse", "HEAD")
    changes = _output(git, package, "status", "--porcelain", "--", str(package))
    return None if commit is None else f"{commit}{'+' if changes else ''}"


def _output(git: str, package: Path, *arguments: str) -> str | None:
    done = subprocess.run([git, "-C", str(package), *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() if done.returncode == 0 else None
