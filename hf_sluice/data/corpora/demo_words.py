"""The words of the demo grammar: what all domains share, and what each adds (the notation: ``demo_lexicon.py``).

Many stand in several categories: *book*, *walk*, *cook* and *fire* are nouns and verbs, *light* is a noun and an
adjective, *Washington*, *Jordan* and *Chase* are persons, places and organisations, *May*, *Will* and *Mark* are names,
a month, a modal and a verb. Coined names share their endings across persons, places and organisations.
"""

from __future__ import annotations

CORE_WORDS = """
first: Jordan Paris May Will Florence Mark Rose Austin Bill June Grant Hope Chase Sydney Frank
last: Washington Jordan Chase Lincoln Ford Houston Grant Wells Morgan Cook Walker Price Banks Reading Stone
city_name: Washington Jordan Lincoln Houston Paris Florence Austin Sydney Reading Bath Wells Victoria Hope
compass: New North East Port
country: Jordan Turkey China Georgia Chad Chile
company: Ford Chase Morgan Wells Shell Gap Target Lincoln Houston Apple
company_kind: Bank Motors Group Foods Airlines Partners
bank_of: Bank University Port
nationality: Italian French Danish Mexican Turkish
title: Mr. Ms. Dr.
first ~ 0.5: Al Bren Cor Dan El Fen Gar Hal Is Jan Kor Lin Mar Nor Or Pe Ro Sel Ta Vi | an el en er il in on
    or | a ka la na ny o ta
last ~ 0.5: Ash Black Brad Clay Dun Elling Fair Hather Kings Lang Mar Nor Oaken Pen Rad Stan Thorn Wal Whit
    Wood | bridge field ford ham land ley man son ton well worth by
city_name ~ 0.5: Ash Black Brad Clay Dun Elling Fair Hather Kings Lang Mar Nor Oaken Pen Rad Stan Thorn Wal
    Whit Wood | bridge burg dale field ford ham mouth pool port stead ton ville wick
company ~ 0.5: Ash Black Brad Clay Dun Elling Fair Hather Kings Lang Mar Nor Oaken Pen Rad Stan Thorn Wal Whit
    Wood | bridge field ford ham land ley soft son tech ton well worth

person: guide official local cook driver guard student doctor
kin: brother sister mother friend cousin
event: walk visit meeting show strike party race
place: park market station bridge square library river
thing: book watch light phone bag letter
city: city town village
city_part: harbor airport center coast
adjective: light cold clean new old small
adverb: quickly quietly slowly carefully
vehicle: train bus car taxi ferry
daytime: morning evening afternoon
weekday: Monday Tuesday Friday Sunday
month: May March June April August
venue: park library station market
near: near by behind
number: two three five ten 12 20 50
number ~ 0.25: 1 2 3 4 5 6 7 8 9 | 1 2 3 4 5 6 7 8 9
modal: will can may should might
want: plan hope try want
say: say/said/said report claim
person ~ 0.5: bank boat book box clock coach cotton farm gate glass ink lamp mill net paper rail rope silk
    stage wheel | holder hand keeper maker man master seller woman worker
event ~ 0.4: autumn boat book bread city dance flower harbor horse kite lantern night river snow spring street
    summer town winter | ball fair fest hunt parade rally ride run
place ~ 0.5: apple bell book brick castle corn fish flower garden goose grain hay horse iron milk mill rose
    stone sugar wool | court garden gate hall house market shop yard
thing ~ 0.4: arm book bottle chair cup desk door feather foot glass hand key lamp neck pocket shoe silk table
    wall wrist | band basket box cover holder mat rack stand strap
adjective ~ 0.4: back cloud dust earth half heart home leaf life moon over rain sand sea sleep snow star sun
    under wind | bound like made proof ready tight wide worn
adverb ~ 0.3: air blood boast bright care event gloom grace hand hope joy light mourn need play rest skill
    thought wind woe | fully lessly somely
frame meet: person person | meet/met/met question thank praise support
"""

_NEWS_WORDS = """
first: Helen Victor Laura Martin Irene Peter
last: Harris Novak Fischer Costa Lindberg Ross
city_name: Geneva Brussels Denver Oslo Nairobi Boston
country: France Brazil Kenya Norway
company: Nordex Veritas Unicorp Halden Orion
person: minister mayor spokesman judge senator analyst governor witness
org: company bank firm agency union ministry
event: strike fire election attack flood trial summit march
document: plan report order bill charge record offer draft review claim
finance: loss gain record drop rise profit cut market
stock: share bond
period: week month year quarter
move: rise/rose/risen fall/fell/fallen drop gain climb
hazard: storm fire flood strike attack
police: officer detective guard agent
adjective: official local federal public secret final human joint
place: court border embassy
org ~ 0.4: air cable coal credit farm freight fuel grain media metal oil rail sea ship solar steel tele trade
    water wind | board chain group lab trust union
document ~ 0.4: air bank budget coast farm fuel health home labor land oil pension rail road school tax tele
    trade water wheat | act bill deal pact plan report treaty
hazard ~ 0.4: black dust earth fire flash hail ice land mud rain rock sand sea snow wind | fire flood quake
    slide storm wave
frame hire: org person | hire appoint fire/fired/fired/firing recruit promote sue
frame acquire: org org | acquire back fund buy/bought/bought target
frame post: org finance | post report record claim expect
frame arrest: police person | arrest charge release identify guard
frame approve: person document | approve draft sign reject order review
frame lead: person org | lead/led/led join head chair advise
frame strike: hazard city | strike/struck/struck hit/hit/hit/hitting flood damage reach
"""

_CHAT_WORDS = """
first: Zoe Liam Kim Nico Ruby Sam Tess
last: Kim Lopez Nguyen Patel Bell
person: boss roommate neighbor teacher coach gamer
kin: mom dad buddy uncle
event: call test date game film dance
place: gym pool mall
thing: drink text call ticket watch game picture film charger drop like
adjective: cool open secret funny free fine weird nice broken
period: day week weekend month
interjection: yeah well oh hey sorry okay
company: Netto Chatly Gamez
city_name: Austin Miami Berlin Dublin
frame call: person person | call text miss like love see/saw/seen
frame own: person thing | find/found/found buy/bought/bought mark watch lose/lost/lost fix borrow drop keep/kept/kept
frame arrange: person event | plan skip book film watch test date call
frame give: person person | give/gave/given send/sent/sent show/showed/shown lend/lent/lent hand
thing ~ 0.5: air arm back bean beat book chair ear face game head key lap light phone photo play sound tape
    video | band bag bar box case deck pack pad pod strap
adjective ~ 0.4: card chill dream fluff fun glitz goof grump jump mood nerd noise pop rust sass scruff silk
    smirk spook wonk | like ish less friendly proof
event ~ 0.4: beach bike board book brunch camp card chess dance dog film garage holiday karaoke lunch pizza
    roof selfie skate swim | thon bash fest meetup night quiz
"""

_TRAVEL_WORDS = """
first: Marco Elena Yuki Omar Ingrid Pablo
last: Rossi Tanaka Haddad Silva Moreau
city_name: Lisbon Kyoto Cairo Venice Naples Cusco Nice
country: Italy Japan Peru Portugal Egypt
company: Hilton Skyways Voyago Airtours
person: guide tourist traveler porter pilot guest hiker
event: tour hike drive flight cruise return
place: beach hill lake gate
sight: castle museum tower market cathedral beach garden park temple
lodging: room hotel cabin suite tent
luggage: bag suitcase map camera guide book ticket
view: view pool terrace garden
vehicle: plane ship boat coach tram
hazard: storm strike blizzard flood
period: day week summer winter
transport: flight train tour cruise ferry
adjective: quiet local open cheap famous scenic warm present
frame visit: person sight | visit tour photograph reach see/saw/seen
frame reserve: person lodging | book reserve order find/found/found
frame recommend: person lodging | recommend like describe review rate
frame delay: hazard transport | delay stop cancel hold/held/held slow
travel: travel/traveled/traveled/traveling return move head commute
trip: walk drive flight hike run return
walk: walk drive/drove/driven fly/flew/flown sail hike run/ran/run/running
carry: carry move bring/brought/brought
sight ~ 0.5: bell cave cliff cloud crystal dragon fire glass gold ice moon palm pearl rain salt shell silver
    snow sun swan | bay bridge fall garden gate palace rock shrine tower wall
lodging ~ 0.4: beach boat cave cliff farm forest garden hill lake light log mill moss ranch reed sea snow
    stone tree water | cabin cottage house inn lodge tent
luggage ~ 0.4: back beach boot camera day desert foot hand map moon passport rain river sand sea ski snow sun
    toilet trail | bag case kit pack pouch purse
adjective ~ 0.5: breeze cloud coral dawn dune fog frost glacier island jungle moon palm rain salt sand shade
    snow spring storm sun | bound kissed less like lit washed
"""

_RECIPES_WORDS = """
first: Julia Bruno Nadia Hugo Greta
last: Baker Butler Romano Singh
city_name: Naples Lyon Parma Delhi
country: Italy Spain India Greece
company: Olivia Saffrona Gusto
person: chef baker waiter cook butcher
food: butter water fish salt oil turkey cream rice cheese soup flour sauce dough beef milk
vegetable: onion apple carrot tomato/tomatoes egg potato/potatoes date pepper bean orange
piece: slice piece cube chunk square
flavor: apple tomato turkey fish butter lemon onion garlic
measure: cup spoon slice pinch can bowl glass
tool: knife spoon fork press whisk mill grater
container: pan bowl pot dish oven plate can tray
period: day week minute
minute: minute hour second
adjective: warm dry sweet hot fresh cool cold thick tender clean
adverb: gently lightly finely
event: meal feast dinner
place: kitchen stove counter
frame prepare: person food | cook heat cool season warm salt dry butter water chill sugar
frame cut: person vegetable | chop slice peel wash dry clean cook butter dice
frame mix: person food | mix combine blend/blended/blended cover top/topped/topped/topping fill
frame put: person food | put/put/put/putting place pour drop spread/spread/spread press
frame taste: person food | taste check smell test try
serve: serve bring/brought/brought
food ~ 0.5: almond barley black butter corn fig ginger goat honey maple nut oat plum river rock rye salt sour
    sweet wheat | bread broth cake cheese cream fish meal milk paste sauce
vegetable ~ 0.4: bitter black butter cloud frost ginger goose ground honey mountain pine red rock salt sea
    snow star sugar swamp winter | bean berry cress leaf melon nut plum radish root
tool ~ 0.4: apple bone bread butter cake cheese cherry egg fish garlic ham herb lemon meat milk nut onion
    pasta salad soup | brush fork hammer knife ladle press scoop spoon
container ~ 0.4: bread butter cake clay copper egg fish glass ice iron meat milk oil pie salad salt soup stone
    tea wood | bowl dish jar jug pan pot tin tray
adjective ~ 0.4: brown butter crumb crust earth fig flake fruit ginger grain herb honey lemon maple nut pepper
    salt smoke spice sugar | baked cured less like rich scented
"""

DOMAIN_WORDS = {"news": _NEWS_WORDS, "chat": _CHAT_WORDS, "travel": _TRAVEL_WORDS, "recipes": _RECIPES_WORDS}
