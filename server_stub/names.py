"""Raw material for plausible customers: names of the subcontinent in four scripts, streets, goods, tags."""

from dataclasses import dataclass

Spelt = tuple[str, str]
"""A name as its owner writes it, and in plain Latin letters for an e-mail address."""


@dataclass(frozen=True, kw_only=True)
class Script:
    """First and last names that belong together."""

    first: tuple[Spelt, ...]
    last: tuple[Spelt, ...]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a store's customers live.

    Attributes:
        scripts: How often each script is met: named once for each share.
        phones: Patterns of phone numbers, `#` for a digit.
    """

    country: str
    state: str
    city: str
    streets: tuple[str, ...]
    pincodes: tuple[str, ...]
    scripts: tuple[str, ...]
    phones: tuple[str, ...]


def _latin(*names: str) -> tuple[Spelt, ...]:
    return tuple((name, name.lower().replace(" ", "").replace("'", "")) for name in names)


SCRIPTS = {
    "latin": Script(
        first=_latin(
            "Rahim", "Karim", "Fatima", "Ayesha", "Nusrat", "Tanvir", "Sadia", "Imran", "Farhana", "Jamal",
            "Priya", "Rohan", "Anjali", "Suresh", "Meera", "Vikram", "Lakshmi", "Arjun", "Kavita", "Deepak",
            "Sunita", "Rajesh", "Zainab", "Bilal", "Gurpreet", "Harjit", "Tenzin", "Chamari", "Nadeesha", "Joseph",
        ),
        last=_latin(
            "Ahmed", "Hossain", "Khatun", "Begum", "Islam", "Chowdhury", "Rahman", "Das", "Roy", "Sarkar",
            "Sharma", "Patel", "Iyer", "Nair", "Singh", "Kaur", "Fernandes", "D'Souza", "Desai", "Kulkarni",
            "Mehta", "Reddy", "Khan", "Qureshi", "Ansari", "Perera", "Silva", "Sherpa", "Gurung", "Thapa",
        ),
    ),
    "devanagari": Script(
        first=(
            ("अनीता", "anita"), ("राजेश", "rajesh"), ("सुनीता", "sunita"), ("विजय", "vijay"), ("मीना", "meena"),
            ("संजय", "sanjay"), ("पूजा", "pooja"), ("अमित", "amit"), ("गीता", "geeta"), ("रमेश", "ramesh"),
            ("कविता", "kavita"), ("प्रकाश", "prakash"), ("सीता", "sita"), ("मोहन", "mohan"), ("राधिका", "radhika"),
        ),
        last=(
            ("शर्मा", "sharma"), ("वर्मा", "verma"), ("पाटील", "patil"), ("देशमुख", "deshmukh"), ("गुप्ता", "gupta"),
            ("यादव", "yadav"), ("जोशी", "joshi"), ("कुलकर्णी", "kulkarni"), ("सिंह", "singh"), ("मिश्रा", "mishra"),
        ),
    ),
    "bengali": Script(
        first=(
            ("রহিম", "rahim"), ("করিম", "karim"), ("ফাতেমা", "fatema"), ("আয়েশা", "ayesha"), ("নুসরাত", "nusrat"),
            ("তানভীর", "tanvir"), ("সাদিয়া", "sadia"), ("ইমরান", "imran"), ("শিউলি", "shiuli"), ("জামাল", "jamal"),
            ("মৌসুমী", "mousumi"), ("অনিক", "anik"), ("সুমাইয়া", "sumaiya"), ("রাকিব", "rakib"), ("পারভীন", "parvin"),
        ),
        last=(
            ("হোসেন", "hossain"), ("আহমেদ", "ahmed"), ("খাতুন", "khatun"), ("বেগম", "begum"), ("ইসলাম", "islam"),
            ("চৌধুরী", "chowdhury"), ("রহমান", "rahman"), ("দাস", "das"), ("সরকার", "sarkar"), ("মিয়া", "mia"),
        ),
    ),
    "arabic": Script(
        first=(
            ("محمد", "muhammad"), ("فاطمہ", "fatima"), ("عائشہ", "ayesha"), ("علی", "ali"), ("حسن", "hasan"),
            ("زینب", "zainab"), ("بلال", "bilal"), ("مریم", "maryam"), ("عمران", "imran"), ("خدیجہ", "khadija"),
        ),
        last=(
            ("خان", "khan"), ("احمد", "ahmad"), ("قریشی", "qureshi"), ("انصاری", "ansari"), ("شیخ", "shaikh"),
            ("صدیقی", "siddiqui"), ("ملک", "malik"), ("حسین", "hussain"),
        ),
    ),
}  # fmt: skip

PLACES = {
    22: Place(
        country="Bangladesh",
        state="Dhaka",
        city="Dhaka",
        streets=("Mirpur Road", "Satmasjid Road", "Gulshan Avenue", "Elephant Road", "Pragati Sarani", "Nawabpur Road"),
        pincodes=("1205", "1207", "1212", "1216", "1100", "1229"),
        scripts=("latin", "latin", "latin", "bengali", "bengali", "bengali", "bengali", "arabic", "devanagari"),
        phones=("+88017########", "+88018########", "019########", "+880 15## ######", "016########"),
    ),
    7: Place(
        country="India",
        state="Maharashtra",
        city="Mumbai",
        streets=("Hill Road", "Linking Road", "Waterfield Road", "Carter Road", "Turner Road", "S V Road"),
        pincodes=("400050", "400051", "400052", "400054", "400049", "400098"),
        scripts=("latin", "latin", "latin", "latin", "devanagari", "devanagari", "devanagari", "arabic", "bengali"),
        phones=("+9198########", "+91 97### #####", "99########", "+9188########", "0 93########"),
    ),
}

TAGS = ("vip", "wholesale", "retail", "regular", "staff", "festival", "home-delivery")
PRODUCTS = (
    "Miniket rice 5 kg",
    "Mustard oil 1 l",
    "Red lentils 1 kg",
    "Tea 400 g",
    "Sugar 1 kg",
    "Turmeric 200 g",
    "Milk powder 500 g",
    "Bath soap, pack of 3",
    "Wheat flour 2 kg",
    "Biscuits 250 g",
    "Washing powder 1 kg",
)
GROUPS = (("Retail", "#2e7d32"), ("Wholesale", "#1565c0"), ("Staff", "#6a1b9a"))
NOTES = ("Prefers organic products", "Calls before noon", "Pays on the first of the month", "Referred by a neighbour")
