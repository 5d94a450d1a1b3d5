from __future__ import annotations

import pytest

from hf_sluice.data.assemble import assemble
from hf_sluice.data.domains import DomainRule, keep_domains
from hf_sluice.data.sentence import Place, Sentence
from hf_sluice.errors import DataError, UserError
from hf_sluice.tasks import Task

PLACE = Place("f", 3)


def test_a_fixed_name_and_a_pattern():
    texts = {"file": "x/btc.a.xz", "sent_id": "web-12"}
    assert DomainRule(name="news").domain({}, PLACE) == "news"
    assert DomainRule(source="sent_id", pattern="^([a-z]+)-").domain(texts, PLACE) == "web"
    assert DomainRule(source="file", pattern=r"btc\.(.)\.").domain(texts, PLACE) == "a"


def test_what_an_option_may_say():
    rule = DomainRule(source="file", pattern="(x)")
    assert DomainRule.read(None) is None
    assert DomainRule.read("news") == DomainRule(name="news")
    assert DomainRule.read({"source": "file", "pattern": "(x)"}) == rule
    assert DomainRule.read(rule) is rule
    with pytest.raises(UserError, match="unknown field 'form'"):
        DomainRule.read({"form": "file"})


@pytest.mark.parametrize(
    "fields",
    [{}, {"source": "file"}, {"pattern": "(x)"}, {"name": "a", "source": "file", "pattern": "(x)"}]
    + [{"name": "a", "source": "file"}]
    + [{"source": "file", "pattern": pattern} for pattern in ("x", "(x)(y)", "(x")],
)
def test_a_rule_that_contradicts_itself_is_refused(fields):
    with pytest.raises(UserError, match=r"^domain: "):
        DomainRule(**fields)


def test_a_text_without_domain_is_named_with_its_place():
    rule = DomainRule(source="sent_id", pattern="^([a-z]*)-")
    with pytest.raises(DataError, match=r"^f:3: domain: .* finds nothing in '12'"):
        rule.domain({"sent_id": "12"}, PLACE)
    with pytest.raises(DataError, match=r"^f:3: domain: .* finds nothing in '-12'"):
        rule.domain({"sent_id": "-12"}, PLACE)
    with pytest.raises(DataError, match=r"^f:3: domain: there is no 'sent_id' to search; there is file, text"):
        rule.domain({"file": "f", "text": "t"}, PLACE)


@pytest.fixture
def corpus():
    domains = ["web", "news", None, "web", "mail"]
    read = [Sentence(["w"], {"pos": ["N"]}, str(i), domain) for i, domain in enumerate(domains)]
    return assemble({"train": read, "test": read[1:]}, [Task("pos")], ["a note"])


def ids(corpus):
    return {split: list(data["sent_id"]) for split, data in corpus.items()}


def test_sentences_of_other_domains_go(corpus):
    assert ids(keep_domains(corpus, "web")) == {"train": ["0", "3"], "test": ["3"]}
    assert ids(keep_domains(corpus, ["news", "web"])) == {"train": ["0", "1", "3"], "test": ["1", "3"]}
    assert ids(keep_domains(corpus, {"train": "mail"})) == {"train": ["4"], "test": ["1", "2", "3", "4"]}


def test_ids_tasks_and_notes_stay(corpus):
    kept = keep_domains(corpus, "web")
    assert (kept.tasks, kept.notes, kept.domains) == (corpus.tasks, corpus.notes, corpus.domains)
    assert kept["train"][1] == corpus["train"][3]


def test_what_is_not_there_is_refused(corpus):
    with pytest.raises(UserError, match="'blog' is not one of the corpus; it has mail, news, web"):
        keep_domains(corpus, ["web", "blog"])
    with pytest.raises(UserError, match="there is no split 'dev'; there is train, test"):
        keep_domains(corpus, {"dev": "web"})
    with pytest.raises(UserError, match="no sentence of split 'train' is left of no domains"):
        keep_domains(corpus, [])


def test_a_corpus_without_domains_says_so():
    corpus = assemble({"train": [Sentence(["w"], {"pos": ["N"]}, "1")]}, [Task("pos")])
    with pytest.raises(UserError, match="none: the corpus tells no domains apart"):
        keep_domains(corpus, "web")
