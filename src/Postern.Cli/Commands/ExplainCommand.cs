using System.CommandLine;
using Postern.Checks.Dns;
using Postern.Checks.ReverseDns;
using Postern.Cli.Daemon.Control;
using Postern.Cli.Terminal;
using Postern.Engine.Protection;
using Postern.Explain;
using Postern.Facts;
using Postern.Reports.Html;
using Postern.Reports.Json;
using Postern.Reports.Languages;
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
        var lang = LanguageArgument.Create();
        var logs = new LogArguments(
            "Only sessions that start at or after this (2026-11-25T01:00, or 24h for the last day)", "Only sessions that start at or before this",
            "Ask this DNS server about the clients to ban or watch");
        var details = new Option<bool>("--details") { Description = "The long report: every question, and each client with its reasons" };
        var all = new Option<bool>("--all") { Description = "The long report with every client, also those that only sent mail" };
        var config = ConfigArgument.Create();
        var command = new Command("explain", "Tell what is knocking, why, how sure that is, and what to do")
        {
            inputs, format, output, lang,
        };
        foreach (var option in logs.Options.Concat([details, all, config]))
        {
            command.Add(option);
        }

        command.SetAction((parsed, stop) =>
        {
            var request = new Request(
                parsed.GetRequiredValue(inputs), parsed.GetRequiredValue(format), parsed.GetValue(output), parsed.GetValue(lang), parsed.GetValue(details), parsed.GetValue(all));
            // An address that is no file is a client of the running daemon.
            return request.Inputs is [var address] && ClientAddress.TryParse(address, out _) && !Path.Exists(address)
                ? AskDaemonAsync(address, parsed.GetValue(config), request, stop)
                : logs.Read(parsed, TimeProvider.System) is { } scope ? RunAsync(request, scope, stop) : Task.FromResult(ExitCodes.BadUsage);
        });
        return command;
    }

    private sealed record Request(string[] Inputs, string Format, string? Output, string? Lang, bool Details, bool All);

    private static async Task<int> AskDaemonAsync(string address, string? configPath, Request request, CancellationToken stop)
    {
        if (request.Format is "html" || request.Output is not null)
        {
            PosternCommand.Complain("what the daemon knows of a client comes as text or json on standard output");
            return ExitCodes.BadUsage;
        }

        return await DaemonRequest.RunAsync(configPath, new ControlRequest(ControlCommands.Explain) { Subject = address }, request.Format, DaemonText.Explain, stop);
    }

    private static async Task<int> RunAsync(Request request, LogScope scope, CancellationToken stop)
    {
        var time = TimeProvider.System;
        var suffixes = new Lazy<PublicSuffixes>(() => PublicSuffixes.Load());
        using var standardInput = request.Inputs.Contains("-") ? Console.OpenStandardInput() : null;
        using var progress = ProgressLine.IfTerminal();
        var (explanation, failure) = await new ExplainPipeline(time).ExplainAsync(
            new ExplainRequest
            {
                Inputs = request.Inputs,
                StandardInput = standardInput,
                Since = scope.Since,
                Until = scope.Until,
                Year = scope.Year,
                All = request.All,
                Machine = new OwnMachine(Environment.MachineName, OwnAddresses.Find()),
                IsGenericName = (name, address) => GenericName.Judge(name, address, suffixes.Value).Kind >= GenericNameKind.Numbered,
                Progress = progress is null ? null : progress.Show,
            }, stop);
        progress?.Clear();
        if (explanation is null)
        {
            PosternCommand.Complain(failure!.Message);
            return ExitCodes.BadUsage;
        }

        if (scope.Servers.Count > 0)
        {
            explanation = await new ClientTests(scope.Servers, suffixes.Value, time).AddAsync(explanation, stop);
        }

        Write(explanation, request);
        return ExitCodes.Success;
    }

    private static void Write(Explanation explanation, Request request)
    {
        // A script reads JSON: its words must not change with the locale of cron.
        var language = ReportLanguages.For(request.Lang ?? (request.Format is "json" ? "en" : LanguageArgument.Choose(null)));
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
