using Postern.Checks.Dns;
using Postern.Cli.Configuration;
using Postern.Enforcement.Command;
using Postern.Facts;

namespace Postern.Cli.Notifications.AbuseReports;

/// <summary>
/// Finds who answers for a client's network: the operator's table, the operator's program, the DNS zone that the operator names, in
/// that order. Nothing is fetched from anywhere else.
/// </summary>
/// <param name="settings">The ways.</param>
/// <param name="dns">The resolver; null where no zone is asked.</param>
/// <param name="time">The clock.</param>
internal sealed class ContactFinder(AbuseReportSettings settings, IResolver? dns, TimeProvider time)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private readonly CommandRunner _runner = new(s_deadline, time);

    /// <summary>The contact, or why there is none, in one line.</summary>
    public async Task<(string? Contact, string? Failure)> FindAsync(ClientAddress client, CancellationToken stop)
    {
        if (settings.Contacts.Where(row => row.Network.Contains(client)).OrderByDescending(static row => row.Network.PrefixLength).FirstOrDefault() is { } known)
        {
            return known.Address.Length > 0 ? (known.Address, null) : (null, null);
        }

        if (settings.ContactCommand.Count > 0)
        {
            var (output, failure) = await _runner.AskAsync(
                [settings.ContactCommand[0], .. settings.ContactCommand.Skip(1).Select(word => word.Replace("{address}", client.ToString(), StringComparison.Ordinal))], default, stop);
            if (failure is not null)
            {
                return (null, failure);
            }

            if (Sound(output) is { } contact)
            {
                return (contact, null);
            }
        }

        if (settings.ContactZone is not { } zone || dns is null)
        {
            return (null, null);
        }

        var answer = await dns.QueryAsync(new DnsQuestion($"{DnsName.Reversed(client)}.{zone}", DnsType.Txt), stop);
        return answer.IsTrouble ? (null, $"{zone} gives no answer: {answer.Problem ?? answer.Status.ToString()}") : (answer.Texts.Select(Sound).FirstOrDefault(static text => text is not null), null);
    }

    // One address, or several with commas between them.
    private static string? Sound(string text) => text.Split([',', ';', ' ', '"'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault(MailName.IsAddress);
}
