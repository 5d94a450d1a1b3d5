"""What stands in for the work of a cluster's worker; where this is loaded, none of the large libraries is."""

from __future__ import annotations

import os
import signal

from hf_sluice.errors import UserError


def die(*_arguments):
    os.kill(os.getpid(), signal.SIGKILL)
    yield


def complain(*_arguments):
    raise UserError("corpus 'x': set HF_SLUICE_DATA")
