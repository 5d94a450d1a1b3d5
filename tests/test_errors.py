from __future__ import annotations

from pathlib import Path

import pytest

from hf_sluice.errors import DataError, ModelFolderError, RecipeError, UserError


@pytest.mark.parametrize("error", [DataError, RecipeError, ModelFolderError])
def test_what_a_user_gets_wrong_is_caught_as_one_class(error):
    assert issubclass(error, UserError)


@pytest.mark.parametrize("path", ["corpus/a.conll", Path("corpus/a.conll")])
def test_a_data_error_names_file_and_line(path):
    error = DataError(path, 7, "3 columns, expected 4")

    assert str(error) == "corpus/a.conll:7: 3 columns, expected 4"
    assert (error.path, error.line) == (path, 7)


def test_a_data_error_without_a_line_names_the_file():
    assert str(DataError("a.tar.xz!b.conll", None, "holds no sentence")) == "a.tar.xz!b.conll: holds no sentence"


def test_line_zero_is_not_taken_for_no_line():
    assert str(DataError("a", 0, "x")) == "a:0: x"


@pytest.mark.parametrize("error", [UserError, RecipeError, ModelFolderError])
def test_other_errors_say_their_message_alone(error):
    assert str(error("seed: expected a whole number")) == "seed: expected a whole number"
