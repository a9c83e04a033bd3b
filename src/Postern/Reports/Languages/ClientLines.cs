using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Languages;

/// <summary>The facts about a client as short texts, the same in the text report and on the page.</summary>
internal sealed class ClientLines(IReportLanguage language)
{
    private const int HeloNamesTold = 4;
    private const int BurstsTold = 3;
    private const int LeastBurst = 10;

    /// <summary>The address, or that it is not known.</summary>
    public string Address(ClientFinding client) =>
        client.Address.IsKnown ? client.Address.ToString() : language.Words.UnknownAddress;

    /// <summary>The PTR name with what is known of it.</summary>
    public string Name(ClientFinding client)
    {
        if (string.IsNullOrEmpty(client.HostName))
        {
            return language.Words.NoName;
        }

        var name = SafeText.Short(client.HostName, 120);
        return client.NameIsConfirmed ? name : name + language.Words.NotConfirmed;
    }

    /// <summary>The HELO names, quoted; empty where none is known.</summary>
    public string Helo(ClientFinding client)
    {
        var names = client.HeloNames.Take(HeloNamesTold).Select(Quote).ToList();
        if (client.HeloNames.Count > HeloNamesTold)
        {
            names.Add($"+{language.Number(client.HeloNames.Count - HeloNamesTold)}");
        }

        return language.List(names);
    }

    /// <summary>How often and when.</summary>
    public string Sessions(ClientFinding client) => client.FirstSeen.IsKnown
        ? language.List([language.Sessions(client.Sessions), Range(client)])
        : language.Sessions(client.Sessions);

    /// <summary>When; empty where no time is known.</summary>
    public string Range(ClientFinding client) => client.FirstSeen.IsKnown
        ? language.Range(client.FirstSeen, client.LastSeen.IsKnown ? client.LastSeen : client.FirstSeen)
        : "";

    /// <summary>True where so many sessions in so short a time are a burst to a reader: ten, and one a minute.</summary>
    public static bool IsBurst(Burst burst) =>
        burst.Sessions >= LeastBurst && burst.Sessions >= Moments.Between(burst.From, burst.To).TotalMinutes;

    /// <summary>The largest bursts; empty where there is none.</summary>
    public string Bursts(ClientFinding client)
    {
        var bursts = client.Bursts.Where(IsBurst).ToList();
        var told = bursts.OrderByDescending(burst => burst.Sessions).Take(BurstsTold)
            .Select(burst => language.SayBurst(burst.Sessions, Moments.Between(burst.From, burst.To)))
            .ToList();
        if (bursts.Count > BurstsTold)
        {
            told.Add($"+{language.Number(bursts.Count - BurstsTold)}");
        }

        return language.List(told);
    }

    /// <summary>What it did, with how many sessions each.</summary>
    public string Behaviours(ClientFinding client) => language.List(client.Behaviours
        .Select(pair => $"{language.Name(pair.Key)} {language.Number(pair.Value)}"));

    /// <summary>What it sent first, quoted; empty where that is not known.</summary>
    public string Payload(ClientFinding client) => client.Payload is null ? "" : client.Payload.AsSpan().Trim("\r\n ").IsEmpty ? language.Words.EmptyLine : Quote(client.Payload);

    /// <summary>The tests of the sender, one text each; those that were not made stand together at the end.</summary>
    public IEnumerable<string> Tests(ClientFinding client)
    {
        var skipped = client.Tests.Where(static test => test.Result == TestResult.Skipped).Select(static test => SafeText.Short(test.Name, 40)).ToList();
        return client.Tests.Where(static test => test.Result != TestResult.Skipped)
            .Select(test => language.Labelled(SafeText.Short(test.Name, 40), language.Say(test)))
            .Concat(skipped.Count == 0 ? [] : [language.Labelled(language.Words.NotAsked, language.List(skipped))]);
    }

    /// <summary>The behaviour that colours stand for: the most frequent, delivery last.</summary>
    public static Behaviour Main(ClientFinding client) => client.Behaviours
        .Select(pair => pair.Key).FirstOrDefault(behaviour => behaviour != Behaviour.Delivered, Behaviour.Delivered);

    private string Quote(string text) => language.Words.OpenQuote + SafeText.Short(text, 120) + language.Words.CloseQuote;
}
