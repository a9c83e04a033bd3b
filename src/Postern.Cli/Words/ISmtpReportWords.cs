namespace Postern.Cli.Words;

/// <summary>What <c>report</c> says of the checks at SMTP time. Columns that begin with <c>&gt;</c> are of numbers.</summary>
internal interface ISmtpReportWords
{
    /// <summary>The checks, by the id of the server that makes them.</summary>
    string Server(string service);

    /// <summary>The period.</summary>
    string Title(string from, string to);

    /// <summary>That nothing was refused.</summary>
    string Nothing(int days);

    /// <summary>What would have been done, or was, to how many.</summary>
    /// <param name="server">Who decides.</param>
    /// <param name="isWould">True for what would have been done.</param>
    /// <param name="actions">How many, by action: reject, defer, quarantine.</param>
    /// <param name="seen">Of how many messages.</param>
    /// <param name="isWhole">False where not all were counted.</param>
    string Share(string server, bool isWould, IReadOnlyList<(string Action, long Count)> actions, long seen, bool isWhole);

    /// <summary>The same where it is not known of how many.</summary>
    string Total(bool isWould, IReadOnlyList<(string Action, long Count)> actions);

    /// <summary>An action in words, for a table.</summary>
    string Action(string action, bool isWould);

    /// <summary>Server, verdict, seen, would reject, would defer, would hold, rejected, deferred, held.</summary>
    string[] CountColumns { get; }

    /// <summary>Action, points, times, address, sender's domain, because.</summary>
    string[] SenderColumns { get; }

    /// <summary>The same with the last time and the HELO name.</summary>
    string[] WideSenderColumns { get; }

    /// <summary>How many more senders there are.</summary>
    string More(long count);

    /// <summary>What to look at before enforcing.</summary>
    string Next { get; }

    /// <summary>The reason of a client that is banned.</summary>
    string Banned { get; }
}
