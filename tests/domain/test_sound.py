"""Names that sound alike share a key, whoever wrote them down and in which script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.folding import fold, words
from posapp.domain.sound import sound_key

ALIKE = [
    "Rahim Raheem Rohim Rahiim রহিম رحیم رحيم रहीम",
    "Karim Kareem Korim করিম کریم كريم करीम",
    "Rahman Rehman Rahaman Rohman রহমান رحمن رحمان रहमान",
    "Mohammed Muhammad Mohammad Mohamed Mohamad Md মোহাম্মদ মুহাম্মদ মোঃ محمد मोहम्मद",
    "Ahmed Ahmad Ahamed আহমেদ আহমদ أحمد احمد अहमद",
    "Hossain Hussain Hussein Hosen Husain হোসেন হুসাইন حسين हुसैन",
    "Fatima Fatema Fatimah Phatema ফাতেমা ফাতিমা فاطمة فاطمہ फ़ातिमा",
    "Ayesha Aisha Aysha আয়েশা عائشة आयशा",
    "Yusuf Yousuf Yusof ইউসুফ يوسف यूसुफ",
    "Usman Osman উসমান ওসমান عثمان उस्मान",
    "Umar Omar উমর ওমর عمر उमर",
    "Ibrahim Ebrahim Ibraheem ইব্রাহিম إبراهيم इब्राहीम",
    "Chowdhury Choudhury Chaudhary Choudhari Chaudhuri চৌধুরী चौधरी",
    "Siddiqui Siddiki Siddique সিদ্দিকী صديقي सिद्दीकी",
    "Qureshi Kureshi Quraishi কোরেশী قريشي कुरैशी",
    "Sheikh Shaikh Shaykh শেখ شيخ शेख",
    "Khan Kan খান خان खान",
    "Vikram Bikram Wikram বিক্রম विक्रम",
    "Tanvir Tanveer Tanbir তানভীর तनवीर",
    "Lakshmi Laxmi Lakshmee লক্ষ্মী लक्ष्मी",
    "Krishna Krisna Kreeshna কৃষ্ণ कृष्ण",
    "Singh Sing Sinh সিংহ सिंह سنگھ",
    "Zahid Jahid Zaheed জাহিদ زاهد ज़ाहिद",
    "Wahid Waheed Vahid ওয়াহিদ وحيد वहीद",
    "Nawaz Nowaz নওয়াজ نواز नवाज़",
    "Zainab Zaynab Jainab জয়নব زينب ज़ैनब",
    "Khadija Khadeeja Khodija খাদিজা خديجة खदीजा",
    "Mukherjee Mukharji Mukherji মুখার্জী मुखर्जी",
    "Banerjee Banerji ব্যানার্জী बनर्जी",
    "Biswas Bishwas Viswas বিশ্বাস विश्वास",
    "Jyoti Jyothi জ্যোতি ज्योति",
    "Champa চম্পা चंपा चम्पा",
    "Abdullah Abdulla Abdollah আবদুল্লাহ عبدالله अब्दुल्लाह",
    "Hashmi Hashimi Hashemi হাশমী الهاشمي हाशमी",
    "Shahid Shaheed শহীদ شهيد शाहिद",
    "Catherine Katherine Katharine Kathryn",
    "Philip Filip Phillip",
    "Sarkar Sarker Sircar সরকার सरकार",
    "Majumder Mazumdar Majumdar মজুমদার मजूमदार",
    "Anwar Anwaar Anowar আনোয়ার अनवर",
    "Roy Rai Ray রায় राय",
]
APART = [
    ("Rahim", "Karim"), ("Rahim", "Rahman"), ("Ahmed", "Hamid"), ("Priya", "Preeti"),
    ("রহিম", "করিম"), ("رحيم", "كريم"), ("Nusrat", "Nasrin"), ("Singh", "Shah"), ("Ali", "Lia"),
]  # fmt: skip


@pytest.mark.parametrize("group", ALIKE, ids=lambda group: group.split()[0])
def test_spellings_and_scripts_of_a_name_share_its_key(group: str) -> None:
    keys = {spelling: sound_key(fold(spelling)) for spelling in group.split()}
    assert len(set(keys.values())) == 1, keys


@pytest.mark.parametrize(("one", "other"), APART)
def test_unlike_names_do_not(one: str, other: str) -> None:
    assert sound_key(fold(one)) != sound_key(fold(other))


@given(st.text(max_size=30))
def test_a_key_is_capital_letters_or_nothing(text: str) -> None:
    for word in words(text):
        key = sound_key(word)
        assert key == "" or (key.isascii() and key.isalpha() and key.isupper())
        assert len(key) <= 3 * len(word) + 1


@given(st.text("bdfgjklmnprst", min_size=1, max_size=8), st.text("aeiou", min_size=9, max_size=9))
def test_vowels_between_consonants_make_no_difference(consonants: str, vowels: str) -> None:
    spoken = "".join(consonant + vowel for consonant, vowel in zip(consonants, vowels, strict=False))
    assert sound_key(spoken) == sound_key("a".join(consonants) + "a")


@given(st.from_regex("[a-z]{1,12}", fullmatch=True))
def test_doubling_a_letter_is_no_other_name(word: str) -> None:
    doubled = "".join(char * 2 if char in "bdfgjklmnprt" else char for char in word)
    assert sound_key(doubled) == sound_key(word)


def test_a_word_with_a_digit_has_no_sound() -> None:
    assert [sound_key(word) for word in ("rahim2", "4711", "")] == ["", "", ""]
