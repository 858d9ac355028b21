"""Which country a text names: by its code, or by its name in the languages that tables are written in.

The names come from the Unicode CLDR (https://cldr.unicode.org/); beside them stand those that data and
people use besides. A text may name what several countries are today, or what lies in one according to some
and in another according to others: then each of them is meant, so that none of them contradicts.
"""

from functools import cache
from typing import Final

from twintowns.foldednames import folded
from twintowns.messages import territory_codes, territory_names

_LANGUAGES: Final = ("en", "sv", "de", "fi", "et", "da", "nb", "nl", "fr", "es", "it", "pl")
_NO_COUNTRIES: Final = {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"}

_LEFT_OUT: Final = {"the", "and", "och", "und", "ja"}
_CODES: Final = (
    "AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV "
    "NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY"
)
_NAMES: Final = (
    "alabama; alaska; arizona; arkansas; california; colorado; connecticut; delaware; florida; georgia; "
    "hawaii; idaho; illinois; indiana; iowa; kansas; kentucky; louisiana; maine; maryland; massachusetts; "
    "michigan; minnesota; mississippi; missouri; montana; nebraska; nevada; new hampshire; new jersey; "
    "new mexico; new york; north carolina; north dakota; ohio; oklahoma; oregon; pennsylvania; rhode island; "
    "south carolina; south dakota; tennessee; texas; utah; vermont; virginia; washington; west virginia; "
    "wisconsin; wyoming"
)
_STATE_CODES: Final = frozenset(_CODES.split())
_STATES: Final = frozenset(_NAMES.split("; "))
"""The states of the United States, of whose codes many are those of countries too."""

_FURTHER: Final = {
    "AE": "UAE; VAE; Emirates; Förenade Arabemiraten",
    "BA": "Bosnia; Bosnien; Bosnia-Hercegovina; Bosnia and Hercegovina",
    "BS": "The Bahamas; Bahamas",
    "BY": "Belorussia; Weissrussland; Vitryssland; Valko-Venäjä; Valgevene",
    "CD": "DR Congo; Democratic Republic of the Congo",
    "CG": "Republic of the Congo",
    "CI": "Ivory Coast; Elfenbenskusten; Elfenbeinküste; Norsunluurannikko; Elevandiluurannik",
    "CN": "People's Republic of China; PR China; PRC; Volksrepublik China; Folkrepubliken Kina",
    "CV": "Cape Verde; Kap Verde",
    "CZ": "Czech Republic; Tschechische Republik; Tjeckiska republiken; Tšekin tasavalta; Česko",
    "CZ SK": "Czechoslovakia; Tschechoslowakei; Tjeckoslovakien; Tšekkoslovakia; Tšehhoslovakkia; ČSSR",
    "DE": "FRG; BRD; GDR; DDR; Germany (West); Germany (East); West Germany; East Germany; Västtyskland; "
    "Östtyskland; Länsi-Saksa; Itä-Saksa; Bundesrepublik Deutschland; Federal Republic of Germany; D",
    "DK FO": "Faroes; Faroe Islands; Färöarna; Färöer; Färsaaret; Fääri saared",
    "DK GL": "Greenland; Grönland; Grönlanti; Gröönimaa",
    "EE": "Eesti Vabariik",
    "ES": "Kingdom of Spain; E",
    "FI": "Republic of Finland",
    "FI AX": "Åland; Åland Islands; Ahvenanmaa; Ålandinseln; Ahvenamaa",
    "FR": "F",
    "GB": "UK; U.K.; Great Britain; Britain; Grossbritannien; Storbritannien; Iso-Britannia; Suurbritannia; "
    "England; Scotland; Wales; Northern Ireland; Schottland; Skottland; Nordirland; Englanti; Skotlanti; "
    "Pohjois-Irlanti; Inglismaa; Šotimaa; Põhja-Iirimaa; Vereinigtes Königreich",
    "GM": "The Gambia",
    "HK CN": "Hong Kong; Hongkong",
    "HU": "Hungarian Republic; H",
    "IE": "Republic of Ireland; Eire; Irland; Irlanti; Iirimaa",
    "IL PS": "East Jerusalem; Mandatory Palestine",
    "IR": "Islamic Republic of Iran; Persia",
    "IT": "I; Italien; Italia; Itaalia",
    "KP": "DPRK; North Korea; Nordkorea; Pohjois-Korea; Põhja-Korea",
    "KR": "South Korea; Republic of Korea; Korea; Sydkorea; Südkorea; Etelä-Korea; Lõuna-Korea",
    "LA": "Laos",
    "MD": "Moldova; Republic of Moldova; Moldavia; Moldavien; Moldawien; Moldau",
    "ME": "Montenegro; Crna Gora",
    "MK": "Macedonia; Republic of Macedonia; Makedonien; Mazedonien; Makedonia; Makedoonia; FYROM",
    "MM": "Burma; Myanmar",
    "MO CN": "Macau; Macao",
    "NL": "Holland; The Netherlands; Kingdom of the Netherlands; Hollanti",
    "NO": "N; Kingdom of Norway",
    "PS": "Palestine; State of Palestine; Palestinian National Authority; Palestinian territories; "
    "Palestina; "
    "Palästina; Palestiina; West Bank; Gaza Strip; Gaza; Westjordanland; Västbanken",
    "PT": "P",
    "RO": "Rumania; Kingdom of Romania",
    "RS": "Serbia; Republic of Serbia; Serbien",
    "RS XK": "Kosovo",
    "RS ME": "Serbia and Montenegro; Serbien-Montenegro; Serbien och Montenegro; Serbien und Montenegro",
    "RS HR SI BA ME MK XK": "Yugoslavia; Jugoslavien; Jugoslawien; Jugoslavia; Jugoslaavia",
    "RU": "Russian Federation; Ryska federationen; Russische Föderation; Venäjän federaatio",
    "RU UA": "Crimea; Krim; Krym; Krimm",
    "RU UA BY EE LV LT MD GE AM AZ KZ UZ KG TJ TM": "Soviet Union; USSR; UdSSR; Sovjetunionen; Sowjetunion; "
    "Neuvostoliitto; Nõukogude Liit; NSVL; SSSR",
    "EH MA": "Western Sahara; Sahrawi Arab Democratic Republic; Västsahara; Westsahara; Länsi-Sahara",
    "SE": "S; Kingdom of Sweden; Konungariket Sverige",
    "SO": "Somaliland",
    "ST": "São Tomé and Príncipe",
    "SY": "Syrian Arab Republic; Syria",
    "SZ": "Swaziland; Eswatini",
    "TL": "East Timor; Timor-Leste; Osttimor; Östtimor",
    "TR": "Turkey; Türkiye; Turkiet; Türkei; Turkki; Türgi",
    "TR CY": "Northern Cyprus; Turkish Republic of Northern Cyprus; Nordzypern; Nordcypern",
    "TW": "Taiwan; Republic of China; Chinese Taipei",
    "UA": "The Ukraine; Ukraine; Ukraina",
    "US": "USA; U.S.; U.S.A.; United States of America; America; Amerika; Vereinigte Staaten von Amerika; "
    "Amerikas förenta stater; Förenta staterna; Yhdysvallat; Ameerika Ühendriigid; AÜ",
    "US PR": "Puerto Rico",
    "VA IT": "Vatican; Vatican City; Vatikanen; Vatikan; Vatikaani; Vatikaan",
    "VN": "Viet Nam",
    "FR RE": "Réunion",
    "FR GP": "Guadeloupe",
    "FR MQ": "Martinique",
    "FR GF": "French Guiana; Französisch-Guayana; Franska Guyana",
    "FR NC": "New Caledonia; Neukaledonien; Nya Kaledonien",
    "FR PF": "French Polynesia; Französisch-Polynesien; Franska Polynesien",
}
"""Names besides those of the CLDR, by the codes of the countries that each means."""


def territories_of(text: str) -> frozenset[str]:
    """Return the codes (ISO 3166-1, two letters) of the countries that a text names, if any.

    >>> sorted(territories_of("Saksa")), sorted(territories_of("SWE")), sorted(territories_of("Bayern"))
    (['DE'], ['SE'], [])
    """
    return _by_name().get(_key(text), frozenset()) or _by_code().get(folded(text), frozenset())


def territories_beside(text: str) -> frozenset[str]:
    """Return the countries that a text after the name of a place may mean, be it the name of a state.

    >>> [sorted(territories_beside(text)) for text in ("IN", "Georgia", "EE")]
    [['IN', 'US'], ['GE', 'US'], ['EE']]
    """
    return territories_of(text) | ({"US"} if is_state(text) else frozenset())


def is_state(text: str) -> bool:
    """Tell whether a text may be the name or the code of a state of the United States."""
    return folded(text).upper() in _STATE_CODES or folded(text) in _STATES


def _key(name: str) -> str:
    return " ".join(word for word in folded(name).split() if word not in _LEFT_OUT)


@cache
def _by_name() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for language in _LANGUAGES:
        for code, name in territory_names(language).items():
            if code not in _NO_COUNTRIES:
                found.setdefault(_key(name), set()).add(code)
    named = {name: frozenset(codes) for name, codes in found.items()}
    further = {
        _key(name): frozenset(codes.split())
        for codes, names in _FURTHER.items()
        for name in names.split("; ")
    }
    return named | further


@cache
def _by_code() -> dict[str, frozenset[str]]:
    short = {code: frozenset({code}) for code in territory_names("en") if code not in _NO_COUNTRIES}
    long = {code: frozenset({short}) for code, short in territory_codes().items()}
    return {code.lower(): codes for code, codes in {**long, **short}.items()}
