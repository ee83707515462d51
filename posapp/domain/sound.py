"""A key for how a name sounds, the same across spellings and scripts: Rahim, Raheem, রহিম, رحیم and रहीम are `RHM`.

The key is the row of a name's consonants after a rough transliteration: vowels are what spellings disagree about, so
they go. It serves to widen a search and never to rank: unlike names share keys too. The rules are our own:

1. *Scripts.* Devanagari and the blocks laid out like it (Bengali, Gurmukhi, Gujarati) become Latin consonants, the
   letters of Arabic, Persian and Urdu likewise; aspirates lose their breath (ख k, ধ d), ज़ and ز are j, as in Bengal.
2. *Glides.* য় and य are vowels, Bengali য is j, an offglide after a virama (সত্য) is silent, ওয়া is va; Arabic و is
   v at the beginning and before ا and ي, else a vowel; Latin w is v at the beginning and before a vowel (Nawaz), else a
   vowel (Chowdhury).
3. *Latin.* ch is C; c is s before e, i and y, else k; ph is f, sh is s, zh and z are j, q is k, x is ks; b, d, g, j, k,
   p, r and t lose a following h.
4. *Merged.* v is b (Vikram, Bikram); ng is n (Singh, सिंह); m before p, b and f is n (চম্পা, चंपा).
5. *Left out.* Every vowel but a first one, which is A whatever it is (Umar, Omar, عمر); h at the end (Fatimah); the
   second of two equal consonants; the Arabic article.
6. *Short forms* of Muhammad (Md, Mohd, মোঃ) are Muhammad.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from posapp.domain.folding import fold

_BLOCK: Final = 0x80
_FIRST_INDIC, _LAST_INDIC = 0x0900, 0x0AFF
_DEVANAGARI: Final = {
    **dict.fromkeys("कख", "K"), **dict.fromkeys("गघ", "G"), **dict.fromkeys("चछ", "C"), **dict.fromkeys("जझ", "J"),
    **dict.fromkeys("टठतथॎ", "T"), **dict.fromkeys("डढदध", "D"), **dict.fromkeys("ङञणनऩंँ", "N"),
    "प": "P", "फ": "F", **dict.fromkeys("बभ", "B"), "म": "M", "य": "a", **dict.fromkeys("रऋृॠ॰", "R"),
    **dict.fromkeys("लळऌ", "L"), **dict.fromkeys("वॱ", "V"), **dict.fromkeys("शषस", "S"), "ह": "H",
    **dict.fromkeys("अआइईउऊऍऎएऐऑऒओऔािीुूॅॆेैॉॊोौॗ", "a"),
}  # fmt: skip
"""Letters by their Devanagari form; ॎ, ॰ and ॱ stand where Bengali has ৎ, ৰ and ৱ."""

_INDIC_CLUSTERS: Final = (
    (re.compile("(?:\u0993|\u09c7\u09be)\u09af\u09bc(?=[\u09be\u09c7])"), "\u0935"),  # ওয়া, োয়া
    (re.compile("\u09cd\u09af(?!\u09bc)"), ""),  # ্য
    (re.compile("\u09af\u09bc"), "\u0905"),  # য়
    (re.compile("\u09af"), "\u091c"),  # য
    (re.compile("[\u0921\u0922\u09a1\u09a2][\u093c\u09bc]"), "\u0930"),  # ड़ ढ़ ড় ঢ়
    (re.compile("\u091c\u094d\u091e|\u099c\u09cd\u099e"), "\u0917"),  # ज्ञ জ্ঞ
)
"""What sounds otherwise together than its signs alone, in decomposed form and in this order; as Devanagari letters."""

_ARABIC: Final = {
    "ب": "B", "پ": "P", **dict.fromkeys("تٹط", "T"), **dict.fromkeys("ثسشص", "S"), **dict.fromkeys("جذزژضظ", "J"),
    "چ": "C", **dict.fromkeys("حه", "H"), **dict.fromkeys("خقك", "K"), **dict.fromkeys("دڈ", "D"),
    **dict.fromkeys("رڑ", "R"), **dict.fromkeys("غگ", "G"), "ف": "F", "ل": "L", "م": "M", **dict.fromkeys("نں", "N"),
    **dict.fromkeys("اعءئؤوےي", "a"),
}  # fmt: skip
_ARABIC_CLUSTERS: Final = (
    (re.compile("^ال(?=...)"), ""),
    (re.compile("^و|و(?=[اي])"), "V"),
    (re.compile("(?<=[گچٹڈ])ه"), ""),
)
_LATIN: Final = (
    (re.compile("ch+"), "C"),
    (re.compile("c(?=[eiy])"), "S"),
    (re.compile("[cq]"), "K"),
    (re.compile("p+h"), "F"),
    (re.compile("sh"), "S"),
    (re.compile("z+h?"), "J"),
    (re.compile(r"([bdgjkprt])\1*h"), r"\1"),
    (re.compile("x"), "KS"),
    (re.compile("^w|w(?=[aeiouy])"), "V"),
    (re.compile("[aeiouyw]"), "_"),
)
_MERGED: Final = (
    (re.compile("V"), "B"),
    (re.compile("N+G+"), "N"),
    (re.compile("M+(?=[PBF])"), "N"),
    (re.compile("(?<=.)_"), ""),
    (re.compile("(?<=[^_])H$"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)
_MUHAMMAD: Final = frozenset(map(fold, ("md", "mhd", "mohd", "muhd", "mohmd", "মোঃ", "মো", "মোহা", "मो", "मोह")))


@lru_cache(maxsize=8192)
def sound_key(word: str) -> str:
    """Return the key of a folded word; empty for one without letters of a script known here, or with a digit.

    Args:
        word: As `posapp.domain.folding.words` gives it.
    """
    if word in _MUHAMMAD:
        return "MHMD"
    if not word.isascii():
        word = _transliterated(word)
    for pattern, code in _LATIN:
        word = pattern.sub(code, word)
    word = word.upper()
    if not re.fullmatch("[A-Z_]+", word):
        return ""
    for pattern, code in _MERGED:
        word = pattern.sub(code, word)
    return word.replace("_", "A")


def _transliterated(word: str) -> str:
    """Return a word with its Indic and Arabic letters as capital codes, vowels as a small a."""
    for pattern, letters in (*_INDIC_CLUSTERS, *_ARABIC_CLUSTERS):
        word = pattern.sub(letters, word)
    return "".join(_coded(char) for char in word)


def _coded(char: str) -> str:
    place = ord(char)
    if _FIRST_INDIC <= place <= _LAST_INDIC:
        return _DEVANAGARI.get(chr(_FIRST_INDIC + (place - _FIRST_INDIC) % _BLOCK), "")
    return _ARABIC.get(char, char)
