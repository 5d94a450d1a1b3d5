"""``hf-sluice push``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hf_sluice.commands.options import ModelName
from hf_sluice.commands.terminal import console, tell
from hf_sluice.quiet_libraries import quiet_libraries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hf_sluice.models.hub_publishing import Published

_CARDS = {
    "new": "README.md: generated",
    "replaced": "README.md: the generated one; nobody had changed it",
    "kept": "README.md: kept as it is; a person wrote or changed it",
    "none": "README.md: none",
}


def push(
    model: ModelName,
    repo_id: Annotated[str, typer.Argument(metavar="REPOSITORY", help="Where to: user/name, or name alone.")],
    private: Annotated[bool, typer.Option("--private", help="Make a new repository that only you see.")] = False,
    revision: Annotated[
        str | None, typer.Option(metavar="BRANCH", help="Push to this branch; it is made if it is not there.")
    ] = None,
    create_pr: Annotated[bool, typer.Option("--create-pr", help="Propose the change as a pull request.")] = False,
    message: Annotated[str | None, typer.Option("--message", "-m", metavar="TEXT", help="Of the commit.")] = None,
    token: Annotated[
        str | None,
        typer.Option(metavar="TOKEN", help="By default what HF_TOKEN holds or `hf auth login` has stored."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write all that would be pushed into this new folder, and do not push."),
    ] = None,
) -> None:
    r"""Publish a model on the Hub, with all that belongs to it, in one commit.

    Model, tokenizer, what was learned to share, a card with pictures, the code
    that loads it without this package, and of a run its recipe and results.
    A README.md that a person wrote or changed is kept, and so are files that
    others added. If it fails nothing is published, and it can be run again.

    Examples:
      hf-sluice push runs/demo user/demo --private
      hf-sluice push runs/demo user/demo --revision v2 -m "Trained longer"
      hf-sluice push runs/demo team/demo --create-pr
      hf-sluice push runs/demo user/demo --folder staged
    """
    if create_pr and revision not in {None, "main"}:
        raise typer.BadParameter("--create-pr proposes a change of the main branch; leave out --revision")

    from hf_sluice.hub.push import push as push_model
    from hf_sluice.hub.push import write_staged
    from hf_sluice.models.hub_publishing import Target

    quiet_libraries()
    if folder is not None:
        _list(write_staged(model, repo_id, folder))
        console().print(f"Written to {folder}; nothing was pushed", markup=False, soft_wrap=True)
        return
    _show_progress()
    target = Target(
        repo_id,
        message or f"Upload {Path(model).name} with hf-sluice",
        private=private or None,
        token=token,
        branch=revision,
        as_pull_request=create_pr,
    )
    _report(push_model(model, target, tell), revision)


def _show_progress() -> None:
    """Lets the Hub's client show how far large files have come, where somebody is looking."""
    from huggingface_hub.utils import enable_progress_bars

    if console(stderr=True).is_terminal:
        enable_progress_bars()


def _list(sizes: Mapping[str, int]) -> None:
    for name, size in sizes.items():
        console().print(f"{size:>12,}  {name}", markup=False, soft_wrap=True)


def _report(published: Published, revision: str | None) -> None:
    out = console()
    commit, repository = published.commit, published.repo_id

    def say(line: str) -> None:
        out.print(line, markup=False, soft_wrap=True)

    if published.is_new:
        say(f"Pushed {len(published.sizes)} files, {sum(published.sizes.values()) / 1e6:.1f} MB")
        for name in published.deleted:
            say(f"Removed {name}, which an earlier push had left")
    else:
        say("Everything was there already; there is no new commit")
    say(_CARDS[published.card])
    say(commit.pr_url or commit.commit_url)
    at = commit.pr_revision or revision
    say(f'Use it: hf-sluice predict {repository}{"" if at is None else f"@{at}"} --text "…"')
    with_revision = "" if at is None else f', revision="{at}"'
    say(f'or AutoModelForTokenClassification.from_pretrained("{repository}"{with_revision}, trust_remote_code=True)')
