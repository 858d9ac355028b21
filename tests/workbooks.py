"""Workbooks made by hand, no larger than a test needs: Office Open XML and OpenDocument."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

Cells = Sequence[Sequence[str | int | None]]

_NS = "http://schemas.openxmlformats.org"
_TYPES = (
    f'<Types xmlns="{_NS}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/></Types>'
)
_ROOT = (
    f'<Relationships xmlns="{_NS}/package/2006/relationships"><Relationship Id="r1" Target="xl/workbook.xml" '
    f'Type="{_NS}/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def packed(files: dict[str, str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return files as a ZIP file."""
    told = io.BytesIO()
    with zipfile.ZipFile(told, "w", method) as made:
        for name, text in files.items():
            made.writestr(name, text)
    return told.getvalue()


def _letters(number: int) -> str:
    return chr(ord("A") + number)


def _cell(at: str, value: str | int) -> str:
    if isinstance(value, int):
        return f'<c r="{at}"><v>{value}</v></c>'
    if value.startswith("="):
        return f'<c r="{at}" t="str"><f>{escape(value[1:])}</f><v>computed</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def sheet(rows: Cells) -> str:
    """Return a sheet of Office Open XML."""
    told = "".join(
        f'<row r="{number}">'
        + "".join(_cell(f"{_letters(c)}{number}", v) for c, v in enumerate(row) if v is not None)
        + "</row>"
        for number, row in enumerate(rows, 1)
    )
    return f'<worksheet xmlns="{_NS}/spreadsheetml/2006/main"><sheetData>{told}</sheetData></worksheet>'


def xlsx(sheets: dict[str, str]) -> bytes:
    """Return a workbook of Office Open XML with sheets by their names."""
    names = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="s{number}"/>' for number, name in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="s{number}" Target="worksheets/sheet{number}.xml" '
        f'Type="{_NS}/officeDocument/2006/relationships/worksheet"/>'
        for number in range(1, len(sheets) + 1)
    )
    book = (
        f'<workbook xmlns="{_NS}/spreadsheetml/2006/main" '
        f'xmlns:r="{_NS}/officeDocument/2006/relationships"><sheets>{names}</sheets></workbook>'
    )
    files = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _ROOT,
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_NS}/package/2006/relationships">{links}</Relationships>'
        ),
    }
    told = {f"xl/worksheets/sheet{number}.xml": text for number, text in enumerate(sheets.values(), 1)}
    return packed({**files, **told})


def ods(rows: Cells) -> bytes:
    """Return a workbook of OpenDocument."""
    names = "urn:oasis:names:tc:opendocument:xmlns"
    told = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string"><text:p>'
            f"{escape(str(value or ''))}</text:p></table:table-cell>"
            for value in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" xmlns:table="{names}:table:1.0" '
        f'xmlns:text="{names}:text:1.0"><office:body><office:spreadsheet><table:table table:name="Blad">'
        f"{told}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0"/>'
    return packed({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})
