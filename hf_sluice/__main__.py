"""``python -m hf_sluice`` is ``hf-sluice``; launchers such as ``accelerate launch -m hf_sluice`` start it so."""

from __future__ import annotations

import sys

from hf_sluice.cli import main

if __name__ == "__main__":
    sys.exit(main())
