"""Benchmarks as programs: bad input is one line and exit status 2, as it is to every command of the package."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable


def run_program(main: Callable[[], None]) -> None:
    """Runs ``main``.

    Raises:
        SystemExit: with status 2, after a line on standard error: the input is bad, or a library is not there.
    """
    try:
        main()
    except (UserError, ModuleNotFoundError) as error:
        sys.stderr.write(f"{Path(sys.argv[0]).name}: {error}\n")
        raise SystemExit(2) from None
