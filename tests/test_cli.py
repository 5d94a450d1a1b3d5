from __future__ import annotations

import subprocess
import sys

import pytest

from hf_sluice import cli
from hf_sluice.version import __version__

COMMANDS = ("data", "search", "train", "evaluate", "inspect", "predict", "experiment")


def start(*arguments: str, **options) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "hf_sluice", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def test_the_version_is_told(hf_sluice):
    done = hf_sluice("--version")
    assert (done.code, done.out) == (0, f"hf-sluice {__version__}\n")


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_help_lists_the_commands(hf_sluice, arguments):
    done = hf_sluice(*arguments)

    assert done.code == 0
    assert all(command in done.out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_has_examples(hf_sluice, command):
    done = hf_sluice(command, "--help")

    assert done.code == 0
    assert done.out.count(f"hf-sluice {command}") >= 3
    assert "Examples:" in done.out
    assert "\\" not in done.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["trian"], "No such command 'trian'"),
        (["train"], "Missing argument 'RECIPE'"),
        (["train", "a.yaml", "--sed", "1"], "No such option: --sed"),
        (["train", "a.yaml", "--seed", "-1"], "Invalid value for '--seed'"),
        (["evaluate", "run", "--split", "dev"], "Invalid value for '--split'"),
        (["predict", "run", "--batch-size", "0", "--text", "a"], "Invalid value for '--batch-size'"),
        (["experiment", "a.yaml", "--jobs", "0"], "Invalid value for '--jobs'"),
        (["search", "a.yaml", "--jobs", "0"], "Invalid value for '--jobs'"),
        (["predict", "run", "--text", "a", "b.txt"], "give either --text or files"),
    ],
)
def test_wrong_usage_ends_in_one_line(hf_sluice, arguments, message):
    done = hf_sluice(*arguments)

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("hf-sluice: ")
    assert message in done.err
    assert done.err.endswith("--help)\n")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(("rank", "lines"), [("0", 1), ("1", 0), (None, 1)])
def test_of_several_processes_one_complains(hf_sluice, monkeypatch, rank, lines):
    if rank is not None:
        monkeypatch.setenv("LOCAL_RANK", rank)
    done = hf_sluice("data", "nosuch.yaml")

    assert done.code == 2
    assert done.err.count("\n") == lines


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt, 130), (BrokenPipeError, 1)])
def test_interruptions_are_quiet(hf_sluice, monkeypatch, tmp_path, error, code):
    def interrupted(*_args):
        raise error

    monkeypatch.setattr("hf_sluice.recipe.load_recipe", interrupted)
    monkeypatch.setattr(cli, "_discard_output", lambda: None)
    done = hf_sluice("data", tmp_path / "a.yaml")

    assert (done.code, done.out, done.err.strip()) == (code, "", "")


def test_what_is_nobodys_bad_input_is_not_hidden(hf_sluice, monkeypatch):
    def fail(*_args):
        raise ZeroDivisionError("a fault of the program")

    monkeypatch.setattr("hf_sluice.recipe.load_recipe", fail)
    with pytest.raises(ZeroDivisionError):
        hf_sluice("data", "a.yaml")


def test_a_message_of_several_lines_is_printed_as_one(hf_sluice, monkeypatch):
    def fail(*_args):
        raise cli.UserError("first\n  second")

    monkeypatch.setattr("hf_sluice.recipe.load_recipe", fail)
    assert hf_sluice("data", "a.yaml").err == "hf-sluice: first second\n"


def test_help_needs_none_of_the_heavy_libraries():
    heavy = ("torch", "transformers", "datasets", "accelerate", "pandas", "numpy")
    script = (
        f"import sys; from hf_sluice.cli import main; code = main(['predict', '--help']); "
        f"print([name for name in {heavy} if name in sys.modules], code)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[] 0"


def test_the_package_is_run_as_the_command_is():
    process = start("data", "nosuch.yaml")
    out, err = process.communicate()

    assert (process.returncode, out) == (2, "")
    assert err == "hf-sluice: nosuch.yaml: the recipe cannot be read (No such file or directory)\n"


def test_a_reader_that_goes_away_is_no_error(demo_run, tmp_path):
    (tmp_path / "a.tok").write_text("a b c\n" * 20_000, encoding="utf-8")
    process = start("predict", str(demo_run), str(tmp_path / "a.tok"))
    assert process.stdout.readline() == "# global.columns = FORM pos chunk ner\n"
    process.stdout.close()
    err = process.stderr.read()

    assert process.wait() == 1
    assert err == ""


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion_is_offered(shell):
    environment = {"_HF_SLUICE_COMPLETE": f"complete_{shell}", "COMP_WORDS": "hf-sluice ", "COMP_CWORD": "1",
                   "_TYPER_COMPLETE_ARGS": "hf-sluice "}  # fmt: skip
    process = start(env=environment)
    out, _ = process.communicate()

    assert all(command in out for command in COMMANDS)
