"""The rules of the demo grammar that all domains share (the notation: ``demo_grammar.py``).

Each construction exists because a word alone does not decide it: *that* (DT, IN, WDT), *her* (PRP, PRP$), *'s* (POS,
VBZ), *in* (IN, RP; before a place, a time, or a place that belongs to the noun), *by* (agent, place, time, means),
*with* (tool, ingredient, companion), *to* (infinitive, goal, recipient), past tense and participle, active and passive,
and names that are a person, a place or an organisation by what is said of them.
"""

from __future__ import annotations

CORE_RULES = """
Statement.@:
    6 Clause.@ ./.
    1 TimeAdjunct ,/, Core.@ ./.
    2 Speaker=ARG0 [VP say:VBD=V ] [SBAR that/IN ] Clause.@ ./.
Speaker:
    3 Sg.person
    1 [NP she/PRP ]
    1 [NP he/PRP ]

Clause.@:
    4 Core.@
    6 Subj.@0=ARG0 Verb.@ Obj.@1=ARG1 Adjunct.@
    2 Subj.@0=ARG0 Verb.@ Obj.@1=ARG1 Adjunct.@ TimeAdjunct
    4 SubjPl.@0=ARG0 VerbPl.@ Obj.@1=ARG1 Adjunct.@
    2 Sg.@1=ARG1 [VP was/VBD @:VBN=V ] PassiveAdjunct
    1 Sg.@1=ARG1 [VP will/MD be/VB @:VBN=V ] PassiveAdjunct
    1 Sg.@1=ARG1 [VP was/VBD @:VBN=V ] Agent.@0 PlaceAdjunct
Core.@:
    4 Subj.@0=ARG0 Verb.@ Obj.@1=ARG1
    2 SubjPl.@0=ARG0 VerbPl.@ Obj.@1=ARG1
    2 Sg.@1=ARG1 [VP was/VBD adverb:RB=ARGM-MNR? @:VBN=V ] Agent.@0
    1 Pl.@1=ARG1 [VP were/VBD @:VBN=V ] Agent.@0
    1 [NP Det ^@1:NN=ARG1 ] [VP @:VBN=V ] Agent.@0 [VP was/VBD=V ] [ADJP adjective:JJ=ARG2 ]
    1 [NP Det ^@1:NN=ARG1 ] [NP that/WDT ] Subj.@0=ARG0 Verb.@ [VP was/VBD=V ] [ADJP adjective:JJ=ARG2 ]
Verb.@:
    6 [VP @:VBD=V ]
    2 [VP modal:MD @:VB=V ]
    2 [VP has/VBZ @:VBN=V ]
    2 [VP @:VBZ=V ]
    1 [VP adverb:RB=ARGM-MNR ^@:VBD=V ]
    2 [VP Wish.@0=V to/TO ^@:VB=V ]
    1 [VP did/VBD not/RB @:VB=V ]
    1 [VP is/VBZ @:VBG=V ]
VerbPl.@:
    4 [VP @:VBP=V ]
    2 [VP @:VBD=V ]
    2 [VP have/VBP @:VBN=V ]
    2 [VP WishNow.@0=V to/TO ^@:VB=V ]
    1 [VP modal:MD @:VB=V ]
    1 [VP are/VBP @:VBG=V ]
Wish.@:
    1 want:VBD
Wish.hazard:
    1 threatened/VBD
WishNow.@:
    1 want:VBP
WishNow.hazard:
    1 threaten/VBP
Agent.@:
    1 [PP by/IN ] Obj.@=ARG0
PassiveAdjunct:
    2 [PP by/IN ] [NP weekday:NNP=ARGM-TMP ]
    2 [PP by/IN ] [NP the/DT place:NN=ARGM-LOC ]
    2 TimeAdjunct
    1 PlaceAdjunct

Subj.@:
    1 Sg.@
Subj.person:
    6 Sg.person
    1 [NP he/PRP ]
    1 [NP she/PRP ]
SubjPl.@:
    1 Pl.@
SubjPl.person:
    2 Pl.person
    2 [NP they/PRP ]
    1 [NP we/PRP ]
    1 [NP ^PersonName ] and/CC [NP PersonName ]
Obj.@:
    3 Sg.@
    1 Pl.@
Obj.person:
    6 Sg.person
    2 Pl.person
    2 [NP her/PRP ]
    1 [NP him/PRP ]
    1 [NP them/PRP ]

Sg.@:
    6 [NP Det @:NN ]
    4 [NP Det adjective:JJ @:NN ]
    2 [NP Possessor @:NN ]
    1 [NP Possessor adjective:JJ @:NN ]
    2 Owner [NP 's/POS ^@:NN ]
Sg.person:
    6 [NP PersonName ]
    3 [NP Det person:NN ]
    2 [NP Det adjective:JJ person:NN ]
    2 [NP Possessor kin:NN ]
    1 [NP ^PersonName ] ,/, [NP Det person:NN ] ,/,
    1 [NP Det ^person:NN ] [PP from/IN ] [NP {LOC city_name:NNP } ]
    1 Owner [NP 's/POS ^kin:NN ]
Sg.org:
    5 [NP OrgName ]
    2 [NP Det org:NN ]
    1 [NP Det adjective:JJ org:NN ]
    1 [NP Det {MISC nationality:JJ } org:NN ]
    1 [NP {ORG ^bank_of:NNP ] [PP of/IN ] [NP city_name:NNP } ]
Sg.city:
    4 [NP {LOC city_name:NNP } ]
    1 [NP {LOC compass:NNP city_name:NNP } ]
    1 [NP Det adjective:JJ city:NN ]
    1 [NP {LOC city_name:NNP } ] [NP 's/POS ^city_part:NN ]
Pl.@:
    3 [NP the/DT @:NNS ]
    2 [NP number:CD @:NNS ]
    2 [NP adjective:JJ @:NNS ]
    1 [NP those/DT @:NNS ]
    1 [NP Possessor @:NNS ]
Owner:
    3 [NP PersonName ]
    1 [NP Possessor kin:NN ]
Det:
    6 the/DT
    4 a/DT
    1 this/DT
    2 that/DT
Possessor:
    3 her/PRP$
    1 his/PRP$
    1 their/PRP$
    1 my/PRP$
PersonName:
    4 {PER first:NNP }
    4 {PER first:NNP ^last:NNP }
    2 {PER last:NNP }
    2 title:NNP {PER ^last:NNP }
OrgName:
    3 {ORG company:NNP }
    3 {ORG company:NNP ^company_kind:NNP }

Adjunct.@:
    4 TimeAdjunct
    4 PlaceAdjunct
    1 [ADVP adverb:RB=ARGM-MNR ]
    1 [PP with/IN ] Companion=ARGM-COM
Companion:
    1 [NP PersonName ]
    1 [NP Possessor kin:NN ]
    1 [NP Det person:NN ]
TimeAdjunct:
    2 [NP today/NN=ARGM-TMP ]
    3 [PP on/IN ] [NP weekday:NNP=ARGM-TMP ]
    4 [PP in/IN ] [NP month:NNP=ARGM-TMP ]
    2 [PP in/IN ] [NP the/DT daytime:NN=ARGM-TMP ]
    1 [NP every/DT period:NN=ARGM-TMP ]
    1 [NP this/DT period:NN=ARGM-TMP ]
    2 [PP after/IN ] [NP the/DT event:NN=ARGM-TMP ]
PlaceAdjunct:
    4 [PP in/IN ] [NP {LOC city_name:NNP=ARGM-LOC } ]
    1 [PP in/IN ] [NP {LOC compass:NNP city_name:NNP=ARGM-LOC } ]
    2 [PP near:IN ] [NP the/DT place:NN=ARGM-LOC ]
    1 [PP in/IN ] [NP the/DT venue:NN=ARGM-LOC ]
    1 [PP in/IN ] [NP {LOC ^city_name:NNP=ARGM-LOC } ] ,/, [NP {LOC country:NNP } ]
    2 [PP at/IN ] [NP OrgName=ARGM-LOC ]
    1 [PP outside/IN ] [NP {LOC city_name:NNP } ] [NP 's/POS city_part:NN=ARGM-LOC ]
Copula.@:
    2 Sg.@=ARG1 [VP is/VBZ=V ] [ADJP very/RB? ^adjective:JJ=ARG2 ]
    2 Sg.@=ARG1 [VP was/VBD=V ] [ADJP too/RB? ^adjective:JJ=ARG2 ]
    1 Pl.@=ARG1 [VP are/VBP=V ] [ADJP adjective:JJ=ARG2 ]
    1 [NP it/PRP=ARG1 ] [VP 's/VBZ=V ] [NP Det adjective:JJ @:NN=ARG2 ]
Imperative.@:
    4 [VP @:VB=V ] Obj.@1=ARG1 Adjunct.@?
    1 [VP do/VBP n't/RB @:VB=V ] Obj.@1=ARG1
"""
