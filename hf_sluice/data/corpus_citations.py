"""How to cite the corpora: BibTeX entries, by the papers' keys."""

from __future__ import annotations

UD_ENGLISH_EWT = """\
@inproceedings{silveira2014gold,
  title     = {A Gold Standard Dependency Corpus for {English}},
  author    = {Silveira, Natalia and Dozat, Timothy and de Marneffe, Marie-Catherine and Bowman, Samuel and
               Connor, Miriam and Bauer, John and Manning, Christopher D.},
  booktitle = {Proceedings of the Ninth International Conference on Language Resources and Evaluation (LREC)},
  year      = {2014},
}"""

UNIVERSAL_NER = """\
@inproceedings{mayhew2024universal,
  title     = {Universal {NER}: A Gold-Standard Multilingual Named Entity Recognition Benchmark},
  author    = {Mayhew, Stephen and Blevins, Terra and Liu, Shuheng and Šuppa, Marek and Gonen, Hila and
               Imperial, Joseph Marvin and Karlsson, Börje F. and Lin, Peiqin and Ljubešić, Nikola and
               Miranda, Lester James and Plank, Barbara and Riabi, Arij and Pinter, Yuval},
  booktitle = {Proceedings of the 2024 Conference of the North American Chapter of the Association for
               Computational Linguistics: Human Language Technologies (NAACL)},
  year      = {2024},
}"""

PROPBANK = """\
@inproceedings{pradhan2022propbank,
  title     = {{PropBank} Comes of Age: Larger, Smarter, and more Diverse},
  author    = {Pradhan, Sameer and Bonn, Julia and Myers, Skatje and Conger, Kathryn and O'Gorman, Tim and
               Gung, James and Wright-Bettner, Kristin and Palmer, Martha},
  booktitle = {Proceedings of the 11th Joint Conference on Lexical and Computational Semantics (*SEM)},
  year      = {2022},
}"""

GUM = """\
@article{zeldes2017gum,
  title   = {The {GUM} Corpus: Creating Multilayer Resources in the Classroom},
  author  = {Zeldes, Amir},
  journal = {Language Resources and Evaluation},
  volume  = {51},
  number  = {3},
  pages   = {581--612},
  year    = {2017},
}"""

MASC = """\
@inproceedings{ide2008masc,
  title     = {{MASC}: the Manually Annotated Sub-Corpus of {American} {English}},
  author    = {Ide, Nancy and Baker, Collin and Fellbaum, Christiane and Fillmore, Charles and
               Passonneau, Rebecca},
  booktitle = {Proceedings of the Sixth International Conference on Language Resources and Evaluation (LREC)},
  year      = {2008},
}"""

STREUSLE = """\
@inproceedings{schneider2015corpus,
  title     = {A Corpus and Model Integrating Multiword Expressions and Supersenses},
  author    = {Schneider, Nathan and Smith, Noah A.},
  booktitle = {Proceedings of the 2015 Conference of the North American Chapter of the Association for
               Computational Linguistics: Human Language Technologies (NAACL)},
  year      = {2015},
}

@inproceedings{schneider2018comprehensive,
  title     = {Comprehensive Supersense Disambiguation of {English} Prepositions and Possessives},
  author    = {Schneider, Nathan and Hwang, Jena D. and Srikumar, Vivek and Prange, Jakob and Blodgett, Austin and
               Moeller, Sarah R. and Stern, Aviram and Bitan, Adi and Abend, Omri},
  booktitle = {Proceedings of the 56th Annual Meeting of the Association for Computational Linguistics (ACL)},
  year      = {2018},
}"""

BROAD_TWITTER = """\
@inproceedings{derczynski2016broad,
  title     = {Broad {Twitter} Corpus: A Diverse Named Entity Recognition Resource},
  author    = {Derczynski, Leon and Bontcheva, Kalina and Roberts, Ian},
  booktitle = {Proceedings of the 26th International Conference on Computational Linguistics (COLING)},
  year      = {2016},
}"""

WNUT17 = """\
@inproceedings{derczynski2017results,
  title     = {Results of the {WNUT2017} Shared Task on Novel and Emerging Entity Recognition},
  author    = {Derczynski, Leon and Nichols, Eric and van Erp, Marieke and Limsopatham, Nut},
  booktitle = {Proceedings of the 3rd Workshop on Noisy User-generated Text (W-NUT)},
  year      = {2017},
}"""

SEMCOR = """\
@inproceedings{miller1993semantic,
  title     = {A Semantic Concordance},
  author    = {Miller, George A. and Leacock, Claudia and Tengi, Randee and Bunker, Ross T.},
  booktitle = {Human Language Technology: Proceedings of a Workshop},
  year      = {1993},
}"""

ONTONOTES = """\
@misc{weischedel2013ontonotes,
  title        = {{OntoNotes} Release 5.0},
  author       = {Weischedel, Ralph and others},
  howpublished = {Linguistic Data Consortium, LDC2013T19},
  year         = {2013},
}"""
