namespace Postern.Cli.Words;

/// <summary>What <c>doctor</c> finds, each with what comes of it.</summary>
internal interface IDoctorWords
{
    /// <summary>How many problems, or that there are none.</summary>
    string Summary(int errors, int recommendations);

    /// <summary>The label of an error.</summary>
    string Error { get; }

    /// <summary>The label of a recommendation.</summary>
    string Recommendation { get; }

    /// <summary>The label before a command.</summary>
    string Fix { get; }

    /// <summary>What makes the changes take effect.</summary>
    string Afterwards { get; }

    /// <summary>Postfix's settings cannot be read.</summary>
    string NoPostfix(string why);

    /// <summary>The milter listens where any local user can speak to it.</summary>
    string MilterTrust(string listen);

    /// <summary>Postfix sends no notices of protocol errors.</summary>
    string Notices { get; }

    /// <summary>Postfix does not ask the policy server.</summary>
    string PolicyNotWired(string listen);

    /// <summary>Without Postern, Postfix would defer.</summary>
    string PolicyDefaultAction { get; }

    /// <summary>The time-out of the policy server.</summary>
    string PolicyTimeout { get; }

    /// <summary>Postfix does not use the milter.</summary>
    string MilterNotWired(string listen);

    /// <summary>Without Postern, Postfix would refuse.</summary>
    string MilterDefaultAction { get; }

    /// <summary>The time-out of the milter.</summary>
    string MilterTimeout { get; }

    /// <summary>A milter behind Postern's deletes its results.</summary>
    string MilterKeepResults(string other, string name);

    /// <summary>Postern's milter deletes the results of one before it.</summary>
    string MilterOrder(string other, string name);

    /// <summary>Messages that are larger than those tested.</summary>
    string MessageSize(long postfixLimit, long postern);

    /// <summary>Any local name is accepted.</summary>
    string UnlistedLocal(string? table);

    /// <summary>Unknown recipients are accepted.</summary>
    string UnlistedRecipient { get; }

    /// <summary>Any name of the relayed domains is accepted.</summary>
    string BackupMx(string? table, string? key);

    /// <summary>Any name of virtual mailbox domains is accepted.</summary>
    string UnlistedVirtual { get; }

    /// <summary>Mail to unknown users goes to one address.</summary>
    string LuserRelay(string to);

    /// <summary>All refusals are temporary.</summary>
    string SoftBounce { get; }

    /// <summary>A filter behind the queue.</summary>
    string ContentFilter(string filter);

    /// <summary>Senders are verified by asking their servers.</summary>
    string SenderVerification(string list);

    /// <summary>The server is an open relay.</summary>
    string OpenRelay { get; }

    /// <summary>Everybody is trusted.</summary>
    string MyNetworks { get; }

    /// <summary>No TLS.</summary>
    string TlsOff { get; }

    /// <summary>Passwords in clear text.</summary>
    string AuthInClear { get; }

    /// <summary>HELO is not required.</summary>
    string HeloNotRequired { get; }

    /// <summary>VRFY is on.</summary>
    string Vrfy { get; }

    /// <summary>No limit on connections.</summary>
    string ConnectionRate { get; }

    /// <summary>No limit on logins.</summary>
    string AuthRate { get; }

    /// <summary>Too many errors are allowed.</summary>
    string ErrorLimit { get; }

    /// <summary>SMTP smuggling is possible.</summary>
    string Smuggling { get; }

    /// <summary>Refusals come before the sender and recipient are known.</summary>
    string NoDelayReject { get; }

    /// <summary>A row that takes mail to any name.</summary>
    string CatchAll(string key, string value, string table, string parameter);

    /// <summary>An alias, or a user's forward file, that answers.</summary>
    string Vacation(string? alias, string where);

    /// <summary>An alias, an address or a user's file that forwards elsewhere.</summary>
    string Forwarding(string? key, string elsewhere, string where);

    /// <summary>A log that does not exist.</summary>
    string LogMissing(string path);

    /// <summary>A log that is not written.</summary>
    string LogStale(string path, int days);

    /// <summary>A DNS list that gives no useful answers.</summary>
    string DnsList(string zone, DnsListProblem problem, string? detail);

    /// <summary>The server of <c>[sharing]</c> cannot be used.</summary>
    string SharingServer(string url, string why);

    /// <summary>Others may read the key of the site.</summary>
    string SharingKey(string path);

    /// <summary>Two hosts share by one name.</summary>
    string SharingHost(string host);

    /// <summary>The clock of this host differs from the server's.</summary>
    string SharingClock(long seconds);

    /// <summary>An old list of public suffixes.</summary>
    string PublicSuffixes(string date);

    /// <summary>Jails that fail2ban runs, too, or will after the next start of the host.</summary>
    string Fail2BanTwice(IEnumerable<string> jails, bool runs);

    /// <summary>Where to put settings that stand in no command: what, in which table of which file.</summary>
    string Edit(string setting, string table, string file);
}

/// <summary>Why a DNS list is not usable.</summary>
internal enum DnsListProblem
{
    /// <summary>No answer.</summary>
    NoAnswer,
    /// <summary>The list refuses this resolver.</summary>
    Refused,
    /// <summary>Its test entry is not found.</summary>
    NothingListed,
    /// <summary>Everything is listed.</summary>
    AllListed,
}
