using Postern.Cli.Configuration;
using Postern.Cli.Notifications.Telling;

namespace Postern.Cli.Notifications.Mail;

/// <summary>Mails to the operator: alerts, the summary of the day, a test.</summary>
/// <param name="settings">Who gets them.</param>
/// <param name="host">This host's name.</param>
/// <param name="time">The clock.</param>
internal sealed class OperatorMail(NotifySettings settings, string host, TimeProvider time)
{
    private readonly MailWriter _writer = new(settings.MailFrom, host);
    private readonly MailProgram _program = new(settings.Sendmail, settings.MailFrom, time);
    private readonly HappeningText _text = new(settings.Language);

    /// <summary>Mails what happened.</summary>
    /// <returns>Null, or why it was not taken, in one line.</returns>
    public Task<string?> SendAsync(IReadOnlyList<Happening> all, long more, CancellationToken stop) =>
        SendAsync(_text.Title(all, more, host), _text.Body(all, more) + "\n\n" + _text.Words.Footer, stop);

    /// <summary>Mails a text.</summary>
    /// <returns>Null, or why it was not taken, in one line.</returns>
    public Task<string?> SendAsync(string subject, string body, CancellationToken stop) =>
        _program.SendAsync(settings.MailTo, _writer.Write(settings.MailTo, subject, MailWriter.Text(body), time.GetLocalNow()), stop);
}
