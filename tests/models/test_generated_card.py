import pytest

from hf_sluice.models.generated_card import is_untouched, signed

CARD = "---\ntags: [a]\n---\n# Name\n\ntext <!-- a comment -->\n"


def test_a_signed_card_is_known_again():
    assert signed(CARD).startswith(CARD.rstrip())
    assert is_untouched(signed(CARD))
    assert signed(signed(CARD)) == signed(CARD)


@pytest.mark.parametrize(
    "change",
    [
        lambda card: card.replace("text", "other text"),
        lambda card: "# before\n" + card,
        lambda card: card + "after\n",
        lambda card: card.replace("<!-- Generated", "<!-- generated"),
        lambda _: CARD,
        lambda _: "",
    ],
)
def test_one_that_a_person_changed_or_wrote_is_not(change):
    assert not is_untouched(change(signed(CARD)))


@pytest.mark.parametrize("change", [lambda card: card.replace("\n", "\r\n"), str.rstrip, lambda card: card + "\n\n"])
def test_what_a_web_page_does_to_the_ends_of_lines_is_no_change(change):
    assert is_untouched(change(signed(CARD)))
