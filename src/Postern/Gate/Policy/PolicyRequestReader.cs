using System.Buffers;
using System.Text;

namespace Postern.Gate.Policy;

/// <summary>What came of reading on.</summary>
internal enum PolicyRead : byte
{
    /// <summary>The request goes on; all whole lines were taken.</summary>
    More,
    /// <summary>The request is whole.</summary>
    Whole,
    /// <summary>A line or the request is larger than allowed.</summary>
    TooLarge,
}

/// <summary>
/// Reads requests of the policy protocol, a line at a time as the bytes come: <c>name=value</c> lines, and an empty one at the
/// end. Unknown names are accepted, as are any order and lines without <c>=</c>; of a name that stands twice the first counts.
/// </summary>
internal sealed class PolicyRequestReader(PolicyLimits limits)
{
    private readonly string?[] _values = new string?[Names.Length];
    private int _taken;

    private static string[] Names { get; } = ["request", "protocol_state", "client_address", "helo_name", "sender", "recipient", "instance", "sasl_username"];

    /// <summary>True between two requests.</summary>
    public bool IsBetween => _taken == 0;

    /// <summary>Takes whole lines from the buffer, up to the end of the request.</summary>
    /// <param name="buffer">What has come; what is left of it was not taken.</param>
    /// <param name="request">The request, where it is whole.</param>
    public PolicyRead Read(ref ReadOnlySequence<byte> buffer, out PolicyRequest? request)
    {
        request = null;
        var reader = new SequenceReader<byte>(buffer);
        while (reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            _taken += (int)Math.Min(line.Length + 1, int.MaxValue / 2);
            if (line.Length > limits.Line || _taken > limits.Request)
            {
                return PolicyRead.TooLarge;
            }

            buffer = buffer.Slice(reader.Position);
            reader = new SequenceReader<byte>(buffer);
            if (line.IsSingleSegment ? Take(line.FirstSpan) : Take(line.ToArray()))
            {
                continue;
            }

            request = Build();
            return PolicyRead.Whole;
        }

        return buffer.Length > limits.Line || _taken + buffer.Length > limits.Request ? PolicyRead.TooLarge : PolicyRead.More;
    }

    // False at the empty line that ends a request.
    private bool Take(ReadOnlySpan<byte> line)
    {
        if (line is [.., (byte)'\r'])
        {
            line = line[..^1];
        }

        if (line.IsEmpty)
        {
            return false;
        }

        var equals = line.IndexOf((byte)'=');
        if (equals <= 0)
        {
            return true;
        }

        var index = IndexOf(line[..equals]);
        if (index >= 0)
        {
            _values[index] ??= Encoding.UTF8.GetString(line[(equals + 1)..]);
        }

        return true;
    }

    private static int IndexOf(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (Ascii.Equals(name, Names[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private PolicyRequest Build()
    {
        var request = new PolicyRequest
        {
            Kind = _values[0] ?? "",
            State = _values[1] ?? "",
            ClientAddress = _values[2] ?? "",
            Helo = _values[3] ?? "",
            Sender = _values[4] ?? "",
            Recipient = _values[5] ?? "",
            Instance = _values[6] ?? "",
            SaslUser = _values[7] ?? "",
        };
        Array.Clear(_values);
        _taken = 0;
        return request;
    }
}
