# Envelope senders that BounceMx reads and verifies: verp('user@example.org', 'bounces.example.com', tags => ['spring'], key => '1:9f86…').
# Strings are octets in UTF-8, as they come from a file or a database without decoding.
use strict;
use warnings;
use Digest::SHA 'hmac_sha256';
use Encode ();

my @DIGITS = (0 .. 9, 'a' .. 'v');
my $LABEL = qr/(?!-)[\p{Lu}\p{Ll}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}-]{1,63}(?<!-)/;
my $DOMAIN = qr/$LABEL(?:\.$LABEL)*/;
my $TAG = qr/(?![0-9A-Va-v]{17}\z)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*/;
my $KEY = qr/(?:#[^\n]*\n|\s)*([0-9a-v]:(?:[0-9a-f]{2}){16,})[ \t\r]*(?:\n|\z)/i;    # the first of a key file's lines

sub mac {
    my ($key, $text, $length) = @_;
    my $bits = unpack 'B*', hmac_sha256($text =~ tr/A-Z/a-z/r, pack 'H*', substr $key, 2);
    return join '', map { $DIGITS[oct '0b' . substr $bits, 5 * $_, 5] } 0 .. $length - 1;
}

sub verp {
    my ($recipient, $domain, %with) = (@_);
    my @tags = @{ $with{tags} // [] };
    my ($mailbox, $name) = map { my $octets = $_; eval { Encode::decode('UTF-8', $octets, Encode::FB_CROAK) } // '' } $recipient, $domain;
    my $valid = $mailbox =~ /\A("(?:\\.|[^"\\])+"|[^ "(),:;<>\@\[\\\]]+)\@$DOMAIN\z/ && $name =~ /\A$DOMAIN\z/ && !grep { !/\A$TAG\z/ } @tags;
    die "no envelope sender for $recipient\n" if !$valid || $mailbox =~ /\p{Cc}/ || length $recipient > 254;
    my $key = lc((($with{key} || '0:') =~ /\A$KEY/)[0] // '0:');
    die "no envelope sender: the key is not ID:HEX of at least 16 octets\n" if $with{key} && length $key < 34;
    my ($local, $host) = $recipient =~ /\A(.*)\@(.*)\z/;
    $local =~ s/\\(.)/$1/g if $local =~ s/\A"(.*)"\z/$1/;
    my $whole = "$local\@$host";
    my $shown = $whole =~ /\A(?!=)[A-Za-z0-9_+=-]+(\.[A-Za-z0-9_+=-]+)*\@[A-Za-z0-9.-]+\z/ ? "$local=$host"
        : '=' . $whole =~ s/[^A-Za-z0-9._-]|\A\.|(?<=\.)\.|\.(?=\.)|\.(?=\@[^\@]*\z)/sprintf '=%02x', ord $&/ger;
    my $day = $with{day} // int(time / 86400);
    for my $payload ($with{hide} ? () : $shown, '~' . mac($key, "~$whole", 16)) {
        my $address = join '+', $with{prefix} // 'bounces', $payload, @tags;
        $address .= join '', '+', substr($key, 0, 1), map { $DIGITS[$day >> $_ & 31] } 10, 5, 0 if $with{key};
        $address .= mac($key, "$address\@$domain", 13) if $with{key};
        return "$address\@$domain" if length $address <= 64 && length "$address\@$domain" <= 254;
    }
    die "no envelope sender for $recipient: the tags are too long\n";
}

1;
