using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>Reads messages of Postfix whose daemon is not named: what it says tells who speaks.</summary>
internal static class UntoldDaemon
{
    /// <summary>Reads one message into the event.</summary>
    /// <param name="message">The message.</param>
    /// <param name="e">The event.</param>
    /// <param name="daemon">The daemon that says such things.</param>
    public static bool Read(ReadOnlyMemory<byte> message, ref SmtpEvent e, out PostfixDaemon daemon)
    {
        // smtpd's clients have a name before the bracket, postscreen's and tlsproxy's have none.
        if (SmtpdGrammar.Read(message, ref e) && !(e.Client.IsKnown && e.HostName.IsEmpty))
        {
            daemon = PostfixDaemon.Smtpd;
            return true;
        }

        e = default;
        daemon = PostscreenGrammar.Read(message, ref e) ? PostfixDaemon.Postscreen
            : TlsproxyGrammar.Read(message, ref e) ? PostfixDaemon.Tlsproxy
            : CleanupGrammar.Read(message, ref e) ? PostfixDaemon.Cleanup
            : AnvilGrammar.Read(message, ref e) ? PostfixDaemon.Anvil
            : DnsblogGrammar.Read(message, ref e) ? PostfixDaemon.Dnsblog
            : PostfixDaemon.Other;
        return daemon != PostfixDaemon.Other;
    }

    /// <summary>The conversation where not even the process is told: the client's, one after the other.</summary>
    public static ulong Conversation(ClientAddress client) => client.IsKnown ? SeededHash.Of64(client.High, client.Low) : 0;
}
