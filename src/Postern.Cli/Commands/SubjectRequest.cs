using System.Text.Json;
using Postern.Cli.Daemon.Control;
using Postern.Cli.Terminal;
using Postern.Cli.Words;

namespace Postern.Cli.Commands;

/// <summary>Asks the daemon about several addresses, networks or names. What is wrong among them is told, and the others are done.</summary>
/// <param name="wording">The languages.</param>
/// <param name="configPath">The configuration whose socket is used; null for the default one.</param>
/// <param name="format"><c>text</c> or <c>json</c>.</param>
/// <param name="fault">Why a text is no subject; null where it is one.</param>
internal sealed class SubjectRequest(Wording wording, string? configPath, string format, Func<string, string?> fault)
{
    private const string StandardInput = "-";

    // A request is bounded; the longest subject is a DNS name.
    private const int MostInRequest = 4000;

    // A list of thousands is summed up.
    private const int MostTold = 20;

    /// <summary>Asks.</summary>
    /// <param name="texts">The subjects; <c>-</c> for a list on standard input.</param>
    /// <param name="request">What to do with them.</param>
    /// <param name="stop">The operator's patience.</param>
    /// <returns>0 where all was done, 1 where some was not, 2 where nothing could be.</returns>
    public async Task<int> RunAsync(string[] texts, ControlRequest request, CancellationToken stop)
    {
        var subjects = texts.SelectMany(static text => text is StandardInput ? ReadList() : [(Text: text, Line: 0)]).ToList();
        // One mistyped address alone is a mistake of the command line.
        if (subjects is [{ Line: 0 } only] && fault(only.Text) is { } complaint)
        {
            return DaemonCommands.Complain(complaint);
        }

        if (subjects.Count == 0)
        {
            return DaemonCommands.Complain(wording.People.Errors.EmptyList);
        }

        if (ConfigArgument.SocketOf(configPath) is not { } socket)
        {
            return ExitCodes.BadUsage;
        }

        var words = wording.For(format);
        var results = subjects.Select(subject => fault(subject.Text) is { } wrong ? new SubjectResult(subject.Text, ControlOutcome.Failed, wrong) : null).ToArray();
        var client = new ControlClient(socket, wording.People.Errors);
        foreach (var part in Enumerable.Range(0, results.Length).Where(i => results[i] is null).Chunk(MostInRequest))
        {
            var (reply, failure) = await client.AskAsync(request with { Subjects = [.. part.Select(i => subjects[i].Text)], Lang = words.Tag }, stop);
            using (reply)
            {
                var answers = reply?.RootElement.Deserialize(ControlJson.Default.ControlAnswer);
                if (answers?.Results is not { } done || done.Count != part.Length)
                {
                    return DaemonCommands.Complain(failure ?? answers?.Message ?? wording.People.Errors.NotPostern(socket));
                }

                for (var i = 0; i < part.Length; i++)
                {
                    results[part[i]] = done[i];
                }
            }
        }

        return Write(subjects, ControlAnswer.Of(results!, words.Answers));
    }

    private int Write(List<(string Text, int Line)> subjects, ControlAnswer answer)
    {
        if (format is "json")
        {
            using var output = Console.OpenStandardOutput();
            using var document = JsonSerializer.SerializeToDocument(answer, ControlJson.Default.ControlAnswer);
            ControlJson.WriteIndented(document.RootElement, output);
        }
        else
        {
            foreach (var (result, (_, line)) in answer.Results!.Zip(subjects))
            {
                if (result.Outcome != ControlOutcome.Done)
                {
                    PosternCommand.Complain(line > 0 ? wording.People.Errors.InLine(line, result.Message) : result.Message);
                }
                else if (subjects.Count <= MostTold)
                {
                    Console.Out.WriteLine(Reports.Content.SafeText.Escape(result.Message));
                }
            }

            if (subjects.Count > MostTold)
            {
                Console.Out.WriteLine(answer.Message);
            }
        }

        return answer switch
        {
            { Outcome: ControlOutcome.Done } => ExitCodes.Success,
            { Outcome: ControlOutcome.Failed, Results.Count: 1 } when subjects[0].Line == 0 => ExitCodes.BadUsage,
            _ => ExitCodes.No,
        };
    }

    // Comments begin with # or, as in Spamhaus DROP, with a semicolon.
    private static IEnumerable<(string Text, int Line)> ReadList()
    {
        for (var line = 1; Console.In.ReadLine() is { } text; line++)
        {
            var end = text.AsSpan().IndexOfAny('#', ';');
            var subject = (end < 0 ? text : text[..end]).Trim();
            if (subject.Length > 0)
            {
                yield return (subject, line);
            }
        }
    }
}
