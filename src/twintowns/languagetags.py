"""Tags of languages as people mistype them: the code of a country, or three letters where two are right.

A language that has a code of two letters is named by that one (https://www.rfc-editor.org/info/bcp47, 2.2.1);
its codes of three letters (https://www.loc.gov/standards/iso639-2/) are no tags. The code of a country is a
tag where it is that of another language, so that it is a slip only where the country's own language lacks.
"""

from typing import Final

_OF_THREE: Final = {
    three: two
    for two, codes in {
        "ar": "ara", "az": "aze", "be": "bel", "bg": "bul", "bs": "bos", "ca": "cat", "cs": "ces cze",
        "cy": "cym wel", "da": "dan", "de": "deu ger", "el": "ell gre", "en": "eng", "es": "spa",
        "et": "est", "eu": "eus baq", "fi": "fin", "fo": "fao", "fr": "fra fre", "ga": "gle", "gl": "glg",
        "he": "heb", "hr": "hrv", "hu": "hun", "hy": "hye arm", "is": "isl ice", "it": "ita", "ja": "jpn",
        "ka": "kat geo", "ko": "kor", "lb": "ltz", "lt": "lit", "lv": "lav", "mk": "mkd mac", "mt": "mlt",
        "nb": "nob", "nl": "nld dut", "nn": "nno", "no": "nor", "pl": "pol", "pt": "por", "ro": "ron rum",
        "ru": "rus", "se": "sme", "sk": "slk slo", "sl": "slv", "sq": "sqi alb", "sr": "srp", "sv": "swe",
        "tr": "tur", "uk": "ukr", "zh": "zho chi",
    }.items()
    for three in codes.split()
}  # fmt: skip
_OF_COUNTRIES: Final = {
    "al": "sq", "at": "de", "ba": "bs", "cn": "zh", "cz": "cs", "dk": "da", "ee": "et", "gb": "en",
    "ge": "ka", "gr": "el", "ie": "ga", "jp": "ja", "kr": "ko", "rs": "sr", "se": "sv", "si": "sl",
    "ua": "uk", "us": "en",
}  # fmt: skip


def two_letters_for(tag: str) -> str:
    """Return the code of two letters that a tag of three stands for, or nothing.

    >>> two_letters_for("SWE"), two_letters_for("smj")
    ('sv', '')
    """
    return _OF_THREE.get(tag.partition("-")[0].lower(), "")


def is_slip_for(tag: str, language: str) -> bool:
    """Tell whether a tag is what people type who mean a language.

    Args:
        tag: The tag that is stated.
        language: The tag of the language.

    >>> is_slip_for("se", "sv"), is_slip_for("swe", "sv"), is_slip_for("fi", "sv")
    (True, True, False)
    """
    return language in {two_letters_for(tag), _OF_COUNTRIES.get(tag.lower())}
