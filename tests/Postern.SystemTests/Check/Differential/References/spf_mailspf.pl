# Judges senders by Mail::SPF. Argument: the port of a DNS server at 127.0.0.1. A line of input: address, sender, HELO name, with
# tabs between; a line of output for each: result, tab, reason.
use strict;
use warnings;
use Mail::SPF;

package CachingResolver;
use Net::DNS;

sub new {
    my ($class, $port) = @_;
    my $resolver = Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => $port, retry => 2, defnames => 0, dnsrch => 0, udppacketsize => 1232);
    return bless { resolver => $resolver, cache => {}, error => '' }, $class;
}

sub send {
    my ($self, $name, $type) = @_;
    # Net::DNS takes a backslash for the start of an escape.
    $name =~ s/([\\"();@\$ ]|[^\x21-\x7e])/sprintf '\\%03d', ord $1/ge;
    my $kept = $self->{cache}{"$type " . lc $name} //= do {
        my $packet = $self->{resolver}->send($name, $type);
        [$packet, $self->{resolver}->errorstring];
    };
    $self->{error} = $kept->[1];
    return $kept->[0];
}

sub errorstring { return $_[0]{error} }

package main;
my $server = Mail::SPF::Server->new(dns_resolver => CachingResolver->new($ARGV[0]), hostname => 'mx.we.test');
$| = 1;
while (my $line = <STDIN>) {
    chomp $line;
    my ($address, $sender, $helo) = split /\t/, $line, -1;
    my ($result, $reason) = eval {
        my $request = Mail::SPF::Request->new(
            versions => [1], scope => $sender eq '' ? 'helo' : 'mfrom', identity => $sender eq '' ? $helo : $sender,
            ip_address => $address, helo_identity => $helo);
        my $answer = $server->process($request);
        ($answer->code, $answer->text);
    };
    ($result, $reason) = ('crash', "$@") if not defined $result;
    $reason =~ s/\s+/ /g;
    print "$result\t$reason\n";
}
