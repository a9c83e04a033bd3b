# Verifies signatures by Mail::DKIM. Argument: the port of a DNS server at 127.0.0.1. A line of input: the path of a message; a line
# of output for each: results of its signatures from the top, blanks between, tab, reasons.
use strict;
use warnings;
use Mail::DKIM::Verifier;
use Mail::DKIM::DNS;
use Net::DNS;

Mail::DKIM::DNS::resolver(Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => $ARGV[0], retry => 2, defnames => 0, dnsrch => 0, udppacketsize => 1232));
$| = 1;
while (my $path = <STDIN>) {
    chomp $path;
    my (@results, @reasons);
    eval {
        open my $file, '<:raw', $path or die "$path: $!";
        local $/;
        my $message = <$file>;
        my $verifier = Mail::DKIM::Verifier->new;
        $verifier->PRINT($message);
        $verifier->CLOSE;
        foreach my $signature ($verifier->signatures) {
            push @results, $signature->result;
            push @reasons, $signature->result_detail;
        }
        1;
    } or @reasons = ("$@");
    my $reasons = join ' | ', @reasons;
    $reasons =~ s/\s+/ /g;
    print join(' ', @results), "\t$reasons\n";
}
