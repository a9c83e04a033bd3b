using System.Buffers.Binary;
using System.Net;
using System.Text;
using DnsClient;
using DnsClient.Protocol;

namespace Postern.Checks.Dns;

/// <summary>
/// A response read without the DNS library, which gives a whole answer up where an owner's name has a lower-case A-label that stands
/// for nothing. Here a name is the octets of its labels and nothing else (RFC 1035, 4.1). Records of types that nobody asks for are
/// passed over.
/// </summary>
internal sealed class WireResponse : IDnsQueryResponse
{
    private const int HeaderOctets = 12;

    private WireResponse(DnsResponseHeader header, NameServer server, int size) => (Header, NameServer, MessageSize) = (header, server, size);

    public IReadOnlyList<DnsClient.DnsQuestion> Questions { get; private init; } = [];

    public IReadOnlyList<DnsResourceRecord> Answers { get; private init; } = [];

    public IReadOnlyList<DnsResourceRecord> Authorities { get; private init; } = [];

    public IReadOnlyList<DnsResourceRecord> Additionals => [];

    public IEnumerable<DnsResourceRecord> AllRecords => Answers.Concat(Authorities);

    public string AuditTrail => "";

    public string ErrorMessage => "";

    public bool HasError => Header.ResponseCode != DnsHeaderResponseCode.NoError;

    public DnsResponseHeader Header { get; }

    public int MessageSize { get; }

    public NameServer NameServer { get; }

    public DnsQuerySettings Settings => throw new NotSupportedException();

    /// <summary>Reads a packet.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static WireResponse Read(byte[] packet, NameServer server)
    {
        if (packet.Length < HeaderOctets)
        {
            throw new FormatException("the packet is shorter than its header");
        }

        int Count(int at) => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(at));
        var reader = new Reader(packet, HeaderOctets);
        var questions = new List<DnsClient.DnsQuestion>();
        for (var i = 0; i < Count(4); i++)
        {
            var name = reader.Name();
            questions.Add(new(name, (QueryType)reader.Number16(), (QueryClass)reader.Number16()));
        }

        var answers = Records(reader, Count(6));
        return new(new DnsResponseHeader(Count(0), (ushort)Count(2), Count(4), Count(6), Count(10), Count(8)), server, packet.Length)
        {
            Questions = questions,
            Answers = answers,
            Authorities = Records(reader, Count(8)),
        };
    }

    private static List<DnsResourceRecord> Records(Reader reader, int count)
    {
        var records = new List<DnsResourceRecord>();
        for (var i = 0; i < count; i++)
        {
            if (reader.Record() is { } record)
            {
                records.Add(record);
            }
        }

        return records;
    }

    private sealed class Reader(byte[] packet, int at)
    {
        private const int MaxPointers = 64;
        private int _at = at;

        public ushort Number16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

        public DnsString Name()
        {
            var (original, value) = (new StringBuilder(), new StringBuilder());
            int position = _at, pointers = 0;
            while (true)
            {
                var length = Octet(position);
                if (length >= 0xC0)
                {
                    // Only the first of a row of pointers stands in this place.
                    _at = pointers == 0 ? position + 2 : _at;
                    position = ((length & 0x3F) << 8) | Octet(position + 1);
                    if (++pointers > MaxPointers)
                    {
                        throw new FormatException("a name's pointers go round in a circle");
                    }

                    continue;
                }

                if (length > 63 || original.Length > 255)
                {
                    throw new FormatException("a label is of no known kind, or a name too long");
                }

                position++;
                if (length == 0)
                {
                    break;
                }

                for (var i = 0; i < length; i++)
                {
                    var c = (char)Octet(position++);
                    original.Append(c);
                    value.Append(c is <= ' ' or > '~' or '\\' ? $"\\{(int)c:d3}" : c.ToString());
                }

                original.Append('.');
                value.Append('.');
            }

            _at = pointers == 0 ? position : _at;
            return WireName.Create(original.Length == 0 ? "." : original.ToString(), value.Length == 0 ? "." : value.ToString(), null);
        }

        public DnsResourceRecord? Record()
        {
            var owner = Name();
            var type = (ResourceRecordType)Number16();
            var recordClass = (QueryClass)Number16();
            var seconds = (int)Math.Min(Number32(), int.MaxValue);
            var length = Number16();
            var end = _at + length;
            if (end > packet.Length)
            {
                throw new FormatException("a record is longer than the packet");
            }

            var info = new ResourceRecordInfo(owner, type, recordClass, seconds, length);
            DnsResourceRecord? record = type switch
            {
                _ when recordClass != QueryClass.IN => null,
                ResourceRecordType.A when length == 4 => new ARecord(info, new IPAddress(Take(4))),
                ResourceRecordType.AAAA when length == 16 => new AaaaRecord(info, new IPAddress(Take(16))),
                ResourceRecordType.CNAME => new CNameRecord(info, Name()),
                ResourceRecordType.PTR => new PtrRecord(info, Name()),
                ResourceRecordType.NS => new NsRecord(info, Name()),
                ResourceRecordType.MX => new MxRecord(info, Number16(), Name()),
                ResourceRecordType.TXT => Text(info, end),
                ResourceRecordType.SOA => new SoaRecord(info, Name(), Name(), Number32(), Number32(), Number32(), Number32(), Number32()),
                _ => null,
            };
            _at = end;
            return record;
        }

        private TxtRecord Text(ResourceRecordInfo info, int end)
        {
            var texts = new List<string>();
            while (_at < end)
            {
                var length = Take(1)[0];
                texts.Add(Encoding.Latin1.GetString(Take(Math.Min(length, end - _at))));
            }

            // Octets as characters already: an octet beyond ASCII is written as the UTF-8 reading of the library never is.
            return new TxtRecord(info, [.. texts.Select(Escaped)], [.. texts.Select(t => Ascii.IsValid(t) ? t : "\uFFFD")]);
        }

        private static string Escaped(string text) => string.Concat(text.Select(c => c is < ' ' or > '~' ? $"\\{(int)c:d3}" : c is '"' ? "\\\"" : c.ToString()));

        private uint Number32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

        private byte Octet(int position) => position < packet.Length ? packet[position] : throw new FormatException("a name goes beyond the packet");

        private ReadOnlySpan<byte> Take(int count)
        {
            if (_at + count > packet.Length)
            {
                throw new FormatException("the packet ends within a record");
            }

            _at += count;
            return packet.AsSpan(_at - count, count);
        }
    }
}
