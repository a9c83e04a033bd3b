using System.CommandLine;
using System.Net;
using Postern.Checks.Dns;
using Postern.Checks.Sender;
using Postern.Cli.Configuration;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Decisions;
using Postern.Facts;

namespace Postern.Cli.Commands;

/// <summary><c>postern check</c>: is this sender genuine, and what shows it?</summary>
internal static class CheckCommand
{
    // Larger than any message that a mail server takes by default, small enough to be held.
    private const long MaxMessageBytes = 100_000_000;

    /// <summary>The command with its options.</summary>
    public static Command Create(Wording wording)
    {
        var address = new Argument<string>("ADDRESS") { };
        var helo = new Option<string?>("--helo") { HelpName = "NAME" };
        var sender = new Option<string?>("--sender") { HelpName = "ADDR" };
        var message = new Option<string?>("--message") { HelpName = "FILE" };
        var resolver = new Option<string?>("--resolver") { HelpName = "ADDR[:PORT]" };
        var format = new Option<string>("--format") { DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var config = ConfigArgument.Create();
        var command = new Command("check")
        {
            address, helo, sender, message, resolver, format, config,
        };
        var words = wording.People.Errors;
        command.SetAction(async (parsed, stop) =>
        {
            if (!ClientAddress.TryParse(parsed.GetRequiredValue(address), out var client))
            {
                return Complain(words.NotAnAddress(parsed.GetRequiredValue(address)));
            }

            if (!ResolverArgument.TryParse(parsed.GetValue(resolver), out var servers))
            {
                return Complain(words.BadResolver(parsed.GetValue(resolver)));
            }

            var (bytes, failure) = await ReadMessageAsync(parsed.GetValue(message), words, stop);
            if (failure is not null)
            {
                return Complain(failure);
            }

            var question = new SenderQuestion { Address = client, Helo = parsed.GetValue(helo), Sender = ReadSender(parsed.GetValue(sender)), Message = bytes };
            if (ConfigArgument.LoadOrDefaults(parsed.GetValue(config), words) is not { } loaded)
            {
                return ExitCodes.BadUsage;
            }

            return await RunAsync(loaded.Options, question, servers, parsed.GetRequiredValue(format), wording, stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(PosternOptions config, SenderQuestion question, IReadOnlyList<IPEndPoint> servers, string format, Wording wording, CancellationToken stop)
    {
        var options = servers.Count > 0 ? config.Checks with { Dns = config.Checks.Dns with { Servers = servers } } : config.Checks;
        var resolver = new CachingResolver(new DnsClientResolver(options.Dns), options.Dns, TimeProvider.System);
        var check = new SenderCheck(resolver, options, PublicSuffixes.Load(), TimeProvider.System);
        var facts = await check.RunAsync(question, stop);
        if (facts.Findings.Any(f => f.Reason is "unreadable"))
        {
            return Complain(wording.People.Errors.NotAMessage);
        }

        var verdict = new LegitimacyScorer(config.Points).Judge(facts);
        if (WhyDnsIsOfNoUse(facts.Findings) is { } trouble)
        {
            PosternCommand.Complain(wording.People.Errors.NoDns(trouble));
        }

        var language = wording.For(format).Tag;
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

    private static async Task<(ReadOnlyMemory<byte>? Bytes, string? Failure)> ReadMessageAsync(string? path, IErrorWords words, CancellationToken stop)
    {
        if (path is null)
        {
            return (null, null);
        }

        try
        {
            using var held = new MemoryStream();
            using var input = path is "-" ? Console.OpenStandardInput() : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var buffer = new byte[64 * 1024];
            for (int read; (read = await input.ReadAsync(buffer, stop)) > 0;)
            {
                held.Write(buffer, 0, read);
                if (held.Length > MaxMessageBytes)
                {
                    return (null, words.MessageTooLarge(MaxMessageBytes / 1_000_000));
                }
            }

            return held.Length == 0 ? (null, words.MessageEmpty(path)) : (held.ToArray(), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, words.MessageUnreadable(e.Message));
        }
    }

    private static int Complain(string line)
    {
        PosternCommand.Complain(line);
        return ExitCodes.BadUsage;
    }
}
