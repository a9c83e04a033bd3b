"""Judges senders by pyspf. Argument: the port of a DNS server at 127.0.0.1. A line of input: address, sender, HELO name, with tabs
between; a line of output for each: result, tab, reason."""
import sys

import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import spf

PORT = int(sys.argv[1])
CACHE = {}


def plain(name):
    """A name as pyspf knows it: octets, without escapes and the final dot."""
    return b'.'.join(label for label in name.labels if label).decode('latin-1')


def ask(name, qtype):
    try:
        labels = [label.encode('latin-1') for label in name.split('.')] + [b'']
        query = dns.message.make_query(dns.name.Name(labels), qtype, use_edns=0, payload=1232)
    except (UnicodeError, dns.exception.DNSException):
        return []
    answer = dns.query.udp_with_fallback(query, '127.0.0.1', timeout=20, port=PORT)[0]
    if answer.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        return None
    found = []
    for rrset in answer.answer:
        kind = dns.rdatatype.to_text(rrset.rdtype)
        for data in rrset:
            value = {
                'A': lambda: data.address,
                'AAAA': lambda: data.address,
                'CNAME': lambda: plain(data.target),
                'MX': lambda: (data.preference, plain(data.exchange)),
                'PTR': lambda: plain(data.target),
                'TXT': lambda: list(data.strings),
            }.get(kind)
            if value:
                found.append(((plain(rrset.name), kind), value()))
    return found


def look_up(name, qtype, strict=True, timeout=20):
    key = (name.lower(), qtype)
    if key not in CACHE:
        CACHE[key] = ask(name, qtype)
    if CACHE[key] is None:
        raise spf.TempError('DNS error for %s %s' % (qtype, name))
    return CACHE[key]


spf.DNSLookup = look_up
for line in sys.stdin:
    address, sender, helo = line.rstrip('\n').split('\t')
    try:
        query = spf.query(i=address, s=sender, h=helo, querytime=0)
        result, _, reason = query.check()
        reason = ' '.join(str(part) for part in (reason, *query.perm_error.args) if part) if query.perm_error else reason
    except Exception as error:
        result, reason = 'crash', repr(error)
    print(result, ' '.join(str(reason).split()), sep='\t', flush=True)
