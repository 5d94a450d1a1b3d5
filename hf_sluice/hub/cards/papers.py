"""The papers of the methods, in BibTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.analysis.model_summary import sharing_name

if TYPE_CHECKING:
    from hf_sluice.hub.cards.record import CardRecord
    from hf_sluice.hub.cards.sources import Sources

_SLUICE = """\
@inproceedings{ruder2019latent,
  title     = {Latent Multi-task Architecture Learning},
  author    = {Ruder, Sebastian and Bingel, Joachim and Augenstein, Isabelle and S{\\o}gaard, Anders},
  booktitle = {Proceedings of the AAAI Conference on Artificial Intelligence},
  year      = {2019},
}"""

_SPARSE_SHARING = """\
@inproceedings{sun2020learning,
  title     = {Learning Sparse Sharing Architectures for Multiple Tasks},
  author    = {Sun, Tianxiang and Shao, Yunfan and Li, Xiaonan and Liu, Pengfei and Yan, Hang and Qiu, Xipeng and
               Huang, Xuanjing},
  booktitle = {Proceedings of the AAAI Conference on Artificial Intelligence},
  year      = {2020},
}"""

_CROSS_STITCH = """\
@inproceedings{misra2016cross,
  title     = {Cross-stitch Networks for Multi-task Learning},
  author    = {Misra, Ishan and Shrivastava, Abhinav and Gupta, Abhinav and Hebert, Martial},
  booktitle = {Proceedings of the IEEE Conference on Computer Vision and Pattern Recognition (CVPR)},
  year      = {2016},
}"""

_LOW_SUPERVISION = """\
@inproceedings{sogaard2016deep,
  title     = {Deep multi-task learning with low level tasks supervised at lower layers},
  author    = {S{\\o}gaard, Anders and Goldberg, Yoav},
  booktitle = {Proceedings of the 54th Annual Meeting of the Association for Computational Linguistics (ACL)},
  year      = {2016},
}"""

_OF_SHARING = {
    "sparse sharing": (_SPARSE_SHARING,),
    "cross stitch": (_CROSS_STITCH, _SLUICE),
    "low supervision": (_LOW_SUPERVISION, _SLUICE),
}


def citations(record: CardRecord, sources: Sources) -> str:
    """What to cite: the method, in general that of which the model is a special case, and the corpora."""
    methods = _OF_SHARING.get(sharing_name(record.tagger.model), (_SLUICE,))
    entries = [*methods, *(source.citation for source in sources.corpora if source.citation)]
    return "\n\n".join(dict.fromkeys("\n\n".join(entries).split("\n\n")))
