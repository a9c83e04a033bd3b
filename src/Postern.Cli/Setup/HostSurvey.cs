using System.Net;
using Postern.Cli.Configuration;
using Postern.Cli.Postfix.Doctor;
using Postern.Cli.Words;

namespace Postern.Cli.Setup;

/// <summary>Where the resolvers of a host are.</summary>
internal enum ResolverKind : byte
{
    /// <summary>The system names none.</summary>
    None,
    /// <summary>On this host.</summary>
    Local,
    /// <summary>In a private network.</summary>
    Private,
    /// <summary>On the Internet: DNS lists often refuse those.</summary>
    Public,
}

/// <summary>The resolvers, and whether DNS lists answer them.</summary>
/// <param name="Kind">Where they are.</param>
/// <param name="Servers">Their addresses.</param>
/// <param name="Asked">The list that was asked; null where none was.</param>
/// <param name="Problem">Why it does not answer as it should; null where it does, or was not asked.</param>
/// <param name="Detail">What DNS says of it.</param>
internal sealed record ResolverSurvey(ResolverKind Kind, IReadOnlyList<IPAddress> Servers, string? Asked, DnsListProblem? Problem, string? Detail)
{
    /// <summary>Another resolver of this host that the list does answer; null where there is none, or none is needed.</summary>
    public string? Better { get; init; }
}

/// <summary>What <c>setup</c> found on this host.</summary>
internal sealed record HostSurvey
{
    /// <summary>How Postfix is set.</summary>
    public required PostfixSetup Postfix { get; init; }

    /// <summary>What its main.cf says itself, without defaults.</summary>
    public required IReadOnlyDictionary<string, string> MainCf { get; init; }

    /// <summary>Where Postfix logs; null where no such place was found.</summary>
    public LogSource? Log { get; init; }

    /// <summary>Where its notices go.</summary>
    public required NoticeMailbox Notices { get; init; }

    /// <summary>True where that is a mailbox that exists and the service may read.</summary>
    public bool CanReadNotices { get; init; }

    /// <summary>The addresses of this host.</summary>
    public IReadOnlyList<string> Own { get; init; } = [];

    /// <summary>Postfix's mynetworks.</summary>
    public IReadOnlyList<string> MyNetworks { get; init; } = [];

    /// <summary>fail2ban; null where it is not installed.</summary>
    public OtherFail2Ban? Fail2Ban { get; init; }

    /// <summary>Programs that manage the firewall: <c>firewalld</c>, <c>ufw</c>.</summary>
    public IReadOnlyList<string> Firewalls { get; init; } = [];

    /// <summary>The resolvers.</summary>
    public required ResolverSurvey Resolver { get; init; }
}
