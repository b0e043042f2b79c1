// Envelope senders that BounceMx reads and verifies: verp("user@example.org", "bounces.example.com", { tags: ["spring"], key: "1:9f86…" }).
import { createHmac } from "node:crypto";

const DIGITS = "0123456789abcdefghijklmnopqrstuv";
const LABEL = String.raw`(?!-)[\p{Lu}\p{Ll}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}-]{1,63}(?<!-)`;
const DOMAIN = String.raw`${LABEL}(\.${LABEL})*`;
const RECIPIENT = new RegExp(String.raw`^("(\\.|[^"\\])+"|[^ "(),:;<>@[\\\]]+)@${DOMAIN}$`, "u");
const TAG = /^(?![0-9A-Va-v]{17}$)[\w-]+(\.[\w-]+)*$/;
const KEY = /^(?:#[^\n]*\n|\s)*([0-9a-v]:(?:[0-9a-f]{2}){16,})[ \t\r]*(?:\n|$)/i; // the first of a key file's lines

function mac(key, text, length) {
  const folded = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const hash = createHmac("sha256", Buffer.from(key.slice(2), "hex")).update(folded).digest();
  const bits = [...hash].map((octet) => octet.toString(2).padStart(8, "0")).join("");
  return Array.from({ length }, (_, i) => DIGITS[parseInt(bits.substr(5 * i, 5), 2)]).join("");
}

export function verp(recipient, domain, { tags = [], key = "", prefix = "bounces", hide = false, day } = {}) {
  const valid = RECIPIENT.test(recipient) && new RegExp(`^${DOMAIN}$`, "u").test(domain) && tags.every((tag) => TAG.test(tag));
  if (!valid || /[\p{Cc}\p{Cs}\ufffd]/u.test(recipient) || Buffer.byteLength(recipient) > 254)
    throw new RangeError(`no envelope sender for ${JSON.stringify(recipient)} with ${tags}`);
  if (key && !KEY.test(key)) throw new RangeError("no envelope sender: the key is not ID:HEX of at least 16 octets");
  key = key && KEY.exec(key)[1].toLowerCase();
  const at = recipient.lastIndexOf("@");
  const local = recipient[0] === '"' ? recipient.slice(1, at - 1).replace(/\\(.)/gu, "$1") : recipient.slice(0, at);
  const whole = local + recipient.slice(at);
  const odd = /[^A-Za-z0-9._-]|^\.|(?<=\.)\.|\.(?=\.)|\.(?=@[^@]*$)/gu;
  const escape = (text) => [...Buffer.from(text)].map((octet) => "=" + octet.toString(16).padStart(2, "0")).join("");
  const isPlain = /^(?!=)[\w+=-]+(\.[\w+=-]+)*@[A-Za-z0-9.-]+$/.test(whole);
  const shown = isPlain ? local + "=" + recipient.slice(at + 1) : "=" + whole.replace(odd, escape);
  const days = day ?? Math.floor(Date.now() / 86400000);
  for (const payload of [...(hide ? [] : [shown]), "~" + mac(key, "~" + whole, 16)]) {
    let address = [prefix, payload, ...tags].join("+");
    if (key) address += "+" + key[0] + [10, 5, 0].map((shift) => DIGITS[(days >> shift) & 31]).join("");
    if (key) address += mac(key, `${address}@${domain}`, 13);
    if (address.length <= 64 && Buffer.byteLength(`${address}@${domain}`) <= 254) return `${address}@${domain}`;
  }
  throw new RangeError(`no envelope sender for ${JSON.stringify(recipient)}: the tags are too long`);
}
