namespace Postern.Facts;

/// <summary>
/// From how many failed logins within a day on somebody guesses, however slowly. A mail program that keeps an old password fails
/// again and again, too: it tries one user name, at an interval of minutes, and mostly from a network in which somebody logs in.
/// </summary>
public static class GuessingLimits
{
    /// <summary>So many different user names are no mail program's.</summary>
    public const int ManyNames = 3;

    /// <summary>Failed logins that make guessing where so many names were tried.</summary>
    public const int WithManyNames = 5;

    /// <summary>So many different user names come from a list: who tries them a few an hour is counted over the whole long window.</summary>
    public const int NamesOfList = 10;

    /// <summary>Where the log names no user and nobody logs in from that network: one each 24 minutes.</summary>
    public const int WithoutNames = 60;

    /// <summary>Where it is one user or two, and nobody logs in: a mail program comes each five minutes (288 a day) at most.</summary>
    public const int WithFewNames = 300;

    /// <summary>Where somebody logs in from the same network: a mail program that tries each minute comes 1,440 times a day.</summary>
    public const int BesideLogins = 2000;

    /// <summary>The failed logins within a day that make guessing.</summary>
    /// <param name="names">Different user names that are known to have been tried; 0 where the log names none.</param>
    /// <param name="hasLogins">True where somebody logged in from the client's network on that day or next to it.</param>
    public static int Of(int names, bool hasLogins) =>
        hasLogins ? BesideLogins : names == 0 ? WithoutNames : WithFewNames;

    /// <summary>The network whose logins speak for a client: its IPv4 /24 or IPv6 /48, one site's as a rule.</summary>
    public static ClientNetwork NetworkOf(ClientAddress client) => ClientNetwork.Of(client, client.IsIPv4 ? 24 : 48);
}
