from __future__ import annotations

import subprocess

import pytest

from hf_sluice.checkout import package_commit


@pytest.fixture
def package(tmp_path):
    """A package in a checkout of its own."""
    package = tmp_path / "package"
    package.mkdir()
    (package / "code.py").write_text("", encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "First")
    package_commit.cache_clear()
    return package


def git(folder, *arguments):
    done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_commit_of_a_checkout_is_known(package):
    assert package_commit(package) == git(package, "rev-parse", "HEAD")


def test_changes_of_the_package_are_told_and_others_are_not(package):
    (package.parent / "notes.txt").write_text("", encoding="utf-8")
    assert package_commit(package) == git(package, "rev-parse", "HEAD")

    package_commit.cache_clear()
    (package / "code.py").write_text("1\n", encoding="utf-8")
    assert package_commit(package) == git(package, "rev-parse", "HEAD") + "+"


def test_a_package_that_lies_in_somebody_elses_checkout_has_none(package):
    below = package.parent / "environment" / "lib" / "package"
    below.mkdir(parents=True)
    assert package_commit(below) is None


def test_without_git_there_is_none(package, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert package_commit(package) is None
