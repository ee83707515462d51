"""Faces inside a PDF: the glyphs a document uses and no others, by their ids, with what they say.

reportlab's own TrueType fonts are cut into parts of 256 characters and know no glyph without a character, such as a
conjunct. Here a face is one composite font (PDF 32000-1, 9.7: Identity-H, CIDFontType2), cut by HarfBuzz to the glyphs
in use with their ids kept, so that what HarfBuzz shaped is written as it is.
"""

from __future__ import annotations

from typing import Any

import uharfbuzz  # type: ignore[import-untyped]
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFStream, PDFString, PDFZCompress

from posapp.documents.fonts import Face

_SYMBOLIC = 4
"""Font flag: the glyphs are picked by id, not by a Latin encoding."""

_NOT_FOR_PDF = (b"DSIG", b"GDEF", b"GPOS", b"GSUB", b"OS/2", b"cmap", b"gasp", b"name", b"post")
"""Tables of a font file that a reader of a composite font never looks at."""


class EmbeddedFace:
    """A face in one document; reportlab asks it for its objects when the document is written."""

    def __init__(self, face: Face, number: int, document: Any) -> None:
        self.name = f"P{number}"
        self._face = face
        self._own: Any = uharfbuzz.Font(face.face)  # in its own units, whatever size it is drawn at
        self._said: dict[int, str] = {}
        document.delayedFonts.append(self)

    def use(self, glyph: int, text: str) -> None:
        """Note that a glyph is drawn, and what it says by itself where no word around it says more."""
        if not self._said.get(glyph):
            self._said[glyph] = text

    def addObjects(self, document: Any) -> None:  # noqa: N802 (reportlab's name for it)
        """Put the face, cut to its used glyphs, into the document."""
        base = f"/{self._subset_tag()}+{self._face.name}"
        glyphs = PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": base,
                "CIDSystemInfo": PDFDictionary(
                    {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
                ),
                "CIDToGIDMap": "/Identity",
                "DW": 0,
                "W": self._widths(),
                "FontDescriptor": document.Reference(self._descriptor(base, document), f"{self.name} descriptor"),
            }
        )
        font = PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": base,
                "Encoding": "/Identity-H",
                "DescendantFonts": PDFArray([document.Reference(glyphs, f"{self.name} glyphs")]),
                "ToUnicode": document.Reference(_stream(self._to_unicode()), f"{self.name} text"),
            }
        )
        document.idToObject["BasicFonts"].dict[self.name] = document.Reference(font, f"{self.name} font")

    def _descriptor(self, base: str, document: Any) -> PDFDictionary:
        measures = self._own.get_font_extents("ltr")
        return PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": base,
                "Flags": _SYMBOLIC,
                "FontBBox": PDFArray([-1000, measures.descender, 4000, measures.ascender]),
                "ItalicAngle": 0,
                "Ascent": measures.ascender,
                "Descent": measures.descender,
                "CapHeight": 714,
                "StemV": 80,
                "FontFile2": document.Reference(self._file(), f"{self.name} file"),
            }
        )

    def _subset_tag(self) -> str:
        return "".join(chr(ord("A") + int(digit)) for digit in f"{len(self._said):06d}"[-6:])

    def _file(self) -> PDFStream:
        wanted = uharfbuzz.SubsetInput()
        wanted.flags = (
            uharfbuzz.SubsetFlags.RETAIN_GIDS
            | uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE
            | uharfbuzz.SubsetFlags.NO_HINTING
        )
        wanted.glyph_set.update(self._said)
        wanted.drop_table_tag_set.update(int.from_bytes(tag, "big") for tag in _NOT_FOR_PDF)
        stream = _stream(uharfbuzz.subset(self._face.face, wanted).blob.data)
        stream.dictionary["Length1"] = len(stream.content)
        return stream

    def _widths(self) -> PDFArray:
        widths: list[object] = []
        for glyph in sorted(self._said):
            widths += [glyph, PDFArray([self._own.get_glyph_h_advance(glyph)])]
        return PDFArray(widths)

    def _to_unicode(self) -> bytes:
        """Return a CMap from glyph ids to text (PDF 32000-1, 9.10.3), for readers that know no ActualText."""
        pairs = [f"<{glyph:04X}> <{utf16(text)}>" for glyph, text in sorted(self._said.items()) if text]
        blocks = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]  # 100 is the most a block may hold
        body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
            f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        ).encode("ascii")


def utf16(text: str) -> str:
    """Return a text as the digits of a hexadecimal UTF-16 string, as PDF writes it."""
    return text.encode("utf-16-be", "replace").hex().upper()


def _stream(content: bytes) -> PDFStream:
    stream = PDFStream(content=content)
    stream.filters = [PDFZCompress]
    return stream
