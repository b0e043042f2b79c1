#!/bin/sh
# Envelope senders that BounceMx reads and verifies:  VERP_KEY=1:9f86… sh verp.sh user@example.org bounces.example.com spring
# VERP_PREFIX is another prefix, VERP_HIDE=1 hides the recipient, VERP_DAY is another day than today. Needs openssl and base32.
set -eu
export LC_ALL=C
refuse() { echo "verp.sh: no envelope sender: $1" >&2; exit 2; }
is() { printf '%s\n' "$2" | grep -Eqx -e "$1"; } # EXPRESSION TEXT
octets() { printf %s "$1" | od -An -v -tx1 | tr -d '\n'; }
digit() { printf %s 0123456789abcdefghijklmnopqrstuv | cut -c "$(($1 % 32 + 1))"; }
mac() { # TEXT LENGTH
  printf %s "$1" | tr A-Z a-z | openssl dgst -sha256 -mac HMAC -macopt "hexkey:${secret:-00}" -binary | base32 -w0 | tr A-Z2-7 0-9a-v | cut -c "1-$2"
}

recipient=$1 domain=$2 key=${VERP_KEY-} prefix=${VERP_PREFIX-bounces} day=${VERP_DAY-$(($(date +%s) / 86400))} tags=
secret=${key#*:} id=${key%%:*} name='[^ -,./:-@[-`{-~-]([^ -,./:-@[-`{-~]{0,61}[^ -,./:-@[-`{-~-])?' word='[A-Za-z0-9_-]+'
shift 2
case $(octets "$recipient") in *' '[01]?* | *' 7f'* | *' c2 '[89]*) refuse 'a control character' ;; esac
is "(\"(\\\\.|[^\"\\\\])+\"|[^\"].*)@$name(\.$name)*" "$recipient" && [ ${#recipient} -le 254 ] || refuse "$recipient is no mailbox"
is "$name(\.$name)*" "$domain" || refuse "$domain is no domain"
for tag; do
  is "$word(\.$word)*" "$tag" && ! is '[0-9A-Va-v]{17}' "$tag" || refuse "$tag is no tag"
  tags=$tags+$tag
done
local=${recipient%@*} host=${recipient##*@}
case $local in \"*) local=$(printf %s "$local" | sed 's/^"//; s/"$//; s/\\\(.\)/\1/g') ;; esac
if is '[A-Za-z0-9_+-][A-Za-z0-9_+=-]*(\.[A-Za-z0-9_+=-]+)*@[A-Za-z0-9.-]+' "$local@$host"; then
  shown=$local=$host
else
  shown="="$(octets "$local@$host" | awk '{
    for (at = NF; $at != "40"; at--) { }
    for (i = 1; i <= NF; i++) {
      c = sprintf("%c", (index("0123456789abcdef", substr($i, 1, 1)) - 1) * 16 + index("0123456789abcdef", substr($i, 2)) - 1)
      odd = c == "." && i < at && (i == 1 || i == at - 1 || $(i - 1) == "2e" || $(i + 1) == "2e")
      printf "%s", c ~ /[A-Za-z0-9._-]/ && !odd ? c : "=" $i
    } }')
fi
hash="~"$(mac "~$local@$host" 16)
[ -z "${VERP_HIDE-}" ] || shown=$hash
for payload in "$shown" "$hash"; do
  address=$prefix+$payload$tags
  if [ -n "$key" ]; then
    address=$address+$id$(digit $((day / 1024)))$(digit $((day / 32)))$(digit "$day")
    address=$address$(mac "$address@$domain" 13)
  fi
  if [ ${#address} -le 64 ] && [ $((${#address} + ${#domain})) -le 253 ]; then
    printf '%s\n' "$address@$domain"
    exit
  fi
done
refuse 'the tags are too long'
