namespace Postern.Cli.Notifications.AbuseReports;

/// <summary>What a person at the other end reads. In English, whatever the operator's language.</summary>
internal static class AbuseLetter
{
    /// <summary>The subject.</summary>
    public static string Subject(ReportedAbuse abuse, bool isTest) =>
        $"{(isTest ? "[test] " : "")}Abuse report: {(abuse.IsLoginAttack ? "password guessing" : "abusive SMTP sessions")} from {abuse.Client}";

    /// <summary>The text.</summary>
    public static string Of(ReportedAbuse abuse, string organisation, string contact, bool isTest) => $"""
        {(isTest ? "This is a test. Nothing needs to be done.\n\n" : "")}Dear abuse team,

        a host in your network abuses our mail server. It may be infected, or somebody misuses it.

        {XarfReport.Describe(abuse)}

        The times are UTC. The host was blocked at our server for a while. The attached xarf.json says the same for programs (XARF 4,
        https://xarf.org). We send no further report about this host for some days.

        {organisation}
        {contact}
        """;
}
