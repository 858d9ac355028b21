"""The words of the European portals: controlled vocabularies of the EU Publications Office and others.

A portal looks these IRIs up and does not follow them, so the catalogue itself says what they are.
Source: https://op.europa.eu/en/web/eu-vocabularies and https://semiceu.github.io/DCAT-AP/releases/3.0.1/
"""

from typing import Final

from pyoxigraph import NamedNode

from twintowns.vocabulary import SCHEMA, Namespace

EU: Final = Namespace("http://publications.europa.eu/resource/authority/")
MEDIA_TYPE: Final = Namespace("http://www.iana.org/assignments/media-types/")
ADMS_TABLES: Final = Namespace("http://purl.org/adms/")
PUBLISHER_TYPE: Final = Namespace("http://purl.org/adms/publishertype/")

PUBLIC: Final = EU["access-right/PUBLIC"]
COMPLETED: Final = EU["distribution-status/COMPLETED"]
STABLE: Final = EU["planned-availability/STABLE"]
THEMES: Final = EU["data-theme"]
SPARQL_PROTOCOL: Final = NamedNode("https://www.w3.org/TR/sparql11-protocol/")

PUBLIC_DOMAIN: Final = "http://creativecommons.org/publicdomain/zero/1.0/"
LICENCES: Final = {
    NamedNode(PUBLIC_DOMAIN): EU["licence/CC0"],
    NamedNode("http://creativecommons.org/licenses/by/4.0/"): EU["licence/CC_BY_4_0"],
}
"""The licences that both the authority table and the Swedish portal know, by the IRI of the latter."""
LICENCE_NAMES: Final[dict[object, str]] = {
    NamedNode(PUBLIC_DOMAIN): "CC0 1.0",
    NamedNode("http://creativecommons.org/licenses/by/4.0/"): "CC BY 4.0",
    NamedNode("http://opendatacommons.org/licenses/pddl/1.0/"): "PDDL 1.0",
}
"""What licences are called, in every language."""
LICENCE_ADDRESSES: Final = {there: here.value for here, there in LICENCES.items()}
"""Where people read those licences, by their IRIs in the authority table."""
WITHOUT_TERMS: Final = {
    NamedNode(PUBLIC_DOMAIN),
    NamedNode("http://opendatacommons.org/licenses/pddl/1.0/"),
    EU["licence/CC0"],
}
"""The licences that ask nothing of whoever uses something; others ask at least to name where it is from."""
LICENCE_TYPES: Final = {
    EU["licence/CC0"]: ADMS_TABLES["licencetype/PublicDomain"],
    EU["licence/CC_BY_4_0"]: ADMS_TABLES["licencetype/Attribution"],
}
"""What sort of licence each is."""

_CODES: Final = (
    "bg=BUL bs=BOS ca=CAT cs=CES cy=CYM da=DAN de=DEU el=ELL en=ENG es=SPA et=EST eu=EUS fi=FIN fr=FRA "
    "ga=GLE gl=GLG hr=HRV hu=HUN is=ISL it=ITA lb=LTZ lt=LIT lv=LAV mk=MKD mt=MLT nb=NOB nl=NLD nn=NNO "
    "no=NOR pl=POL pt=POR ro=RON ru=RUS se=SME sk=SLK sl=SLV sq=SQI sr=SRP sv=SWE tr=TUR uk=UKR zh=ZHO"
)
LANGUAGES: Final = dict(pair.split("=") for pair in _CODES.split())
"""The codes of the language table by BCP 47 tags."""

PUBLISHER_TYPES: Final = {
    SCHEMA.GovernmentOrganization: "LocalAuthority",
    SCHEMA.Corporation: "Company",
    SCHEMA.NGO: "NonGovernmentalOrganisation",
}

LABELS: Final = {
    "access-right/PUBLIC": "public",
    "data-theme/AGRI": "Agriculture, fisheries, forestry and food",
    "data-theme/ECON": "Economy and finance",
    "data-theme/EDUC": "Education, culture and sport",
    "data-theme/ENER": "Energy",
    "data-theme/ENVI": "Environment",
    "data-theme/GOVE": "Government and public sector",
    "data-theme/HEAL": "Health",
    "data-theme/INTR": "International issues",
    "data-theme/JUST": "Justice, legal system and public safety",
    "data-theme/OP_DATPRO": "Provisional data",
    "data-theme/REGI": "Regions and cities",
    "data-theme/SOCI": "Population and society",
    "data-theme/TECH": "Science and technology",
    "data-theme/TRAN": "Transport",
    "distribution-status/COMPLETED": "completed",
    "frequency/ANNUAL": "annual",
    "frequency/ANNUAL_2": "semiannual",
    "frequency/ANNUAL_3": "three times a year",
    "frequency/BIDECENNIAL": "bidecennial",
    "frequency/BIENNIAL": "biennial",
    "frequency/BIHOURLY": "bihourly",
    "frequency/BIMONTHLY": "bimonthly",
    "frequency/BIWEEKLY": "biweekly",
    "frequency/CONT": "continuous",
    "frequency/DAILY": "daily",
    "frequency/DAILY_2": "twice a day",
    "frequency/DECENNIAL": "decennial",
    "frequency/HOURLY": "hourly",
    "frequency/IRREG": "irregular",
    "frequency/MONTHLY": "monthly",
    "frequency/MONTHLY_2": "semimonthly",
    "frequency/MONTHLY_3": "three times a month",
    "frequency/NEVER": "never",
    "frequency/OTHER": "other",
    "frequency/QUADRENNIAL": "quadrennial",
    "frequency/QUARTERLY": "quarterly",
    "frequency/QUINQUENNIAL": "quinquennial",
    "frequency/TRIDECENNIAL": "tridecennial",
    "frequency/TRIENNIAL": "triennial",
    "frequency/TRIHOURLY": "trihourly",
    "frequency/UNKNOWN": "unknown",
    "frequency/UPDATE_CONT": "continuously updated",
    "frequency/WEEKLY": "weekly",
    "frequency/WEEKLY_2": "semiweekly",
    "frequency/WEEKLY_3": "three times a week",
    "licencetype/Attribution": "Attribution",
    "licencetype/PublicDomain": "Work in the public domain",
    "planned-availability/STABLE": "stable",
    "publishertype/Company": "Company",
    "publishertype/LocalAuthority": "Local Authority",
    "publishertype/NonGovernmentalOrganisation": "Non-Governmental Organisation",
}
"""What the concepts of the tables are called, as message identifiers: the words of the tables themselves."""

FILE_TYPES: Final = {
    "file-type/GEOJSON": "GeoJSON",
    "file-type/JSON_LD": "JSON-LD",
    "file-type/RDF_N_QUADS": "N-Quads",
    "file-type/RDF_N_TRIPLES": "N-Triples",
    "file-type/RDF_TURTLE": "Turtle",
    "file-type/RDF_XML": "RDF/XML",
    "file-type/SPARQLQRES": "SPARQL Query Results",
}
"""What formats are called, in every language, where that is not their code."""

TABLES: Final = {
    "access-right": "Access right",
    "country": "Country",
    "data-theme": "Data theme",
    "distribution-status": "Distribution status",
    "licencetype": "Licence type",
    "planned-availability": "Planned availability",
    "publishertype": "Publisher type",
}
"""What the tables are called, as message identifiers."""


def language(tag: str) -> NamedNode | None:
    """Return the language of a BCP 47 tag, where the table has it.

    >>> language("sv-FI"), language("tlh")
    (<NamedNode value=http://publications.europa.eu/resource/authority/language/SWE>, None)
    """
    code = LANGUAGES.get(tag.partition("-")[0].lower())
    return EU[f"language/{code}"] if code else None
