"""Names, and what people type for them."""

SAME = [
    ("Malmö", "malmo"),
    ("Åbenrå", "aabenraa"),
    ("Århus", "Aarhus"),
    ("München", "muenchen"),
    ("Gießen", "GIESSEN"),
    ("Ærø", "aeroe"),
    ("Łódź", "lodz"),
    ("Đakovo", "dakovo"),
    ("İstanbul", "istanbul"),
    ("Diyarbakır", "diyarbakir"),  # noqa: RUF001 - the letter without a dot
    ("Þórshöfn", "thorshofn"),
    ("Œuilly", "oeuilly"),
    ("Wałbrzych", "walbrzych"),
    ("Hà Nội", "ha noi"),
    ("Орёл", "орел"),
    ("ΑΘΗΝΑΣ", "Αθηνας"),
    ("Ｔｏｋｙｏ", "tokyo"),  # noqa: RUF001 - in full width
]
