#!/bin/sh
# Envelope senders that BounceMx reads and verifies:  VERP_KEY=$(cat keys.txt) sh verp.sh user@example.org bounces.example.com spring
# VERP_PREFIX is another prefix, VERP_HIDE=1 hides the recipient, VERP_DAY is another day than today. Needs openssl and base32. ASCII domains only.
# The key is no program's argument, where other users could read it, as long as printf is builtin (dash, bash, ash, ksh).
set -eu
export LC_ALL=C
newline='
'
refuse() { printf 'verp.sh: no envelope sender: %s\n' "$1" >&2; exit 2; }
is() { case $2 in *"$newline"*) return 1 ;; esac; printf '%s\n' "$2" | grep -Eqx -e "$1"; } # EXPRESSION TEXT
octets() { od -An -v -tx1 | tr -d '\n'; }
digit() { printf %s 0123456789abcdefghijklmnopqrstuv | cut -c "$(($1 % 32 + 1))"; }
write() { # HEX MASK: its octets, each XOR the mask
  rest=$1
  while [ -n "$rest" ]; do
    octet=$((0x${rest%"${rest#??}"} ^ $2)) rest=${rest#??}
    printf "\\$((octet / 64))$((octet / 8 % 8))$((octet % 8))"
  done
}
sha256() {
  sum=$(openssl dgst -sha256 -binary | octets | tr -d ' ')
  [ ${#sum} -eq 64 ] || refuse 'openssl failed'
  printf %s "$sum"
}
mac() { # TEXT LENGTH: HMAC, RFC 2104
  inner=$({ write "$block" 0x36; printf %s "$1" | tr A-Z a-z; } | sha256) || exit
  outer=$({ write "$block" 0x5c; write "$inner" 0; } | sha256) || exit
  code=$(write "$outer" 0 | base32 -w0 | tr A-Z2-7 0-9a-v | cut -c "1-$2")
  [ ${#code} -eq "$2" ] || refuse 'base32 failed'
  printf %s "$code"
}

recipient=$1 domain=$2 key=${VERP_KEY-} prefix=${VERP_PREFIX-bounces} day=${VERP_DAY-$(($(date +%s) / 86400))} tags=
name='[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?' word='[A-Za-z0-9_-]+'
# No control characters, and no UTF-8 that is none (RFC 3629 section 4).
text='( [2-6].| 7[^f]| c2 [ab].| (c[3-9a-f]|d.) [89ab].| e0 [ab]. [89ab].| (e[1-9a-cef]) [89ab]. [89ab].| ed [89]. [89ab].'
text="($text| f0 [9ab].( [89ab].){2}| f[1-3]( [89ab].){3}| f4 8.( [89ab].){2}))+"
shift 2
if [ -n "$key" ]; then # the first of a key file's lines
  key=$(printf '%s\n' "$key" | sed '/^[[:space:]]*$/d; /^[[:space:]]*#/d; s/^[[:space:]]*//; s/[[:space:]]*$//; q' | tr A-Z a-z)
  is '[0-9a-v]:([0-9a-f]{2}){16,}' "$key" || refuse 'the key is not ID:HEX of at least 16 octets'
fi
block=${key#*:}
[ ${#block} -le 128 ] || block=$(write "$block" 0 | sha256) || exit
block=$(printf '%s%0128d' "$block" 0 | cut -c 1-128)
is "$text" "$(printf %s "$recipient" | octets)" || refuse 'the recipient has a control character, or is not UTF-8'
is "(\"(\\\\.|[^\"\\\\])+\"|[^] \"(),:;<>@[\\]+)@[^@]+" "$recipient" && [ ${#recipient} -le 254 ] || refuse "$recipient is no mailbox"
is "$name(\.$name)*" "${recipient##*@}" || refuse "${recipient##*@} is no domain in ASCII"
is "$name(\.$name)*" "$domain" || refuse "$domain is no domain in ASCII"
for tag; do
  is "$word(\.$word)*" "$tag" && ! is '[0-9A-Va-v]{17}' "$tag" || refuse "$tag is no tag"
  tags=$tags+$tag
done
local=${recipient%@*} host=${recipient##*@}
case $local in \"*) local=$(printf %s "$local" | sed 's/^"//; s/"$//; s/\\\(.\)/\1/g') ;; esac
if is '[A-Za-z0-9_+-][A-Za-z0-9_+=-]*(\.[A-Za-z0-9_+=-]+)*@[A-Za-z0-9.-]+' "$local@$host"; then
  shown=$local=$host
else
  shown="="$(printf %s "$local@$host" | octets | awk '{
    for (at = NF; $at != "40"; at--) { }
    for (i = 1; i <= NF; i++) {
      c = sprintf("%c", (index("0123456789abcdef", substr($i, 1, 1)) - 1) * 16 + index("0123456789abcdef", substr($i, 2)) - 1)
      odd = c == "." && i < at && (i == 1 || i == at - 1 || $(i - 1) == "2e" || $(i + 1) == "2e")
      printf "%s", c ~ /[A-Za-z0-9._-]/ && !odd ? c : "=" $i
    } }')
fi
[ -z "${VERP_HIDE-}" ] || shown=
for payload in "$shown" ""; do
  [ -n "$payload" ] || payload="~"$(mac "~$local@$host" 16) || exit
  address=$prefix+$payload$tags
  if [ -n "$key" ]; then
    address=$address+${key%%:*}$(digit $((day / 1024)))$(digit $((day / 32)))$(digit "$day")
    address=$address$(mac "$address@$domain" 13) || exit
  fi
  if [ ${#address} -le 64 ] && [ $((${#address} + ${#domain})) -le 253 ]; then
    printf '%s\n' "$address@$domain"
    exit
  fi
done
refuse 'the tags are too long'
