using System.CommandLine;
using Postern.Checks.Dns;
using Postern.Checks.ReverseDns;
using Postern.Cli.Control;
using Postern.Facts;
using Postern.Reports;
using Postern.Reports.Html;
using Postern.Reports.Json;
using Postern.Reports.Text;

namespace Postern.Cli.Commands;

/// <summary><c>postern explain</c>: what is knocking, and why, from logs and notices.</summary>
internal static class ExplainCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var inputs = new Argument<string[]>("INPUT")
        {
            Description = "Mail logs, mailboxes or Maildirs with Postfix's notices, a pasted transcript; plain or compressed; - for standard input; or an address, to ask the running daemon",
            Arity = ArgumentArity.OneOrMore,
        };
        var format = new Option<string>("--format") { Description = "text, json or html", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json", "html");
        var output = new Option<string?>("--output", "-o") { Description = "Write the report to this file", HelpName = "FILE" };
        var lang = new Option<string?>("--lang") { Description = "en or ja; else by LANG", HelpName = "en|ja" };
        lang.AcceptOnlyFromAmong([.. ReportLanguages.Tags]);
        var resolver = new Option<string?>("--resolver") { Description = "Ask this DNS server about the clients to ban or watch", HelpName = "ADDR[:PORT]" };
        var offline = new Option<bool>("--offline") { Description = "Ask no network; this is the default" };
        var since = new Option<string?>("--since") { Description = "Only sessions that start at or after this (2026-11-25T01:00, or 24h for the last day)", HelpName = "T" };
        var until = new Option<string?>("--until") { Description = "Only sessions that start at or before this", HelpName = "T" };
        var year = new Option<int?>("--year") { Description = "The year of each log's first line, where stamps have none", HelpName = "Y" };
        var details = new Option<bool>("--details") { Description = "The long report: every question, and each client with its reasons" };
        var all = new Option<bool>("--all") { Description = "The long report with every client, also those that only sent mail" };
        var config = ConfigArgument.Create();
        var command = new Command("explain", "Tell what is knocking, why, how sure that is, and what to do")
        {
            inputs, format, output, lang, resolver, offline, since, until, year, details, all, config,
        };
        command.SetAction((parsed, stop) =>
        {
            var request = new Request(
                parsed.GetRequiredValue(inputs), parsed.GetRequiredValue(format), parsed.GetValue(output), parsed.GetValue(lang),
                parsed.GetValue(resolver), parsed.GetValue(offline), parsed.GetValue(since), parsed.GetValue(until), parsed.GetValue(year), parsed.GetValue(details), parsed.GetValue(all));
            // An address that is no file is a client of the running daemon.
            return request.Inputs is [var address] && ClientAddress.TryParse(address, out _) && !Path.Exists(address)
                ? AskDaemonAsync(address, parsed.GetValue(config), request, stop)
                : RunAsync(request, stop);
        });
        return command;
    }

    private sealed record Request(
        string[] Inputs, string Format, string? Output, string? Lang, string? Resolver, bool Offline, string? Since, string? Until, int? Year, bool Details, bool All);

    private static async Task<int> AskDaemonAsync(string address, string? configPath, Request request, CancellationToken stop)
    {
        if (request.Format is "html" || request.Output is not null)
        {
            PosternCommand.Complain("what the daemon knows of a client comes as text or json on standard output");
            return ExitCodes.BadUsage;
        }

        return await DaemonRequest.RunAsync(configPath, new ControlRequest(ControlCommands.Explain) { Subject = address }, request.Format, DaemonText.Explain, stop);
    }

    private static async Task<int> RunAsync(Request request, CancellationToken stop)
    {
        var time = TimeProvider.System;
        if (!TimeArgument.TryParse(request.Since, time, out var since) || !TimeArgument.TryParse(request.Until, time, out var until))
        {
            PosternCommand.Complain("--since and --until take a time such as 2026-11-25T01:00, or a span before now such as 90m, 24h or 7d");
            return ExitCodes.BadUsage;
        }

        if (request.Year is < 1980 or > 9000)
        {
            PosternCommand.Complain("--year takes a year of four digits");
            return ExitCodes.BadUsage;
        }

        if (!ResolverArgument.TryParse(request.Resolver, out var servers))
        {
            PosternCommand.Complain(ResolverArgument.Complaint(request.Resolver));
            return ExitCodes.BadUsage;
        }

        if (servers.Count > 0 && request.Offline)
        {
            PosternCommand.Complain("--resolver and --offline exclude each other");
            return ExitCodes.BadUsage;
        }

        var suffixes = new Lazy<PublicSuffixes>(() => PublicSuffixes.Load());
        using var standardInput = request.Inputs.Contains("-") ? Console.OpenStandardInput() : null;
        using var progress = ProgressLine.IfTerminal();
        var (explanation, failure) = await new Pipeline(time).ExplainAsync(
            new ExplainRequest
            {
                Inputs = request.Inputs,
                StandardInput = standardInput,
                Since = since,
                Until = until,
                Year = request.Year,
                All = request.All,
                Machine = OwnMachine.Find(),
                IsGenericName = (name, address) => GenericName.Judge(name, address, suffixes.Value).Kind >= GenericNameKind.Numbered,
                Progress = progress is null ? null : progress.Show,
            }, stop);
        progress?.Clear();
        if (explanation is null)
        {
            PosternCommand.Complain(failure!.Message);
            return ExitCodes.BadUsage;
        }

        if (servers.Count > 0)
        {
            explanation = await new ClientTests(servers, suffixes.Value, time).AddAsync(explanation, stop);
        }

        Write(explanation, request);
        return ExitCodes.Success;
    }

    private static void Write(Explanation explanation, Request request)
    {
        // A script reads JSON: its words must not change with the locale of cron.
        var language = ReportLanguages.For(request.Lang ?? (request.Format is "json" ? "en" : ReportLanguages.Choose(
            Environment.GetEnvironmentVariable("LC_ALL"), Environment.GetEnvironmentVariable("LC_MESSAGES"), Environment.GetEnvironmentVariable("LANG"))));
        using var stream = request.Output is null ? Console.OpenStandardOutput() : new FileStream(request.Output, FileMode.Create, FileAccess.Write, FileShare.Read);
        if (request.Format is "json")
        {
            JsonReport.Write(explanation, stream, language);
            return;
        }

        using var writer = new StreamWriter(stream, bufferSize: 64 * 1024);
        if (request.Format is "html")
        {
            HtmlReport.Write(explanation, writer, language);
            return;
        }

        if (request.Details || request.All)
        {
            TextReport.Write(explanation, writer, language, Style(request));
        }
        else
        {
            OutlineReport.Write(explanation, writer, language, Style(request));
        }
    }

    private static TextStyle Style(Request request)
    {
        var isTerminal = request.Output is null && !Console.IsOutputRedirected;
        return new TextStyle
        {
            All = request.All,
            Program = ProgramName.Current,
            Width = isTerminal && Console.WindowWidth > 0 ? Console.WindowWidth : TextStyle.WidestLine,
            Colour = TextStyle.WantsColour(isTerminal, Environment.GetEnvironmentVariable("NO_COLOR"), Environment.GetEnvironmentVariable("TERM")),
        };
    }
}
