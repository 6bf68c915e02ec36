"""Word tables of the normaliser: abbreviations, number words, filler, places.

Every right-hand side is a fixed point of `canonical` (a test holds that), so canonical words
stay what they are when they are normalised again.
"""

from __future__ import annotations

from functools import lru_cache

_ABBREVIATIONS = """
acad academy|acctg accounting|adm administration|admin administration|advtg advertising
advt advertising|aero aerospace|agcy agency|agri agriculture|agric agriculture|amer american
amerika america|asn association|assn association|asso association|assoc association|asscn association
assocs associate|assurances assurance|auth authority|auto automotive|automobil automotive
automobile automotive|bk bank|bldg building|bldrs builder|bros brother|bus business|cap capital
centre center|centro center|centrum center|cent center|cent center|ctr center|cntr center|chem chemical
chems chemical|cmty community|comm communication|comms communication|commun communication
commn commission|comp computer|compu computer|cons consulting|conslt consulting|const construction
constr construction|consult consulting|consultancy consulting|consultants consulting
consultant consulting|coll college|corpn corporation|ctrl control|cty county|dept department|dept department
dev development|devel development|dist district|distr distribution|distrib distribution|div division
dntl dental|edu education|educ education|educational education|elec electric|elect electric
electr electronic|electronique electronic|elektrik electric|elektronik electronic|eng engineering
engg engineering|engr engineering|engrs engineer|ent enterprise|entmt entertainment|entpr enterprise
enterprises enterprise|entrp enterprise|env environmental|environ environmental|equip equipment
est establishment|exch exchange|exp express|fab fabrication|fac faculty|fdn foundation
fed federal|fin financial|finl financial|fncl financial|fnd fund|foods food|found foundation
gen general|gov government|govt government|grp group|gruppe group|grupo group|groupe group
gruppo group|gp group|hlds holding|hldg holding|hldgs holding|hldngs holding|hlth health
hosp hospital|hosps hospital|hse house|hsg housing|ind industry|inds industry|indl industrial
indus industry|industria industry|industrie industry|industrias industry|industries industry|info information
ins insurance|inst institute|instituto institute|institut institute|istituto institute|instn institution
instr instrument|insur insurance|int international|internat international|internacional international
internationale international|internationaler international|intern international|internl international
intl international|intnl international|inv investment|invest investment|invs investment|invt investment
invts investment|isl island|jnt joint|jr junior|juris jurisdiction|lab laboratory|laboratoire laboratory
laboratoires laboratory|laboratorio laboratory|laboratorios laboratory|labs laboratory
lib library|log logistic|logist logistic|ltg lighting|mach machine|maint maintenance|man management
manuf manufacturing|manufacturers manufacturer|mat material|matls material|mech mechanical|med medical
medl medical|mem memorial|meml memorial|mfg manufacturing|mfr manufacturer|mfrs manufacturer|mgmt management
mgt management|mgmnt management|mil military|min mining|mkt market|mktg marketing|mkts market|mnfg manufacturing
mngmt management|mtg mortgage|mtn mountain|mtrs motor|mun municipal|muni municipal|mut mutual
nat national|natl national|nacional national|nationale national|nazionale national|netwk network|ntl national
ntwk network|occup occupational|off office|ofc office|offc office|org organization
organisation organization|organizacion organization|ortho orthopedic|pharm pharmaceutical
pharma pharmaceutical|pharmaceutica pharmaceutical|pharmaceuticals pharmaceutical|phys physical
prod product|prods product|prof professional|prop property|props property|ptnr partner|ptnrs partner
ptr partner|ptrs partner|pub public|publ public|pvt private|rd road|rec recreation|reg regional|rehab rehabilitation
rehabil rehabilitation|rel relation|rep republic|res research|resch research|resrch research
rest restaurant|rlty realty|rsch research|rsrch research|sav saving|savs saving|sch school|schl school
schs school|sci science|scis science|scientific science|sec security|secs security|secur security|serv service
servs service|servicio service|servicios service|servizi service|shs school|soc society|sociedad society
societe society|societa society|sol solution|soln solution|solns solution|spec special|specialty special
srv service|srvc service|srvcs service|srvs service|st saint|ste saint|sta station|stn station|sup supply
supp supply|surg surgical|svc service|svcs service|svs service|sys system|syst system|syss system
systeme system|sistemas system|systemes system|tech technology|technol technology|technologie technology
technologies technology|technological technology|tecnologia technology|techs technology
teknoloji technology|tel telecommunication|telcom telecommunication|telco telecommunication
telecom telecommunication|telecomm telecommunication|telecomms telecommunication
telecoms telecommunication|telekom telecommunication|ther therapeutic|therap therapeutic
therapeutics therapeutic|trans transport|transp transport|transportation transport|trnsp transport
tst trust|univ university|universidad university|universidade university|universita university
universitaet university|universitat university|universite university|universitas university
universiteit university|universitet university|uniwersytet university|universitesi university|univer university
util utility|utils utility|vet veterinary|veterinarian veterinary|vlg village|wk work|wks work|wrld world|yr year
labour labor|theatre theater|fibre fiber|colour color|organisations organization|programme program
defence defense|aluminium aluminum|tyre tire|jewellery jewelry|metre meter
nederland netherland|deutschland germany|espana spain|france france|italia italy|brasil brazil
mexico mexico|polska poland|suisse switzerland|schweiz switzerland|svizzera switzerland
osterreich austria|oesterreich austria|danmark denmark|sverige sweden|norge norway|suomi finland
turkiye turkey|hellas greece|belgique belgium|belgie belgium|rossiya russia
usa us|america america|und and|et and|och and
"""
_NUMBERS = """
one 1|two 2|three 3|four 4|five 5|six 6|seven 7|eight 8|nine 9|ten 10|eleven 11|twelve 12
first 1st|second 2nd|third 3rd|fourth 4th|fifth 5th|sixth 6th|seventh 7th|eighth 8th|ninth 9th
tenth 10th|ii 2|iii 3|iv 4|vi 6|vii 7|viii 8|ix 9
"""
_PHRASES = {
    ("united", "states", "of", "america"): ("us",),
    ("united", "states"): ("us",),
    ("united", "kingdom"): ("uk",),
    ("great", "britain"): ("uk",),
    ("saint", "petersburg"): ("petersburg",),
    ("research", "and", "development"): ("rd",),
}
FILLER = frozenset(
    [
        "and",
        "of",
        "the",
        "for",
        "de",
        "la",
        "le",
        "les",
        "des",
        "du",
        "di",
        "da",
        "do",
        "dos",
        "das",
        "del",
        "y",
        "e",
        "der",
        "die",
        "das",
        "el",
        "los",
    ]
)
UNSPELLED = FILLER | frozenset(
    [
        "a",
        "al",
        "an",
        "as",
        "at",
        "au",
        "aux",
        "by",
        "con",
        "cu",
        "d",
        "do",
        "e",
        "em",
        "en",
        "et",
        "fuer",
        "fur",
        "i",
        "in",
        "l",
        "na",
        "no",
        "nad",
        "o",
        "og",
        "on",
        "onto",
        "och",
        "or",
        "para",
        "per",
        "po",
        "por",
        "pour",
        "pro",
        "sa",
        "su",
        "sur",
        "ta",
        "to",
        "u",
        "um",
        "und",
        "upon",
        "van",
        "von",
        "voor",
        "vor",
        "w",
        "with",
        "y",
        "z",
        "za",
        "ze",
        "zu",
        "zum",
        "zur",
    ]
)
"""Words that a short form may leave out: "VGST" is Vision Group on Science and Technology."""
PLACES = frozenset(
    [
        "us",
        "usa",
        "uk",
        "eu",
        "europe",
        "european",
        "emea",
        "apac",
        "latam",
        "asia",
        "asian",
        "africa",
        "african",
        "america",
        "american",
        "americas",
        "north",
        "south",
        "east",
        "west",
        "northern",
        "southern",
        "eastern",
        "western",
        "central",
        "nordic",
        "nordics",
        "baltic",
        "iberia",
        "benelux",
        "dach",
        "pacific",
        "atlantic",
        "middle",
        "overseas",
        "worldwide",
        "global",
        "international",
        "germany",
        "german",
        "deutschland",
        "france",
        "french",
        "spain",
        "spanish",
        "italy",
        "italian",
        "portugal",
        "netherlands",
        "dutch",
        "holland",
        "belgium",
        "luxembourg",
        "switzerland",
        "swiss",
        "austria",
        "poland",
        "czech",
        "czechia",
        "slovakia",
        "hungary",
        "romania",
        "bulgaria",
        "greece",
        "turkey",
        "russia",
        "ukraine",
        "sweden",
        "norway",
        "denmark",
        "finland",
        "iceland",
        "ireland",
        "irish",
        "england",
        "english",
        "scotland",
        "wales",
        "britain",
        "british",
        "canada",
        "canadian",
        "mexico",
        "brazil",
        "argentina",
        "chile",
        "colombia",
        "peru",
        "china",
        "chinese",
        "japan",
        "japanese",
        "korea",
        "korean",
        "india",
        "indian",
        "indonesia",
        "malaysia",
        "singapore",
        "thailand",
        "vietnam",
        "philippines",
        "taiwan",
        "hong",
        "kong",
        "australia",
        "australian",
        "zealand",
        "israel",
        "egypt",
        "nigeria",
        "kenya",
        "morocco",
        "saudi",
        "arabia",
        "dubai",
        "emirates",
        "qatar",
        "kuwait",
        "pakistan",
        "bangladesh",
        "lanka",
        "london",
        "paris",
        "berlin",
        "munich",
        "frankfurt",
        "hamburg",
        "vienna",
        "zurich",
        "geneva",
        "madrid",
        "barcelona",
        "milan",
        "rome",
        "amsterdam",
        "brussels",
        "dublin",
        "york",
        "boston",
        "chicago",
        "houston",
        "dallas",
        "texas",
        "california",
        "florida",
        "atlanta",
        "seattle",
        "toronto",
        "montreal",
        "vancouver",
        "sydney",
        "melbourne",
        "tokyo",
        "osaka",
        "seoul",
        "shanghai",
        "beijing",
        "shenzhen",
        "guangzhou",
        "mumbai",
        "delhi",
        "bangalore",
        "chennai",
    ]
)


def _pairs(text: str) -> dict[str, str]:
    cells = (cell.split() for line in text.strip().splitlines() for cell in line.split("|"))
    return {cell[0]: cell[1] for cell in cells}


ABBREVIATIONS: dict[str, str] = _pairs(_ABBREVIATIONS) | _pairs(_NUMBERS)
_LONGEST_PHRASE = max(map(len, _PHRASES))


@lru_cache(maxsize=65536)
def canonical(word: str) -> str:
    """The one spelling that stands for an abbreviation, a plural or a number word."""
    if word in ABBREVIATIONS:
        return ABBREVIATIONS[word]
    stem = _singular(word)
    return ABBREVIATIONS.get(stem, stem)


def join_phrases(words: list[str]) -> list[str]:
    """Replace fixed phrases ("united states of america" -> "us")."""
    result: list[str] = []
    at = 0
    while at < len(words):
        for size in range(_LONGEST_PHRASE, 1, -1):
            phrase = _PHRASES.get(tuple(words[at : at + size]))
            if phrase is not None:
                result.extend(phrase)
                at += size
                break
        else:
            result.append(words[at])
            at += 1
    return result


def _singular(word: str) -> str:
    if len(word) < 5 or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith("s") and word[-2] not in "suia":
        return word[:-1]
    return word
