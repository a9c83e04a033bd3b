using Postern.Facts;

namespace Postern.Classification.Behaviours;

/// <summary>
/// Whether a transcript shows an open relay: a stranger who did not log in had recipients of foreign domains accepted. Which
/// domains are the server's own no transcript tells, so that one such recipient is no evidence, and the report asks.
/// </summary>
internal static class RelayReader
{
    private const int ManyRecipients = 5;
    private const int ManyDomains = 2;

    /// <summary>Looks at the recipients that were accepted.</summary>
    public static void Read(SessionView view)
    {
        if (view.AcceptedDomains is not { } domains || view.SaidLogin || view.Session is not { IsAuthenticated: false, ServerName: { } server }
            || (view.Session.Client.IsKnown && PrivateNetworks.Contains(view.Session.Client)))
        {
            return;
        }

        var foreign = domains.Where(domain => !IsOwn(domain, server)).ToList();
        var different = foreign.Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (foreign.Count >= ManyRecipients || different.Count >= ManyDomains)
        {
            view.RelaysForeign = true;
            view.NoteTrouble(TroubleKind.OpenRelay, string.Join(", ", different.Take(3)));
        }
    }

    // The server's own name, a domain above it, or another host of the same domain.
    private static bool IsOwn(string domain, string server)
    {
        var dot = server.IndexOf('.', StringComparison.Ordinal);
        var parent = dot > 0 && server.IndexOf('.', dot + 1) > 0 ? server[(dot + 1)..] : server;
        return IsWithin(server, domain) || IsWithin(domain, parent);
    }

    private static bool IsWithin(string name, string domain) =>
        name.EndsWith(domain, StringComparison.OrdinalIgnoreCase)
        && (name.Length == domain.Length || name[name.Length - domain.Length - 1] == '.');
}
