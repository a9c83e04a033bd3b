using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Languages;

internal sealed partial class English
{
    private const int NetworksNamed = 6;

    /// <inheritdoc/>
    public string Advise(Campaign campaign) => campaign.Cause != Cause.PasswordGuesser ? "" : Join(
    [
        "Offer logins on ports 465 and 587 only: set smtpd_sasl_auth_enable = no for the smtp service in master.cf.",
        campaign.Networks.Count > 0 ? $"Ban {List([.. campaign.Networks.Take(NetworksNamed).Select(static network => network.Network.ToString())])} as a whole if no user of yours is there." : "",
        "No single address reaches a limit here, so good passwords or a second factor protect best.",
    ]);

    /// <inheritdoc/>
    public string Say(AccountTakeover takeover) =>
        $"\"{SafeText.Short(takeover.User, 60)}\" logged in {Times(takeover.Logins)} from {Addresses(takeover.Clients.Count)} in {Counted(takeover.Networks.Count, "network")} that are new to it"
        + (takeover.From.IsKnown ? $", {Range(takeover.From, takeover.To)}" : "") + $": {List(Named(takeover.Networks))}.";

    /// <inheritdoc/>
    public string Advise(AccountTakeover takeover) =>
        "Change its password now, end its sessions, look in the mail queue for mail sent in its name, and clean the device that knew the password. If many devices share this account on purpose, give each its own.";

    private Answer? Takeovers(Overview overview) => overview.Explanation.Takeovers is not { Count: > 0 } takeovers ? null
        : new("Is an account stolen?",
            $"Almost certainly: {Counted(takeovers.Count, "account")} logged in from many unrelated networks within a short time. {Advise(takeovers[0])}",
            [.. takeovers.Take(NetworksNamed).Select(Say)]);

    private string Said(Campaign campaign) => Join(
    [
        campaign.Failures > 0 ? $"{Counted(campaign.Failures, "login")} failed." : "",
        campaign.Networks.Count > 0 ? $"Networks: {List([.. campaign.Networks.Select(network => $"{network.Network} ({Addresses(network.Clients)})")])}." : "",
        campaign.UserNames.Count > 0 ? $"User names: {List([.. campaign.UserNames.Select(static name => SafeText.Short(name, 40))])}." : "",
    ]);

    private string Addresses(int number) => number == 1 ? "1 address" : $"{Number(number)} addresses";

    private List<string> Named(IReadOnlyList<ClientNetwork> networks)
    {
        var names = networks.Take(NetworksNamed).Select(static network => network.ToString()).ToList();
        if (networks.Count > names.Count)
        {
            names.Add($"+{Number(networks.Count - names.Count)}");
        }

        return names;
    }
}
