using System.Buffers.Binary;
using System.Net.Sockets;

namespace Postern.Gate;

/// <summary>A connection, and who is at its other end, as far as the kernel vouches for that.</summary>
internal sealed class PeerStream : NetworkStream
{
    // asm-generic/socket.h; struct ucred is process, user and group (unix(7)).
    private const int SolSocket = 1, SoPeerCred = 17, CredentialLength = 12;

    private readonly TimeProvider _time;
    private long _saidAt;
    private volatile bool _isWaiting;

    /// <summary>A stream over a connection, which it owns.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="time">The clock.</param>
    public PeerStream(Socket socket, TimeProvider time)
        : base(socket, ownsSocket: true) => (User, _time, _saidAt) = (UserOf(socket), time, time.GetTimestamp());

    /// <summary>The user id of the process that connected to a Unix socket; null for TCP, where nobody vouches for anything.</summary>
    public uint? User { get; }

    /// <summary>
    /// Since when it waits for the other end to say something whole, as a timestamp of the clock; 0 while it does not. Whoever sends a
    /// request byte by byte is as idle as who sends nothing.
    /// </summary>
    public long IdleSince => _isWaiting ? Interlocked.Read(ref _saidAt) : 0;

    /// <summary>Notes that the other end has said something whole: a request, or a packet.</summary>
    public void NoteRequest() => Interlocked.Exchange(ref _saidAt, _time.GetTimestamp());

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _isWaiting = true;
        try
        {
            return await base.ReadAsync(buffer, cancellationToken);
        }
        finally
        {
            _isWaiting = false;
        }
    }

    private static uint? UserOf(Socket socket)
    {
        if (socket.AddressFamily != AddressFamily.Unix)
        {
            return null;
        }

        Span<byte> credential = stackalloc byte[CredentialLength];
        try
        {
            var length = socket.GetRawSocketOption(SolSocket, SoPeerCred, credential);
            return length >= CredentialLength ? BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(credential[4..]) : BinaryPrimitives.ReadUInt32BigEndian(credential[4..]) : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
