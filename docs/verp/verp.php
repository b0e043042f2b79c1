<?php
// Envelope senders that BounceMx reads and verifies: verp('user@example.org', 'bounces.example.com', ['spring'], '1:9f86…').

const VERP_DIGITS = '0123456789abcdefghijklmnopqrstuv';
const VERP_LABEL = '(?!-)[\p{Lu}\p{Ll}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}-]{1,63}(?<!-)';
const VERP_DOMAIN = VERP_LABEL . '(\.' . VERP_LABEL . ')*';
const VERP_TAG = '/^(?![0-9A-Va-v]{17}$)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/D';
const VERP_KEY = '/^(?:#[^\n]*\n|\s)*([0-9a-v]:(?:[0-9a-f]{2}){16,})[ \t\r]*(?:\n|$)/Di'; // the first of a key file's lines

function verp_mac(string $key, string $text, int $length): string {
    $hash = hash_hmac('sha256', strtr($text, implode(range('A', 'Z')), implode(range('a', 'z'))), hex2bin(substr($key, 2)), true);
    $bits = implode(array_map(fn($octet) => sprintf('%08b', ord($octet)), str_split($hash)));
    return implode(array_map(fn($five) => VERP_DIGITS[bindec($five)], str_split(substr($bits, 0, 5 * $length), 5)));
}

function verp(string $recipient, string $domain, array $tags = [], string $key = '', string $prefix = 'bounces', bool $hide = false, ?int $day = null): string {
    $valid = preg_match('/^("(\\\\.|[^"\\\\])+"|[^ "(),:;<>@[\\\\\]]+)@' . VERP_DOMAIN . '$/Du', $recipient) && preg_match('/^' . VERP_DOMAIN . '$/Du', $domain);
    if (!$valid || preg_match('/\p{Cc}/u', $recipient) || strlen($recipient) > 254 || preg_grep(VERP_TAG, $tags, PREG_GREP_INVERT))
        throw new InvalidArgumentException("No envelope sender for $recipient");
    if ($key !== '' && !preg_match(VERP_KEY, $key, $found))
        throw new InvalidArgumentException('No envelope sender: the key is not ID:HEX of at least 16 octets');
    $key = strtolower($found[1] ?? '');
    $at = strrpos($recipient, '@');
    $local = $recipient[0] === '"' ? preg_replace('/\\\\(.)/u', '$1', substr($recipient, 1, $at - 2)) : substr($recipient, 0, $at);
    $whole = $local . substr($recipient, $at);
    $odd = '/[^A-Za-z0-9._-]|^\.|(?<=\.)\.|\.(?=\.)|\.(?=@[^@]*$)/D';
    $shown = preg_match('/^(?!=)[\w+=-]+(\.[\w+=-]+)*@[A-Za-z0-9.-]+$/D', $whole)
        ? $local . '=' . substr($recipient, $at + 1)
        : '=' . preg_replace_callback($odd, fn($octet) => sprintf('=%02x', ord($octet[0])), $whole);
    $day ??= intdiv(time(), 86400);
    foreach ([...($hide ? [] : [$shown]), '~' . verp_mac($key, "~$whole", 16)] as $payload) {
        $address = implode('+', [$prefix, $payload, ...$tags]);
        if ($key !== '') {
            $address .= '+' . $key[0] . VERP_DIGITS[$day >> 10 & 31] . VERP_DIGITS[$day >> 5 & 31] . VERP_DIGITS[$day & 31];
            $address .= verp_mac($key, "$address@$domain", 13);
        }
        if (strlen($address) <= 64 && strlen("$address@$domain") <= 254)
            return "$address@$domain";
    }
    throw new InvalidArgumentException("No envelope sender for $recipient: the tags are too long");
}
