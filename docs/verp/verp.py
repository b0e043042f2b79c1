"""Envelope senders that BounceMx reads and verifies: verp("user@example.org", "bounces.example.com", ["spring"], "1:9f86…")."""
import hashlib, hmac, re, time, unicodedata

DIGITS = "0123456789abcdefghijklmnopqrstuv"
RECIPIENT = r'("(\\.|[^"\\])+"|[^ "(),:;<>@[\\\]]+)@([^@]+)'
TAG = r"(?![0-9A-Va-v]{17}$)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*"
KEY = r"(#[^\n]*\n|\s)*([0-9A-Va-v]:([0-9A-Fa-f]{2}){16,})[ \t\r]*(\n|\Z)"  # the first of a key file's lines

def is_label(text):
    categories = {"-" if letter == "-" else unicodedata.category(letter) for letter in text}
    return len(text) in range(1, 64) and "-" not in (text[0], text[-1]) and categories <= {"-", "Lu", "Ll", "Lo", "Lm", "Mn", "Mc", "Nd"}

def mac(key, text, length):
    folded = re.sub("[A-Z]", lambda letter: letter[0].lower(), text).encode()
    number = int.from_bytes(hmac.digest(bytes.fromhex(key[2:]), folded, hashlib.sha256), "big")
    return "".join(DIGITS[number >> 251 - 5 * i & 31] for i in range(length))

def verp(recipient, domain, tags=(), key="", prefix="bounces", hide=False, day=None):
    local, _, host = recipient.rpartition("@")
    valid = re.fullmatch(RECIPIENT, recipient) and all(map(is_label, host.split(".") + domain.split("."))) and all(re.fullmatch(TAG, tag) for tag in tags)
    if not valid or re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd]", recipient) or len(recipient.encode()) > 254:
        raise ValueError(f"no envelope sender for {recipient!r} with {tags!r}")
    if key and not (key := re.match(KEY, key)):
        raise ValueError("no envelope sender: the key is not ID:HEX of at least 16 octets")
    key = key and key[2].lower()
    local = re.sub(r"\\(.)", r"\1", local[1:-1]) if local[0] == '"' else local
    whole = f"{local}@{host}"
    if re.fullmatch(r"(?!=)[A-Za-z0-9_+=-]+(\.[A-Za-z0-9_+=-]+)*@[A-Za-z0-9.-]+", whole):
        payload = f"{local}={host}"
    else:
        odd = rb"[^A-Za-z0-9._-]|^\.|(?<=\.)\.|\.(?=\.)|\.(?=@[^@]*$)"
        payload = "=" + re.sub(odd, lambda octet: b"=%02x" % octet[0][0], whole.encode()).decode()
    days = int(time.time()) // 86400 if day is None else day
    for payload in ([] if hide else [payload]) + ["~" + mac(key, "~" + whole, 16)]:
        address = "+".join([prefix, payload, *tags])
        if key:
            address += "+" + key[0] + "".join(DIGITS[days >> shift & 31] for shift in (10, 5, 0))
            address += mac(key, f"{address}@{domain}", 13)
        if len(address) <= 64 and len(f"{address}@{domain}".encode()) <= 254:
            return f"{address}@{domain}"
    raise ValueError(f"no envelope sender for {recipient!r}: the tags are too long")
