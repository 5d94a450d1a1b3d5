"""Run by test_model_card.py: runs examples of cards, first those that shall work without this package."""

import contextlib
import io
import json
import os
import shlex
import sys

PACKAGE = "hf_sluice"


def needs_package(language, text):
    return language == "sh" or PACKAGE in text


def run(language, text):
    if language == "python":
        exec(compile(text, "<example>", "exec"), {"__name__": "example"})  # noqa: S102
        return
    from hf_sluice.cli import main

    for line in text.splitlines():
        program, *arguments = shlex.split(line)
        assert program == "hf-sluice", program
        assert main(arguments) == 0, line


with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123
    examples = json.load(file)
done = []
for folder, language, text in sorted(examples, key=lambda example: needs_package(*example[1:])):
    os.chdir(folder)
    assert needs_package(language, text) or PACKAGE not in sys.modules, "the package was there already"
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        run(language, text)
    done.append([language, text, printed.getvalue()])
json.dump(done, sys.stdout)
