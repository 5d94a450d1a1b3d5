from __future__ import annotations

import pytest

from hf_sluice.cli import main
from hf_sluice.commands.terminal import console, facts_grid
from hf_sluice.evaluation.tables import TextTable
from hf_sluice.printable_text import printable

HARMFUL = "a\x1b[31m\n\u202eb\x9b"


@pytest.mark.parametrize("text", ["", "pos", "ä β 日本", "[red]x[/red]"])
def test_what_can_be_shown_stays_as_it_is(text):
    assert printable(text) == text


def test_what_a_terminal_would_obey_is_shown_by_its_number():
    assert printable(HARMFUL) == "a⟨U+001B⟩[31m⟨U+000A⟩⟨U+202E⟩b⟨U+009B⟩"
    assert printable("\ud800") == "⟨U+D800⟩"


def test_tables_and_facts_obey_nothing(capsys):
    out = console()
    out.print(TextTable("[red]\x1b[31m", (HARMFUL,), ((HARMFUL,),), 1).rich())
    out.print(facts_grid([(HARMFUL, HARMFUL)]))
    shown = capsys.readouterr().out

    assert shown.count(printable(HARMFUL)) == 4
    assert "[red]⟨U+001B⟩[31m" in shown
    assert set("\x1b\u202e\x9b").isdisjoint(shown)


def test_complaints_obey_nothing(capsys):
    assert main(["inspect", "no/such/\x1b[31m\u202efolder"]) == 2
    assert "no/such/⟨U+001B⟩[31m⟨U+202E⟩folder: " in capsys.readouterr().err
