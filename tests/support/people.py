"""Customers for searches, the same for a seed: names steeply Zipf-drawn with a long tail, a tenth in native scripts.

The words of names grow as in real files (some 45,000 at a million customers); phones are written in several ways.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from posapp.domain.customer import Profile

# ruff: noqa: SIM905 (a list of a hundred names reads better as text)

FIRST = """Rahim Rahul Rahima Ahmed Mohammed Muhammad Abdul Ayesha Fatima Nusrat Karim Tanvir Sadia Rakib
Farhana Imran Salman Arjun Priya Anjali Rohan Vikram Sanjay Deepak Sunita Kavita Lakshmi Rajesh Suresh Amit Neha
Pooja Ravi Kiran Meena Sita Gita James Mary John Patricia Robert Jennifer Michael Linda William Elizabeth David
Barbara Richard Susan Joseph Jessica Thomas Sarah Charles Karen Daniel Nancy Matthew Lisa Anthony Betty Mark
Sandra José Zoë François Renée Jürgen Søren Łukasz Chloé Noël André Shakil Shahid Nasrin Jahanara Mahmud Hasan
Hussein Ismail Yusuf Ibrahim Zainab Khadija Bilal Usman Ali Omar Zara Noor Amina Raza""".split()
LAST = """Rahman Ahmed Khan Hossain Islam Chowdhury Begum Akter Uddin Ali Das Roy Sarkar Mondal Biswas
Sharma Verma Gupta Singh Kumar Patel Shah Mehta Joshi Iyer Nair Reddy Rao Naidu Pillai Mukherjee Banerjee
Chatterjee Bose Sen Ghosh Dutta Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Wilson
Anderson Taylor Moore Jackson Martin Lee Thompson White Harris Clark Lewis Walker Malik Qureshi Siddiqui Ansari
Sheikh Mirza Hashmi Farooqi Bhuiyan Miah Talukder Majumder O'Brien Müller García Nuñez Sørensen Kowalski""".split()
NATIVE = (
    (
        "राहुल प्रिया अंजलि विक्रम संजय दीपक सुनीता लक्ष्मी राजेश कृष्ण ज्योति श्रीकांत रहीम मोहम्मद".split(),
        "शर्मा वर्मा गुप्ता सिंह कुमार पटेल मिश्रा त्रिपाठी चौधरी खान रहमान अहमद क्षत्रिय".split(),
    ),
    (
        "রহিম করিম ফাতেমা নুসরাত তানভীর সাদিয়া রাকিব ফারহানা কৃষ্ণা প্রিয়া শ্রাবণী মোহাম্মদ".split(),
        "রহমান আহমেদ খান হোসেন ইসলাম চৌধুরী বেগম আক্তার উদ্দিন দাস রায় সরকার মুখোপাধ্যায় চক্রবর্তী".split(),
    ),
    (
        "محمد أحمد فاطمة عائشة علي عمر يوسف إبراهيم زينب خديجة رحيم".split(),
        "خان رحمن حسين قريشي صديقي أنصاري شيخ ميرزا الهاشمي فاروقي".split(),
    ),
)
BEGINNINGS = """ba be bi bo da de di do fa ga ha ja ka ki ko la li lo ma mi mo na ni no pa pe pi ra re ri ro sa se
si ta te ti to va vi wa ya za sha cha bha dha""".split()
ENDINGS = "n m r l s t d k p rt nd sh st th lly son man din ur an esh ika ita ova ski ton ley mar zai".split()
TAGS = "vip wholesale retail credit loyalty staff corporate online blocked newsletter".split()
MAIL = ["gmail.com"] * 6 + ["yahoo.com", "outlook.com", "hotmail.com", "example.org"]


def people(count: int, *, seed: int = 42) -> Iterator[Profile]:
    """Yield profiles of customers."""
    rng = random.Random(seed)
    first, last = FIRST[:], LAST[:]
    rng.shuffle(first)
    rng.shuffle(last)
    for number in range(1, count + 1):
        if rng.random() < 0.10:
            firsts, lasts = rng.choice(NATIVE)
            name, login = f"{rng.choice(firsts)} {rng.choice(lasts)}", f"user{number}"
        else:
            one = _zipf(rng, first) if rng.random() < 0.8 else _made_up(rng)
            other = _zipf(rng, last) if rng.random() < 0.7 else _made_up(rng)
            name = f"{one} {other}" if rng.random() < 0.8 else f"{one} {_zipf(rng, first)} {other}"
            login = f"{one}.{other}".lower().replace("'", "") + str(rng.randrange(1000))
        email = f"{login}@{rng.choice(MAIL)}" if rng.random() < 0.6 else None
        yield Profile(name, _phone(rng), email=email, tags=tuple(rng.sample(TAGS, rng.randrange(4))))


def _zipf(rng: random.Random, names: Sequence[str]) -> str:
    return names[int(len(names) ** rng.random()) - 1]


def _made_up(rng: random.Random) -> str:
    second = rng.choice(BEGINNINGS) if rng.random() < 0.7 else ""
    return (rng.choice(BEGINNINGS) + second + rng.choice(ENDINGS)).capitalize()


def _phone(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.30:
        return f"+8801{rng.randrange(3, 10)}{rng.randrange(10**8):08d}"
    if kind < 0.45:
        return f"01{rng.randrange(3, 10)}{rng.randrange(100):02d}-{rng.randrange(10**6):06d}"
    if kind < 0.50:
        digits = f"01{rng.randrange(3, 10)}{rng.randrange(10**8):08d}"
        return digits.translate(str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯"))
    if kind < 0.80:
        return f"+91 {rng.randrange(6, 10)}{rng.randrange(10**4):04d} {rng.randrange(10**5):05d}"
    return f"+1 ({rng.randrange(201, 990)}) {rng.randrange(200, 999)}-{rng.randrange(10**4):04d}"
