"""What the commands that push have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from hf_sluice.commands.terminal import console

if TYPE_CHECKING:
    from hf_sluice.models.hub_publishing import Published

_CARDS = {
    "new": "README.md: generated",
    "replaced": "README.md: the generated one; nobody had changed it",
    "kept": "README.md: kept as it is; a person wrote or changed it",
    "none": "README.md: none",
}


def check_branch(revision: str | None, *, create_pr: bool) -> None:
    """Sees to it that a pull request is not to go to a branch; raises BadParameter."""
    if create_pr and revision not in {None, "main"}:
        raise typer.BadParameter("--create-pr proposes a change of the main branch; leave out --revision")


def show_progress() -> None:
    """Lets the Hub's client show how far large files have come, where somebody is looking."""
    from huggingface_hub.utils import enable_progress_bars

    if console(stderr=True).is_terminal:
        enable_progress_bars()


def report_push(published: Published) -> None:
    """Prints what became of a push, and where it can be seen."""
    out = console()

    def say(line: str) -> None:
        out.print(line, markup=False, soft_wrap=True)

    if published.is_new:
        say(f"Pushed {len(published.sizes)} files, {sum(published.sizes.values()) / 1e6:.1f} MB")
        for name in published.deleted:
            say(f"Removed {name}, which an earlier push had left")
    else:
        say("Everything was there already; there is no new commit")
    say(_CARDS[published.card])
    say(published.commit.pr_url or published.commit.commit_url)
