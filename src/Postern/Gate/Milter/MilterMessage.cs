using System.Buffers;
using System.Text;

namespace Postern.Gate.Milter;

/// <summary>One message of a session: its envelope, its content as it comes, and which of its headers must go.</summary>
/// <param name="spool">Keeps the content.</param>
internal sealed class MilterMessage(MessageSpool spool) : IDisposable
{
    private const string Results = "Authentication-Results";
    private int _results;
    private int _tags;
    private bool _isBody;

    /// <summary>The envelope sender; null before MAIL.</summary>
    public string? Sender { get; set; }

    /// <summary>The first recipient that the server accepted; null before that.</summary>
    public string? Recipient { get; set; }

    /// <summary>True where there is a recipient that cannot always be reached.</summary>
    public bool HasOrdinaryRecipient { get; set; }

    /// <summary>True where the client logged in.</summary>
    public bool IsAuthenticated { get; set; }

    /// <summary>The counts of Authentication-Results headers that claim to be ours, from 1.</summary>
    public List<int> ForgedResults { get; } = [];

    /// <summary>The counts of <see cref="ResultHeader.Name"/> headers, which a client cannot rightly have.</summary>
    public List<int> ForgedTags { get; } = [];

    /// <summary>True where the content could not be kept, and cannot be tested.</summary>
    public bool IsLost => spool.IsLost;

    /// <summary>Bytes of the content so far.</summary>
    public long Length => spool.Length;

    /// <summary>The content as it came over the line, but for Postfix's own Received header, which no milter is shown.</summary>
    public byte[] Content()
    {
        EndHeaders();
        return spool.ToArray();
    }

    /// <summary>Takes a header: name, NUL, value, NUL; lines of the value end with LF alone.</summary>
    /// <param name="data">The packet's data.</param>
    /// <param name="hasSpace">True where the value comes with the space that follows the colon.</param>
    /// <param name="owner">Tells whose results are ours.</param>
    /// <param name="keeps">True where the content will be tested.</param>
    public void AddHeader(in ReadOnlySequence<byte> data, bool hasSpace, ResultsOwner owner, bool keeps)
    {
        var bytes = data.IsSingleSegment ? data.FirstSpan : data.ToArray();
        var end = bytes.IndexOf((byte)0);
        if (end < 0)
        {
            return;
        }

        var name = bytes[..end];
        var value = bytes[(end + 1)..];
        if (value.IndexOf((byte)0) is var last and >= 0)
        {
            value = value[..last];
        }

        Count(name, value, owner);
        if (!keeps || _isBody)
        {
            return;
        }

        spool.Write(name);
        spool.Write(hasSpace ? ":"u8 : ": "u8);
        while (value.IndexOf((byte)'\n') is var fold and >= 0)
        {
            spool.Write(value[..fold].TrimEnd((byte)'\r'));
            spool.Write("\r\n"u8);
            value = value[(fold + 1)..];
        }

        spool.Write(value);
        spool.Write("\r\n"u8);
    }

    /// <summary>Takes a piece of the body.</summary>
    public void AddBody(in ReadOnlySequence<byte> data)
    {
        EndHeaders();
        foreach (var piece in data)
        {
            spool.Write(piece.Span);
        }
    }

    /// <summary>Takes the empty line between header and body.</summary>
    public void EndHeaders()
    {
        if (!_isBody)
        {
            spool.Write("\r\n"u8);
        }

        _isBody = true;
    }

    /// <summary>Forgets it: another message may follow.</summary>
    public void Clear()
    {
        spool.Clear();
        (Sender, Recipient, IsAuthenticated, _results, _tags, _isBody) = (null, null, false, 0, 0, false);
        HasOrdinaryRecipient = false;
        ForgedResults.Clear();
        ForgedTags.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => spool.Dispose();

    private void Count(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ResultsOwner owner)
    {
        if (Ascii.EqualsIgnoreCase(name, Results))
        {
            _results++;
            if (owner.Claims(value))
            {
                ForgedResults.Add(_results);
            }
        }
        else if (Ascii.EqualsIgnoreCase(name, ResultHeader.Name))
        {
            ForgedTags.Add(++_tags);
        }
    }
}
