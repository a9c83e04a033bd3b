using System.Net.Sockets;

namespace Postern.Gate;

/// <summary>What stands at the path of a Unix socket.</summary>
internal enum SocketPathState : byte
{
    /// <summary>Nothing any more: what a dead process left there is gone.</summary>
    Free,
    /// <summary>Somebody listens and answers.</summary>
    Answers,
    /// <summary>Somebody listens and takes no connection.</summary>
    Silent,
    /// <summary>A file that is no socket, which is not ours to remove.</summary>
    NoSocket,
}

/// <summary>Makes room for a Unix socket, without ever removing one that is in use.</summary>
internal static class SocketPath
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>Makes the path's folder, and removes the socket that a dead process left.</summary>
    /// <exception cref="IOException">The folder cannot be made, or the socket not removed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    /// <exception cref="SocketException">The path cannot be tried for another reason.</exception>
    public static async Task<SocketPathState> ClearAsync(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        if (!File.Exists(path))
        {
            return SocketPathState.Free;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            using var patience = new CancellationTokenSource(s_patience);
            await probe.ConnectAsync(new UnixDomainSocketEndPoint(path), patience.Token);
            return SocketPathState.Answers;
        }
        catch (OperationCanceledException)
        {
            return SocketPathState.Silent;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // ECONNREFUSED comes for a socket that nobody listens at, and for a file that is none.
            if (!IsSocket(path))
            {
                return SocketPathState.NoSocket;
            }

            File.Delete(path);
            return SocketPathState.Free;
        }
    }

    // A socket has no content and cannot be opened (ENXIO); nothing else that refuses a connection is like that.
    private static bool IsSocket(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
