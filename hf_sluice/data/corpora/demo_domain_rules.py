"""The rules that each domain adds to those of ``demo_rules.py``, or puts in their place."""

from __future__ import annotations

_NEWS_RULES = """
Sentence:
    3 Statement.hire
    3 Statement.acquire
    2 Statement.post
    2 Statement.arrest
    2 Statement.approve
    2 Statement.meet
    2 Statement.lead
    2 Statement.strike
    2 Shares ./.
    1 Copula.document ./.
Statement.@:
    5 Clause.@ ./.
    2 TimeAdjunct ,/, Core.@ ./.
    3 Speaker=ARG0 [VP say:VBD=V ] [SBAR that/IN ] Clause.@ ./.
    1 Clause.@ ,/, Speaker=ARG0 [VP say:VBD=V ] ./.
Sg.person:
    6 [NP PersonName ]
    3 [NP Det person:NN ]
    1 [NP Det {MISC nationality:JJ } person:NN ]
    2 [NP ^PersonName ] ,/, [NP the/DT person:NN ] [PP of/IN ] [NP {LOC city_name:NNP } ] ,/,
    2 [NP {LOC city_name:NNP } ] [NP 's/POS ^person:NN ]
    1 [NP OrgName person:NN PersonName ]
Sg.hazard:
    3 [NP Det hazard:NN ]
    1 [NP Det adjective:JJ hazard:NN ]
Sg.finance:
    2 [NP a/DT finance:NN ]
    1 [NP a/DT adjective:JJ finance:NN ]
    2 [NP a/DT ^finance:NN ] [PP of/IN ] [NP number:CD percent/NN ]
Obj.finance:
    1 Sg.finance
Shares:
    3 [NP OrgName ] [NP 's/POS ^stock:NNS=ARG1 ] [VP move:VBD=V ] [NP number:CD percent/NN=ARG2 ] TimeAdjunct?
    2 [NP ^stock:NNS=ARG1 ] [PP of/IN ] [NP OrgName ] [VP move:VBD=V ] TimeAdjunct?
    1 LocalFinance=ARG1 [VP move:VBZ=V ] [NP number:CD percent/NN=ARG2 ]
LocalFinance:
    1 [NP the/DT ^finance:NN ] [PP in/IN ] [NP {LOC city_name:NNP } ]
Adjunct.strike:
    1 TimeAdjunct
Adjunct.lead:
    3 TimeAdjunct
    1 [PP from/IN ] [NP {LOC city_name:NNP=ARGM-DIR } ]
Adjunct.approve:
    2 [PP for/IN ] [NP {LOC city_name:NNP } ]
    2 TimeAdjunct
    1 PlaceAdjunct
"""

_CHAT_RULES = """
Sentence:
    3 Statement.call
    4 Statement.own
    2 Statement.arrange
    2 Giving ./.
    3 Question.call
    3 Question.own
    2 Question.arrange
    2 Greeting Imperative.own ./.
    1 Greeting Imperative.arrange ./.
    1 Greeting Statement.own
    1 Greeting Giving ./.
    2 Copula.thing ./.
    1 Copula.event ./.
    2 Likeness ./.
    2 Calling ./.
    1 Particle ./.
Greeting:
    1 [INTJ interjection:UH ] ,/,
Question.@:
    3 did/VBD [NP you/PRP=ARG0 ] [VP @:VB=V ] Obj.@1=ARG1 TimeAdjunct? ?/.
    2 modal:MD Subj.@0=ARG0 [VP @:VB=V ] Obj.@1=ARG1 Adjunct.@? ?/.
    2 [NP who/WP=ARG0 ] [VP @:VBD=V ] Obj.@1=ARG1 ?/.
    2 [ADVP where/WRB=ARGM-LOC ] did/VBD Subj.@0=ARG0 [VP @:VB=V ] Obj.@1=ARG1 ?/.
    1 is/VBZ Subj.@0=ARG0 [VP @:VBG=V ] Obj.@1=ARG1 TimeAdjunct? ?/.
Question.call:
    3 did/VBD [NP you/PRP=ARG0 ] [VP call:VB=V ] Obj.person=ARG1 TimeAdjunct? ?/.
    2 modal:MD Subj.person=ARG0 [VP call:VB=V ] Obj.person=ARG1 Adjunct.call? ?/.
    2 [NP who/WP=ARG0 ] [VP call:VBD=V ] Obj.person=ARG1 ?/.
    2 [NP who/WP=ARG1 ] did/VBD Subj.person=ARG0 [VP call:VB=V ] TimeAdjunct? ?/.
Giving:
    3 Subj.person=ARG0 [VP give:VBD=V ] Obj.person=ARG2 Sg.thing=ARG1
    2 Subj.person=ARG0 [VP give:VBD=V ] Obj.thing=ARG1 [PP to/TO ] Obj.person=ARG2
    2 [NP I/PRP=ARG0 ] [VP want:VBP=V to/TO give:VB=V ] Obj.thing=ARG1 [PP to/TO ] Obj.person=ARG2
    1 Sg.thing=ARG1 [VP was/VBD give:VBN=V ] [PP to/TO ] Obj.person=ARG2 Agent.person
Likeness:
    2 [NP that/DT=ARG1 ] [VP looks/VBZ=V ] [PP like/IN ] Sg.thing=ARG2
    1 [NP that/DT person:NN=ARG1 ] [VP looks/VBZ=V ] [PP like/IN ] [NP PersonName=ARG2 ]
    1 [NP that/DT=ARG1 ] [VP 's/VBZ=V ] Sg.thing=ARG2
Calling:
    2 [NP PersonName=ARG0 ] [VP 's/VBZ call:VBG=V ] Obj.person=ARG1 TimeAdjunct?
    1 [NP PersonName=ARG1 ] [VP 's/VBZ=V ] [ADJP adjective:JJ=ARG2 ]
    1 [NP I/PRP=ARG0 ] [VP know/VBP=V ] [SBAR that/IN ] Clause.call
    1 [NP I/PRP=ARG0 ] [VP know/VBP=V ] [NP that/DT person:NN=ARG1 ]
    1 [NP I/PRP=ARG0 ] [VP know/VBP=V ] [SBAR that/IN ] [NP person:NNS=ARG0 ] [VP own:VBP=V ] Obj.thing=ARG1
Particle:
    1 Subj.person=ARG0 [VP called/VBD=V ] [PRT off/RP ] Sg.event=ARG1
    1 Subj.person=ARG0 [VP turned/VBD=V ] [PRT off/RP ] Sg.thing=ARG1
    1 Subj.person=ARG0 [VP fell/VBD=V ] [PP off/IN ] [NP Det thing:NN=ARGM-DIR ]
    1 Subj.person=ARG0 [VP moved/VBD=V ] [PRT in/RP ] TimeAdjunct
    1 [NP PersonName=ARG0 ] [VP moved/VBD=V ] [PP in/IN ] [NP month:NNP=ARGM-TMP ]
"""

_TRAVEL_RULES = """
Sentence:
    4 Statement.visit
    3 Statement.reserve
    2 Statement.delay
    3 Statement.recommend
    1 Statement.meet
    4 Motion ./.
    2 Leaving ./.
    2 Arrival ./.
    1 Copula.lodging ./.
    1 Subj.person=ARG0 [VP suggested/VBD=V ] Obj.lodging=ARG1 [PP to/TO ] Companion=ARG2 ./.
    1 Copula.sight ./.
    2 There ./.
    1 Imperative.visit ./.
    1 Imperative.reserve ./.
Motion:
    3 Subj.person=ARG0 [VP travel:VBD=V ] Goal Means?
    2 SubjPl.person=ARG0 [VP want:VBP=V to/TO ^travel:VB=V ] Goal Means?
    2 Subj.person=ARG0 [VP want:VBZ=V to/TO ^walk:VB=V ] Goal TimeAdjunct?
    2 SubjPl.person=ARG0 [VP walk:VBP=V ] Goal TimeAdjunct?
    2 Subj.person=ARG0 [VP travel:VBZ=V ] Origin Goal TimeAdjunct?
    1 Subj.person=ARG0 [VP is/VBZ travel:VBG=V ] Goal [PP with/IN ] Companion=ARGM-COM
    2 [NP Possessor trip:NN=ARG1 ] Goal [VP took/VBD=V ] [NP number:CD period:NNS=ARG2 ]
    1 [NP Det ^vehicle:NN=ARG1 ] [PP to/TO ] [NP {LOC city_name:NNP } ] [VP was/VBD=V ] [ADJP adjective:JJ=ARG2 ]
Goal:
    3 [PP to/TO ] [NP {LOC city_name:NNP=ARG2 } ]
    1 [PP to/TO ] [NP {LOC compass:NNP city_name:NNP=ARG2 } ]
    1 [PP to/TO ] [NP the/DT sight:NN=ARG2 ]
    1 [PP to/TO ] [NP {LOC city_name:NNP } ] [NP 's/POS city_part:NN=ARG2 ]
Origin:
    1 [PP from/IN ] [NP {LOC city_name:NNP=ARGM-DIR } ]
Means:
    3 [PP by/IN ] [NP vehicle:NN=ARGM-MNR ]
    2 [PP by/IN ] [NP weekday:NNP=ARGM-TMP ]
    1 [PP by/IN ] [NP the/DT place:NN=ARGM-LOC ]
    3 TimeAdjunct
Leaving:
    2 Subj.person=ARG0 [VP left/VBD=V ] Sg.luggage=ARG1 [PP in/IN ] [NP the/DT lodging:NN=ARG2 ]
    1 Subj.person=ARG0 [VP carry:VBD=V ] Sg.luggage=ARG1 [PP to/TO ] [NP the/DT lodging:NN=ARG2 ]
    1 Sg.luggage=ARG1 [VP was/VBD left/VBN=V ] [PP in/IN ] [NP the/DT vehicle:NN=ARG2 ] Agent.person
    1 LeftBehind=ARG1 [VP was/VBD=V ] [ADJP adjective:JJ=ARG2 ]
LeftBehind:
    1 [NP the/DT ^luggage:NN ] [VP left/VBN=V ] [PP in/IN ] [NP the/DT vehicle:NN=ARG2 ]
Arrival:
    2 SubjPl.person=ARG0 [VP checked/VBD=V ] [PRT in/RP ] Means
    1 Subj.person=ARG0 [VP stayed/VBD=V ] [PP in/IN ] [NP Det lodging:NN=ARGM-LOC ] TimeAdjunct
    1 Subj.person=ARG0 [VP arrived/VBD=V ] [PP in/IN ] [NP {LOC city_name:NNP=ARGM-LOC } ] TimeAdjunct
    1 Subj.person=ARG0 [VP stayed/VBD=V ] [PP with/IN ] Companion=ARGM-COM [PP in/IN ] [NP month:NNP=ARGM-TMP ]
There:
    2 [NP there/EX ] [VP is/VBZ=V ] [NP a/DT adjective:JJ? sight:NN=ARG1 ] PlaceAdjunct
    1 [NP there/EX ] [VP are/VBP=V ] [NP number:CD lodging:NNS=ARG1 ] PlaceAdjunct
    1 [NP the/DT vehicle:NN=ARG0 ] [VP stopped/VBD=V ] [ADVP there/RB=ARGM-LOC ] TimeAdjunct?
Adjunct.delay:
    2 TimeAdjunct
    1 PlaceAdjunct
Adjunct.reserve:
    3 [PP in/IN ] [NP {LOC city_name:NNP } ]
    2 [PP near:IN ] [NP the/DT sight:NN ]
    2 [PP for/IN ] [NP PersonName=ARG2 ]
    2 [PP for/IN ] [NP number:CD period:NNS=ARGM-TMP ]
    2 TimeAdjunct
Adjunct.recommend:
    3 [PP in/IN ] [NP {LOC city_name:NNP } ]
    1 [PP near:IN ] [NP the/DT sight:NN ]
    1 [PP with/IN ] [NP Det view:NN ]
    1 TimeAdjunct
Adjunct.visit:
    2 [PP by/IN ] [NP vehicle:NN=ARGM-MNR ]
    2 [PP with/IN ] Companion=ARGM-COM
    3 TimeAdjunct
"""

_RECIPES_RULES = """
Sentence:
    5 Imperative.prepare ./.
    3 Imperative.cut ./.
    3 Imperative.mix ./.
    3 Imperative.put ./.
    2 Imperative.taste ./.
    2 Statement.prepare
    2 Statement.cut
    1 Statement.mix
    2 Statement.put
    2 Statement.taste
    2 [VP cut:VB=V ] Obj.vegetable=ARG1 and/CC Imperative.put ./.
    1 [VP prepare:VB=V ] Obj.food=ARG1 and/CC Imperative.mix ./.
    2 Imperative.prepare [SBAR until/IN ] Sg.food=ARG1 [VP is/VBZ=V ] [ADJP adjective:JJ=ARG2 ] ./.
    1 Imperative.cut [SBAR while/IN ] Subj.person=ARG0 [VP prepare:VBZ=V ] Obj.food=ARG1 ./.
    1 [SBAR if/IN ] Sg.food=ARG1 [VP is/VBZ=V ] [ADJP adjective:JJ=ARG2 ] ,/, Imperative.prepare ./.
    1 Copula.food ./.
    1 Copula.vegetable ./.
    2 Serving ./.
Sg.food:
    6 [NP the/DT food:NN ]
    3 [NP the/DT adjective:JJ food:NN ]
    2 [NP adjective:JJ food:NN ]
    2 [NP the/DT flavor:NN food:NN ]
    2 [NP Det ^measure:NN ] [PP of/IN ] [NP food:NN ]
    1 [NP the/DT {MISC nationality:JJ } food:NN ]
    1 Owner [NP 's/POS ^food:NN ]
Pl.food:
    3 [NP number:CD ^measure:NNS ] [PP of/IN ] [NP food:NN ]
    1 [NP ^food:NN ] and/CC [NP food:NN ]
    1 [NP the/DT ^food:NN ] and/CC [NP vegetable:NNS ]
Obj.food:
    4 Sg.food
    2 Pl.food
    1 [NP food:NN ]
Sg.vegetable:
    3 [NP Det vegetable:NN ]
    2 [NP Det adjective:JJ vegetable:NN ]
    1 [NP Possessor vegetable:NN ]
Copula.food:
    3 Sg.food=ARG1 [VP is/VBZ=V ] [ADJP very/RB? ^adjective:JJ=ARG2 ]
    1 [NP that/DT food:NN=ARG1 ] [VP 's/VBZ=V ] [PP from/IN ] [NP {LOC country:NNP=ARG2 } ]
Serving:
    2 [NP PersonName=ARG0 ] [VP serve:VBZ=V ] Sg.food=ARG1 [PP in/IN ] [NP {LOC city_name:NNP=ARGM-LOC } ]
    1 [NP PersonName=ARG0 ] [VP serve:VBZ=V ] [NP her/PRP=ARG2 ] Sg.food=ARG1
    1 [NP PersonName=ARG0 ] [VP serve:VBZ=V ] [NP her/PRP$ food:NN=ARG1 ] [PP with/IN ] Sg.food=ARG2
    1 [NP food:NN=ARG1 ] [PP from/IN ] [NP {LOC country:NNP } ] [VP is/VBZ serve:VBN=V ] [PP with/IN ] Sg.food=ARG2
    1 [NP the/DT food:NN=ARG1 ] [PP at/IN ] [NP OrgName ] [VP is/VBZ=V ] [ADJP adjective:JJ=ARG2 ]
Imperative.prepare:
    5 [VP prepare:VB=V ] Obj.food=ARG1 Adjunct.prepare?
    1 [VP do/VBP n't/RB prepare:VB=V ] Obj.food=ARG1 Adjunct.prepare?
    1 [ADVP adverb:RB=ARGM-MNR ] [VP prepare:VB=V ] Obj.food=ARG1
Imperative.cut:
    4 [VP cut:VB=V ] Obj.vegetable=ARG1 Adjunct.cut?
    1 [VP do/VBP n't/RB cut:VB=V ] Obj.vegetable=ARG1 Adjunct.cut?
Imperative.mix:
    1 [VP mix:VB=V ] Obj.food=ARG1 Adjunct.mix
Imperative.put:
    1 [VP put:VB=V ] Obj.food=ARG1 Adjunct.put
Imperative.taste:
    1 [VP taste:VB=V ] Obj.food=ARG1 Adjunct.taste
Adjunct.prepare:
    3 [PP with/IN ] [NP Det tool:NN=ARGM-MNR ]
    3 [PP in/IN ] [NP the/DT container:NN=ARGM-LOC ]
    2 [PP for/IN ] [NP number:CD minute:NNS=ARGM-TMP ]
    1 [PP with/IN ] Companion=ARGM-COM
    1 [ADVP adverb:RB=ARGM-MNR ]
Adjunct.cut:
    3 [PP with/IN ] [NP Det tool:NN=ARGM-MNR ]
    1 [PP on/IN ] [NP Det container:NN=ARGM-LOC ]
    1 [PP with/IN ] Companion=ARGM-COM
    1 [PP into/IN ] [NP adjective:JJ? piece:NNS=ARG2 ]
Adjunct.mix:
    3 [PP with/IN ] Obj.food=ARG2
    1 [PP with/IN ] [NP Det tool:NN=ARGM-MNR ]
    1 [PP in/IN ] [NP the/DT container:NN=ARGM-LOC ]
Adjunct.put:
    3 [PP in/IN ] [NP the/DT container:NN=ARG2 ]
    2 [PP on/IN ] [NP the/DT container:NN=ARG2 ]
    1 [PP in/IN ] [NP the/DT container:NN=ARG2 ] [PP with/IN ] [NP Det tool:NN=ARGM-MNR ]
Adjunct.taste:
    3 [PP in/IN ] [NP the/DT container:NN ]
    1 [PP with/IN ] [NP the/DT food:NN ]
    1 [PP with/IN ] [NP Det tool:NN=ARGM-MNR ]
"""

DOMAIN_RULES = {"news": _NEWS_RULES, "chat": _CHAT_RULES, "travel": _TRAVEL_RULES, "recipes": _RECIPES_RULES}
