#!/usr/bin/env python3
"""Makes src/BounceMx.Verp/verp-test-vectors.json: the address form once more, written from docs/adr/0018 with Python's own hmac.

It shares no code with the package, and each vector says which form or fault a person expects; the script stops where it disagrees.
    python3 make-test-vectors.py > ../../src/BounceMx.Verp/verp-test-vectors.json
"""
import hashlib
import hmac
import json
import string
import sys

ALPHABET = "0123456789abcdefghijklmnopqrstuv"
PLAIN = set(string.ascii_letters + string.digits + "._-")
K1 = "1:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
K2 = "2:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
KV = "v:ffeeddccbbaa99887766554433221100"  # 16 octets, the fewest
LONG = "7:" + "a5" * 80  # longer than a block of SHA-256, so hashed first by HMAC
HOST = "bounces.example.com"
TODAY = 20514  # 2026-03-02


def base32hex(octets, characters):
    bits = "".join(f"{octet:08b}" for octet in octets)
    return "".join(ALPHABET[int(bits[5 * i : 5 * i + 5], 2)] for i in range(characters))


def fold(text):
    return "".join(c.lower() if c in string.ascii_uppercase else c for c in text)


def mac(secret, text, characters):
    return base32hex(hmac.new(secret, fold(text).encode(), hashlib.sha256).digest(), characters)


def secret_of(keys):
    return bytes.fromhex(keys[0][2:]) if keys else b""


def unquote(local):
    if not local.startswith('"'):
        return local
    text, inner = "", iter(local[1:-1])
    for c in inner:
        text += next(inner) if c == "\\" else c
    return text


def sign(unsigned, domain, key, day, plus="+"):
    signed = unsigned + plus + key[0] + ALPHABET[day >> 10 & 31] + ALPHABET[day >> 5 & 31] + ALPHABET[day & 31]
    return signed + mac(bytes.fromhex(key[2:]), signed + "@" + domain, 13)


def escape(local, domain, delimiters):
    octets = (local + "@" + domain).encode()
    end = len(local.encode())
    text = ""
    for i, octet in enumerate(octets):
        c = chr(octet)
        odd_dot = c == "." and i < end and (i == 0 or i == end - 1 or b"." in (octets[i - 1 : i], octets[i + 1 : i + 2]))
        text += c if c in PLAIN and c not in delimiters and not odd_dot else f"{delimiters[1]}{octet:02x}"
    return text


def encode(keys, day, prefix, delimiters, hide, recipient, tags, domain):
    plus, equals = delimiters
    local, _, host = recipient.rpartition("@")
    local = unquote(local)

    def whole(payload):
        unsigned = prefix + plus + payload + "".join(plus + tag for tag in tags)
        return sign(unsigned, domain, keys[0], day, plus) if keys else unsigned

    def fits(text):
        return len(text) <= 64 and len((text + "@" + domain).encode()) <= 254

    dots = "" not in local.split(".")
    if dots and host.isascii() and not set(local) - PLAIN - set("+=") and local[0] != equals:
        form, text = "Plain", whole(local + equals + host)
    else:
        form, text = "Escaped", whole(equals + escape(local, host, delimiters))
    if hide or not fits(text):
        form, text = "Hashed", whole("~" + mac(secret_of(keys), "~" + local + "@" + host, 16))
    return (form, text + "@" + domain) if fits(text) else ("TooLong", None)


encodings, refusals, decodings, confirmations = [], [], [], []


def mint(note, form, recipient, tags=(), keys=(K1,), day=TODAY, prefix="bounces", delimiters="+=", hide=False, domain=HOST):
    given = dict(keys=list(keys), day=day, prefix=prefix, delimiters=delimiters, hide=hide, recipient=recipient, tags=list(tags))
    found, address = encode(**given, domain=domain)
    assert found == form, (note, found, address)
    encodings.append(dict(note=note, **given, bounce_domain=domain, form=form, address=address))
    return address


def refuse(note, fault, recipient, tags=(), keys=(), domain=HOST):
    refusals.append(dict(note=note, keys=list(keys), recipient=recipient, tags=list(tags), bounce_domain=domain, fault=fault))


def read(note, address, fault="None", form=None, signed=False, recipient=None, tags=(), recipient_hash=None, keys=(K1,), day=TODAY, max_age=30):
    local, _, domain = address.rpartition("@")
    decodings.append(
        dict(note=note, keys=list(keys), day=day, max_age=max_age, domains=[HOST], local_part=local, domain=domain, fault=fault,
             form=form, signed=signed, recipient=recipient, tags=list(tags), recipient_hash=recipient_hash)
    )


def confirm(note, keys, recipient_hash, recipient, confirmed):
    confirmations.append(dict(note=note, keys=list(keys), recipient_hash=recipient_hash, recipient=recipient, confirmed=confirmed))


# The plain form.
mint("plain, unsigned", "Plain", "user@example.org", keys=())
mint("plain, unsigned, two tags", "Plain", "user@example.org", ["spring", "list-7"], keys=())
plain = mint("plain, signed", "Plain", "user@example.org")
tagged = mint("plain, signed, two tags", "Plain", "user@example.org", ["spring", "list-7"])
mint("the recipient's case is kept, the signature is over lower case", "Plain", "John.Doe@Example.ORG", ["Spring"])
mint("plus and equals in the local part stay", "Plain", "a+b=c@example.org")
mint("a lone plus", "Plain", "+@example.org", keys=())
mint("underscore and hyphen", "Plain", "_a-b_@example.org")
mint("an A-label", "Plain", "user@xn--bcher-kva.example")
mint("a key of 16 octets, id v", "Plain", "user@example.org", keys=(KV,))
mint("a key longer than a block of SHA-256", "Plain", "user@example.org", keys=(LONG,))
mint("the first key signs", "Plain", "user@example.org", keys=(K2, K1))
mint("day 0", "Plain", "user@example.org", day=0)
mint("the last day that 15 bits count", "Plain", "user@example.org", day=32767)
mint("another prefix, in upper case", "Plain", "user@example.org", prefix="Return.Path")
mint("other delimiters", "Plain", "a+b=c@example.org", ["tag"], delimiters="#*")
mint("the bounce domain's case is folded in the mac", "Plain", "user@example.org", domain="Bounces.Example.COM")
mint("64 octets", "Plain", "x" * 26 + "@example.org")
mint("a quoted local part that needs no quotes", "Plain", '"user"@example.org')

# The escaped form.
escaped = mint("UTF-8 in the local part", "Escaped", "jörg@example.com")
mint("UTF-8 in the domain", "Escaped", "user@bücher.example", keys=())
mint("beyond the basic plane", "Escaped", "\U0001F4EC@example.org", ["spring"])
mint("a quoted local part with a space", "Escaped", '"a b"@example.com')
mint("quoted pairs", "Escaped", '"a\\"b\\\\c"@example.com', keys=())
mint("an at sign in the local part", "Escaped", '"a@b"@example.com', keys=())
mint("characters that MTAs route by", "Escaped", "a%b!c@example.org")
mint("characters that shells change", "Escaped", "'$&*?#^{}|`/~@a.example", keys=())
mint("a leading equals sign", "Escaped", "=user@example.org", keys=())
mint("a leading tilde", "Escaped", "~user@example.org", keys=())
mint("plus and equals are escaped too", "Escaped", "a+b=c!@example.org", keys=())
mint("odd dots", "Escaped", ".a..b.@example.org", keys=())
mint("single dots stay", "Escaped", "a.b.ö@example.org", keys=())
mint("a delimiter that is an underscore is escaped", "Escaped", "a_b!@example.org", keys=(), delimiters="+_")

# The hash form.
hashed = mint("65 octets", "Hashed", "x" * 27 + "@example.org")
mint("too long when escaped", "Hashed", "日本語日本語@example.org")
asked = mint("asked for", "Hashed", "User@Example.org", ["spring"], hide=True)
mint("without keys, by the empty key", "Hashed", "user@example.org", keys=(), hide=True)
mint("a quoted recipient is hashed without its quotes", "Hashed", '"a b"@example.com', hide=True)
mint("UTF-8 is not folded", "Hashed", "JÖRG@example.com", hide=True)
mint("64 octets, with tags", "Hashed", "user@example.org", ["x" * 20], hide=True)

refuse("no at sign", "NoDomain", "user")
refuse("no domain", "NoDomain", "user@")
refuse("no local part", "NoLocalPart", "@example.org")
refuse("empty quotes", "NoLocalPart", '""@example.org')
refuse("an address literal", "InvalidDomain", "user@[192.0.2.1]")
refuse("an empty label", "InvalidDomain", "user@example..org")
for note, host in (
    ("a heart, which is no letter, in the domain", "i\u2764.ws"),
    ("an ideographic full stop in the domain", "a\u3002example"),
    ("a soft hyphen in the domain", "ex\u00adample.org"),
):
    refuse(note, "InvalidDomain", "user@" + host)
refuse("a control character", "ControlCharacter", "us\ner@example.org")
refuse("an open quote", "InvalidQuotes", '"user@example.org')
refuse("two recipients in one", "InvalidQuotes", "x@y.org, z@w.org")
refuse("an at sign without quotes", "InvalidQuotes", "a@b@x.org")
refuse("a space without quotes", "InvalidQuotes", "a b@x.org")
refuse("a space at the beginning", "InvalidQuotes", " user@x.org")
refuse("other specials without quotes", "InvalidQuotes", "a(b)@x.org")
refuse("a backslash without quotes", "InvalidQuotes", "a\\b@x.org")
refuse("a recipient of 255 octets", "TooLong", "x" * 243 + "@example.org")
refuse("a tag with an equals sign", "InvalidTag", "user@example.org", ["a=b"])
refuse("a tag that would be read as a signature", "InvalidTag", "user@example.org", ["0123456789abcdefv"])
refuse("tags too long even for a hash", "TooLong", "x" * 60 + "@example.org", ["x" * 39])
refuse("signed tags too long even for a hash", "TooLong", "x" * 60 + "@example.org", ["x" * 21], keys=(K1,))
refuse("a bounce domain that is none", "InvalidBounceDomain", "user@example.org", domain="a b")

# Reading.
expected = dict(form="Plain", recipient="user@example.org")
read("signed", plain, signed=True, **expected)
read("signed, with tags", tagged, signed=True, tags=["spring", "list-7"], **expected)
read("folded to lower case", mint("to be folded", "Plain", "User@Example.org", ["Spring"]).lower(), signed=True, tags=["spring"], **expected)
read("folded to upper case", plain.upper(), signed=True, form="Plain", recipient="USER@EXAMPLE.ORG")
read("unsigned", "bounces+user=example.org@" + HOST, **expected)
read("no keys: the signature is taken off and not checked", plain, keys=(), **expected)
read("the second key verifies", plain, keys=(K2, K1), signed=True, **expected)
read("no such key", plain, "UnknownKey", keys=(K2,), **expected)
read("another secret of the same id", plain, "BadSignature", keys=("1" + K2[1:],), **expected)
read("one character of the recipient changed", plain.replace("user", "usex"), "BadSignature", form="Plain", recipient="usex@example.org")
for note, place in (("the last character of the mac", -1), ("the day", -14)):
    text = list(plain.partition("@")[0])
    text[place] = ALPHABET[(ALPHABET.index(text[place]) + 1) % 32]
    read(note + " changed", "".join(text) + "@" + HOST, "BadSignature", **expected)
read("the last day", plain, day=TODAY + 30, signed=True, **expected)
read("a day later", plain, "Expired", day=TODAY + 31, **expected)
read("minted tomorrow, by a clock ahead of ours", plain, day=TODAY - 1, signed=True, **expected)
read("minted the day after tomorrow", plain, "Expired", day=TODAY - 2, **expected)
read("the longest age", plain, day=TODAY + 3650, max_age=3650, signed=True, **expected)
read("days begin anew after 32767", mint("before the days begin anew", "Plain", "user@example.org", day=32760), day=32768 + 22, signed=True, **expected)
read("escaped", escaped, signed=True, form="Escaped", recipient="jörg@example.com")
read("escaped, folded to upper case", escaped.upper(), signed=True, form="Escaped", recipient="JöRG@EXAMPLE.COM")
read("a recipient that needs quotes is given with quotes", "bounces+=a=20b=40example.com@" + HOST, form="Escaped", recipient='"a b"@example.com')
read("escaped more than needed, hex in upper case", "bounces+==75=73er=2Btag=40example=2Eorg+t@" + HOST, form="Escaped", recipient="user+tag@example.org", tags=["t"])
read("not hex: the plain form", "bounces+=user=example.org@" + HOST, form="Plain", recipient="=user@example.org")
read("escaped, but not UTF-8", "bounces+==c3=40example.org@" + HOST, "Malformed")
read("escaped, but Latin-1", "bounces+=j=f6rg=40example.com@" + HOST, "Malformed")
for note, payload in (
    ("a heart in the domain", "=user=40i=e2=9d=a4.ws"),
    ("an ideographic full stop in the domain", "=user=40a=e3=80=82example"),
    ("a soft hyphen in the domain", "=user=40ex=c2=adample.org"),
    ("Latin-1 in the local part", "=j=f6rg=40example.com"),
    ("Latin-1 in the domain", "=user=40b=fccher.example"),
    ("a control character", "=us=0aer=40example.org"),
    ("no local part", "=40example.org"),
    ("no at sign", "=abc=41.org"),
    ("no hex", "=user=example.org"),
):
    signed = sign("bounces+" + payload, HOST, K1, TODAY)
    read("signed and escaped, never read as plain: " + note, signed + "@" + HOST, "Malformed")
    read("the same without keys to check it: " + note, signed + "@" + HOST, "Malformed", keys=())
read("escaped and unsigned, never read as plain: a heart in the domain", "bounces+=user=40i=e2=9d=a4.ws@" + HOST, "Malformed")
read("signed, an equals sign in a tag", sign("bounces+=a=40b.example+c=example.org", HOST, K1, TODAY) + "@" + HOST, "Malformed")
read("no at sign in hex: the plain form", "bounces+=abc=41.org@" + HOST, form="Plain", recipient="=abc@41.org")
read("an equals sign behind it: the plain form", "bounces+=a=40b.example+c=example.org@" + HOST, form="Plain", recipient="=a=40b.example+c@example.org")
read("an escaped control character", "bounces+=us=0aer=40a_b@" + HOST, "Malformed")
hash_of = hashed.partition("~")[2].partition("+")[0]
read("hashed", hashed, signed=True, form="Hashed", recipient_hash=hash_of)
read("hashed, folded to upper case", hashed.upper(), signed=True, form="Hashed", recipient_hash=hash_of)
read("hashed, with a tag", asked, signed=True, form="Hashed", recipient_hash=asked.partition("~")[2].partition("+")[0], tags=["spring"])
read("a tilde that is no hash", "bounces+~user=example.org@" + HOST, form="Plain", recipient="~user@example.org")
read("UTF-8, minted plainly by another program", "bounces+jörg=bücher.example@" + HOST, form="Plain", recipient="jörg@bücher.example")
read("a percent sign, minted plainly by another program", "bounces+a%b=example.org@" + HOST, form="Plain", recipient="a%b@example.org")
read("the last equals sign decides", "bounces+a=b+c=example.org@" + HOST, form="Plain", recipient="a=b+c@example.org")
read("a plain bounce address", "bounces@" + HOST)
read("another domain", "bounces+user=example.org@example.net", "NotOurs")
read("a route", "user%example.org@" + HOST, "NotOurs")
read("another prefix", "news+user=example.org@" + HOST, "UnknownPrefix")
read("no recipient", "bounces+user@" + HOST, "Malformed")
read("an empty tag", "bounces+user=example.org+@" + HOST, "Malformed")
read("a signature without a payload", "bounces++0123456789abcdefv@" + HOST, "Malformed")

confirm("the recipient", (K1,), hash_of, "x" * 27 + "@example.org", True)
confirm("the recipient and the hash in another case", (K1,), hash_of.upper(), "X" * 27 + "@EXAMPLE.org", True)
confirm("another recipient", (K1,), hash_of, "x" * 26 + "@example.org", False)
confirm("by the second key", (K2, K1), hash_of, "x" * 27 + "@example.org", True)
confirm("by another key", (K2,), hash_of, "x" * 27 + "@example.org", False)
confirm("by no key", (), mac(b"", "~user@example.org", 16), "user@example.org", True)
confirm("with quotes that are not needed", (), mac(b"", "~user@example.org", 16), '"user"@example.org', True)
confirm("no address", (), mac(b"", "~user@example.org", 16), "user", False)

json.dump(
    dict(
        description="Test vectors of BounceMx.Verp; README.md says what the form is. A key is ID:HEX, the first one signs. "
        "Days are counted from 1970-01-01 UTC.",
        encode=encodings,
        encode_faults=refusals,
        decode=decodings,
        confirm=confirmations,
    ),
    sys.stdout,
    ensure_ascii=False,
    indent=2,
)
print()
