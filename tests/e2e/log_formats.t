# Promise: the same requests come to the same figures in every format that
# "glinto import" takes: nginx's combined and common, with the host in front,
# any text of log_format, Caddy's JSON and JSON by a list of names; where a log
# tells more (type, Sec-Fetch, languages, host) that decides; a format that
# cannot do is refused by a sentence.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::AccessLog;
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use POSIX ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t);
my $agent = $world->agent;
my $json = JSON::PP->new->canonical;
my $FIREFOX = $Glinto::AccessLog::PEOPLE[0];
my $at = 1_772_445_600; # 2026-03-02 10:00
my $sites = 0;

sub take { # FORMAT, TEXT: a new site with that log; status, stdout, stderr
    my ($format, $text) = @_;
    my $site = 's' . ++$sites;
    $world->site($site);
    spew($t->path("$site.log"), $text);
    return ($site, $agent->glinto('import', '--site', "$site.example",
        '--format', $format, $t->path("$site.log")));
}
sub figures { # SITE
    my ($site) = @_;
    my $answer = $agent->query({site_id => "$site.example",
        date_range => ['2026-03-01', '2026-03-03'],
        metrics => [qw(visitors visits pageviews)],
        dimensions => ['event:page']});
    return join '; ', sort map { "$_->{dimensions}[0] @{$_->{metrics}}" }
        @{$answer->{results}};
}
sub local_time { POSIX::strftime('%d/%b/%Y:%H:%M:%S +0000', gmtime $_[0]) }
sub iso { POSIX::strftime('%Y-%m-%dT%H:%M:%S+00:00', gmtime $_[0]) }

# address, seconds, method, uri, status, referrer, agent
my @requests = (
    ['203.0.113.1', 0, 'GET', '/', 200, '-', $FIREFOX],
    ['203.0.113.1', 1, 'GET', '/a.css', 200, '-', $FIREFOX],
    ['203.0.113.1', 30, 'GET', '/b?x=1', 200, 'https://f.test/', $FIREFOX],
    ['2001:db8::1', 40, 'GET', '/b', 304, '-', $FIREFOX],
    ['203.0.113.2', 50, 'POST', '/b', 200, '-', $FIREFOX],
    ['203.0.113.2', 51, 'GET', '/gone', 404, '-', $FIREFOX],
    ['203.0.113.2', 52, 'GET', '/c%20d', 200, '-', $FIREFOX]);
my $expected = '/ 1 1 1; /b 2 2 2; /c d 1 1 1';

sub text { # a function of the fields that makes a line
    my ($line) = @_;
    return join '', map { $line->(@$_) . "\n" } @requests;
}
sub as_combined {
    my ($address, $s, $method, $uri, $status, $referrer, $who) = @_;
    return "$address - - [" . local_time($at + $s) . qq(] "$method $uri )
        . qq(HTTP/1.1" $status 5 "$referrer" "$who");
}
sub as_caddy {
    my ($address, $s, $method, $uri, $status, $referrer, $who) = @_;
    return $json->encode({level => 'info', ts => $at + $s + 0.25,
        msg => 'handled request', status => $status, request => {
            remote_ip => $address, proto => 'HTTP/2.0', method => $method,
            host => 's' . ($sites + 1) . '.example', uri => $uri,
            headers => {'User-Agent' => [$who], 'Accept-Language' => ['de'],
                $referrer eq '-' ? () : (Referer => [$referrer])}},
        resp_headers => {'Content-Type' =>
            [$uri =~ /css/ ? 'text/css' : 'text/html; charset=utf-8']}});
}

my $own = q($remote_addr|$msec|$request_method|$uri|$args|$status|)
    . q($http_referer|$http_user_agent);
my %formats = (
    'combined' => \&as_combined,
    q(log_format main '$remote_addr - $remote_user [$time_local] "$request" '
        '$status $body_bytes_sent "$http_referer" "$http_user_agent"';) =>
        \&as_combined,
    'vcombined' => sub { 's' . ($sites + 1) . '.example:443 ' . &as_combined },
    'caddy' => \&as_caddy,
    $own => sub { my ($address, $s, $method, $uri, $status, $referrer, $who) =
            @_; my ($path, $args) = split /\?/, $uri;
        $path =~ s/%20/ /; # $uri is decoded
        join '|', $address, $at + $s . '.000', $method, $path, $args // '-',
            $status, $referrer, $who },
    '{"a":"$remote_addr","t":"$time_iso8601","r":"$request","s":$status,'
        . '"u":"$http_user_agent"}' =>
        sub { my ($address, $s, $method, $uri, $status, undef, $who) = @_;
            sprintf '{"a":"%s","t":"%s","r":"%s %s HTTP/2.0","s":%s,"u":"%s"}',
                $address, iso($at + $s), $method, $uri, $status, $who },
    'json:remote_addr=client.ip,time_iso8601=@timestamp,request_method=verb,'
        . 'request_uri=url,status=code,http_user_agent=agent.original' =>
        sub { my ($address, $s, $method, $uri, $status, undef, $who) = @_;
            $json->encode({client => {ip => $address},
                '@timestamp' => iso($at + $s), verb => $method, url => $uri,
                code => $status, 'agent.original' => $who}) });
for my $format (sort keys %formats) {
    my ($site, $status, $out, $err) = take($format, text($formats{$format}));
    is($status, 0, $format) or diag($err);
    is(figures($site), $expected, 'the same figures');
}
my ($site, $status, $out) = take('common', text(sub {
    (&as_combined =~ s/ "[^"]*" "[^"]*"$//r) }));
is(figures($site), $expected, 'common: who has no agent is a person');

# ---- where a log tells more ----

my $more = q($remote_addr [$time_local] "$request" $status "$http_user_agent" )
    . q("$sent_http_content_type" "$http_sec_fetch_dest" "$http_purpose");
sub more { # URI, STATUS, TYPE, DEST, PURPOSE
    my ($uri, $code, $type, $dest, $purpose) = @_;
    return '203.0.113.9 [' . local_time($at) . qq(] "GET $uri HTTP/1.1" $code )
        . qq("$FIREFOX" "$type" "$dest" "$purpose"\n);
}
($site, $status, $out) = take($more, join '',
    more('/page.js', 200, 'text/html', '-', '-'),
    more('/data', 200, 'application/json', '-', '-'),
    more('/seen', 304, '-', 'document', '-'),
    more('/logo', 304, '-', 'image', '-'),
    more('/early', 200, 'text/html', 'document', 'prefetch'));
is(figures($site), '/page.js 1 1 1; /seen 1 1 1',
    'the type, what it was fetched for, and prefetches decide');
($site, $status, $out) = take('vcombined', text(sub {
    'other.example ' . &as_combined }));
like($out, qr/^ +7  other hosts /m, 'lines of another host are not its own');

# what nginx and Apache escape
my $odd = q(203.0.113.5 - - [) . local_time($at) . q(] "GET /\x22q\x22 )
    . q(HTTP/1.1" 200 5 "-" "Mozilla/5.0 (X11; \"Linux\" x86_64; rv:128.0) )
    . qq(Gecko/20100101 Firefox/128.0"\n);
($site, $status, $out) = take('combined', $odd);
is(figures($site), '/"q" 1 1 1', 'escapes of nginx and Apache');

# ---- refused ----

for my $case (
    ['$time_local "$request" $status', qr/has no \$remote_addr/],
    ['$remote_addr "$request" $status', qr/has no \$time_local/],
    ['$remote_addr [$time_local] $status', qr/has no \$request/],
    ['$remote_addr [$time_local] "$request"', qr/has no \$status/],
    ['$remote_addr$time_local "$request" $status', qr/nothing between/],
    ['json:nonsense', qr/must be like json:/],
    ['json:remote_user=a', qr/has a field that/],
    ['apache', qr/cannot read format/])
{
    my ($format, $why) = @$case;
    my (undef, $exit, undef, $said) = take($format, '');
    is($exit, 2, "$format is refused");
    like($said, $why, 'with a sentence');
}

$t->done;
