"""Names that fit into a table's columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def short_names(names: Iterable[str], width: int) -> dict[str, str]:
    """Each name, cut to a number of characters where it is longer; the cut ones end in a number where they would clash.

    Args:
        names: all different.
        width: at least 3.
    """
    names = list(names)
    short: dict[str, str] = {name: name for name in names if len(name) <= width}
    for name in names:
        if name in short:
            continue
        cut, number = name[:width], 1
        while cut in short.values():
            number += 1
            cut = f"{name[: width - len(str(number))]}{number}"
        short[name] = cut
    return {name: short[name] for name in names}
