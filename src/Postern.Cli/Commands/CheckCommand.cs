using System.CommandLine;
using System.Globalization;
using System.Net;
using Postern.Checks.Dns;
using Postern.Checks.Sender;
using Postern.Cli.Configuration;
using Postern.Cli.Terminal;
using Postern.Decisions;
using Postern.Facts;
using Postern.Reports.Languages;

namespace Postern.Cli.Commands;

/// <summary><c>postern check</c>: is this sender genuine, and what shows it?</summary>
internal static class CheckCommand
{
    // Larger than any message that a mail server takes by default, small enough to be held.
    private const long MaxMessageBytes = 100_000_000;

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var address = new Argument<string>("ADDRESS") { Description = "The client's IPv4 or IPv6 address" };
        var helo = new Option<string?>("--helo") { Description = "The name it gave in HELO or EHLO", HelpName = "NAME" };
        var sender = new Option<string?>("--sender") { Description = "The address of MAIL FROM; <> for a bounce", HelpName = "ADDR" };
        var message = new Option<string?>("--message") { Description = "A file with the message as it was received; - for standard input", HelpName = "FILE" };
        var resolver = new Option<string?>("--resolver") { Description = "The DNS server to ask instead of the system's", HelpName = "ADDR[:PORT]" };
        var format = new Option<string>("--format") { Description = "text or json", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var lang = new Option<string?>("--lang") { Description = "en or ja; else by LANG", HelpName = "en|ja" };
        lang.AcceptOnlyFromAmong([.. ReportLanguages.Tags]);
        var config = ConfigArgument.Create();
        var command = new Command("check", "Test whether a sender is genuine, with the reasons")
        {
            address, helo, sender, message, resolver, format, lang, config,
        };
        command.SetAction(async (parsed, stop) =>
        {
            if (!ClientAddress.TryParse(parsed.GetRequiredValue(address), out var client))
                return Complain($"'{parsed.GetRequiredValue(address)}' is no IPv4 or IPv6 address");
            if (!ResolverArgument.TryParse(parsed.GetValue(resolver), out var servers))
                return Complain(ResolverArgument.Complaint(parsed.GetValue(resolver)));
            var (bytes, failure) = await ReadMessageAsync(parsed.GetValue(message), stop);
            if (failure is not null)
                return Complain(failure);
            var question = new SenderQuestion { Address = client, Helo = parsed.GetValue(helo), Sender = ReadSender(parsed.GetValue(sender)), Message = bytes };
            var language = LanguageArgument.Choose(parsed.GetValue(lang));
            if (ConfigArgument.LoadOrDefaults(parsed.GetValue(config)) is not { } loaded)
                return ExitCodes.BadUsage;
            return await RunAsync(loaded.Options, question, servers, parsed.GetRequiredValue(format), language, stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(PosternOptions config, SenderQuestion question, IReadOnlyList<IPEndPoint> servers, string format, string language, CancellationToken stop)
    {
        var options = servers.Count > 0 ? config.Checks with { Dns = config.Checks.Dns with { Servers = servers } } : config.Checks;
        var resolver = new CachingResolver(new DnsClientResolver(options.Dns), options.Dns, TimeProvider.System);
        var check = new SenderCheck(resolver, options, PublicSuffixes.Load(), TimeProvider.System);
        var facts = await check.RunAsync(question, stop);
        if (facts.Findings.Any(f => f.Reason is "unreadable"))
            return Complain("the message cannot be read: it is no mail message");
        var verdict = new LegitimacyScorer(config.Points).Judge(facts);
        if (WhyDnsIsOfNoUse(facts.Findings) is { } trouble)
            PosternCommand.Complain(trouble);
        var explanation = LegitimacyExplanation.Write(verdict, language);
        if (format is "json")
        {
            using var output = Console.OpenStandardOutput();
            CheckReport.WriteJson(output, facts, verdict, explanation);
        }
        else
        {
            using var writer = new StreamWriter(Console.OpenStandardOutput());
            CheckReport.WriteText(writer, facts, verdict, explanation, language);
        }

        return verdict.Advice == Advice.Reject ? ExitCodes.No : ExitCodes.Success;
    }

    /// <summary>What is wrong with the resolver as a whole; null where any test got an answer, for then the fault is one zone's.</summary>
    private static string? WhyDnsIsOfNoUse(IReadOnlyList<SenderFinding> findings)
    {
        var asked = findings.Where(f => f.Lookups.Count > 0 && f.Result is not TestResult.Skipped).ToList();
        return asked.TrueForAll(f => f.Result is TestResult.TempError) ? (asked.Find(f => f.Test is "ptr") ?? asked.FirstOrDefault())?.Detail : null;
    }

    /// <summary>The sender as MAIL FROM has it: angle brackets are taken off, and nothing between them is a bounce.</summary>
    private static string? ReadSender(string? sender)
    {
        var text = sender?.Trim();
        return text is ['<', .., '>'] ? text[1..^1].Trim() : text;
    }

    private static async Task<(ReadOnlyMemory<byte>? Bytes, string? Failure)> ReadMessageAsync(string? path, CancellationToken stop)
    {
        if (path is null)
            return (null, null);
        try
        {
            using var held = new MemoryStream();
            using var input = path is "-" ? Console.OpenStandardInput() : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var buffer = new byte[64 * 1024];
            for (int read; (read = await input.ReadAsync(buffer, stop)) > 0;)
            {
                held.Write(buffer, 0, read);
                if (held.Length > MaxMessageBytes)
                    return (null, string.Create(CultureInfo.InvariantCulture, $"the message is larger than {MaxMessageBytes / 1_000_000} MB"));
            }

            return held.Length == 0 ? (null, $"the message {path} is empty") : (held.ToArray(), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, $"the message cannot be read: {e.Message}");
        }
    }

    private static int Complain(string line)
    {
        PosternCommand.Complain(line);
        return ExitCodes.BadUsage;
    }
}
