"""Verifies signatures by dkimpy. Argument: the port of a DNS server at 127.0.0.1. A line of input: the path of a message; a line of
output for each: results of its signatures from the top, blanks between, tab, reasons."""
import sys

import dkim
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype

PORT = int(sys.argv[1])
CACHE = {}


def look_up(name, timeout=5):
    name = name.decode('latin-1') if isinstance(name, bytes) else name
    if name not in CACHE:
        answer = dns.query.udp_with_fallback(dns.message.make_query(name, 'TXT', use_edns=0, payload=1232), '127.0.0.1', timeout=20, port=PORT)[0]
        texts = [b''.join(data.strings) for rrset in answer.answer if rrset.rdtype == dns.rdatatype.TXT for data in rrset]
        CACHE[name] = texts[0] if texts else None
    return CACHE[name]


for line in sys.stdin:
    with open(line.rstrip('\n'), 'rb') as file:
        message = file.read()
    results, reasons = [], []
    try:
        verifier = dkim.DKIM(message)
        count = sum(1 for name, _ in verifier.headers if name.strip().lower() == b'dkim-signature')
    except Exception as error:
        count, reasons = 0, [repr(error)]
    for index in range(count):
        try:
            results.append('pass' if dkim.DKIM(message).verify(idx=index, dnsfunc=look_up) else 'fail')
            reasons.append('-')
        except Exception as error:
            results.append('error')
            reasons.append(repr(error))
    print(' '.join(results), ' '.join(' | '.join(reasons).split()), sep='\t', flush=True)
