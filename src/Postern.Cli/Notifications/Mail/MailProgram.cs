using Postern.Enforcement.Command;

namespace Postern.Cli.Notifications.Mail;

/// <summary>Hands mail to sendmail(1), without a shell and with a deadline.</summary>
/// <param name="sendmail">The program.</param>
/// <param name="from">The envelope sender.</param>
/// <param name="time">The clock.</param>
internal sealed class MailProgram(string sendmail, string from, TimeProvider time)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(20);
    private readonly CommandRunner _runner = new(s_deadline, time);

    /// <summary>Hands over a mail.</summary>
    /// <returns>Null, or why it was not taken, in one line.</returns>
    public async Task<string?> SendAsync(IReadOnlyList<string> to, byte[] message, CancellationToken stop) =>
        (await _runner.AskAsync([sendmail, "-i", "-f", from, "--", .. to], message, stop)).Failure;
}
