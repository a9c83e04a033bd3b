using Postern.SystemTests.Support;

namespace Postern.SystemTests.Releases;

/// <summary>
/// Postfix of Debian 11, 12 and 13, through a session of each form that can be provoked: no line of it is unknown to the program,
/// and each session is taken for what it was.
/// </summary>
public sealed class ReleaseTests(ReleaseLogs logs) : IClassFixture<ReleaseLogs>
{
    [Theory]
    [InlineData("3.5")]
    [InlineData("3.7")]
    [InlineData("3.10")]
    public async Task Every_form_was_provoked_and_no_line_is_unknown(string version)
    {
        var (report, lines) = await logs.GetAsync(version);
        ReleaseLogs.Cast.Where(one => one.Form.Says is { } says && !Of(lines, one.Address).Exists(line => line.Contains(says, StringComparison.Ordinal)))
            .Select(one => Told($"{one.Form.Name} did not make Postfix say '{one.Form.Says}'", one.Address, lines)).ShouldBeEmpty();
        report.LinesUnparsed.ShouldBe(0, report.Json.TryGetProperty("unknown_forms", out var forms) ? forms.GetRawText() : null);
    }

    [Theory]
    [InlineData("3.5")]
    [InlineData("3.7")]
    [InlineData("3.10")]
    public async Task Each_session_is_taken_for_what_it_was(string version)
    {
        var (report, lines) = await logs.GetAsync(version);
        ReleaseLogs.Cast.SelectMany(one => Faults(one.Form, report.Clients.SingleOrDefault(client => string.Equals(client.Address, one.Address, StringComparison.Ordinal)))
            .Select(fault => Told($"{one.Form.Name} {fault}", one.Address, lines))).ShouldBeEmpty();
    }

    private static IEnumerable<string> Faults(Form form, ReportedClient? client)
    {
        var shown = client is null ? [] : client.Behaviours.Keys.Order(StringComparer.Ordinal).ToList();
        if (!form.IsOpen && !shown.Except(Words(form.May), StringComparer.Ordinal).SequenceEqual(Words(form.Shows).Order(StringComparer.Ordinal), StringComparer.Ordinal))
        {
            yield return $"shows '{string.Join(' ', shown)}', not '{form.Shows}'";
        }

        if (shown.Intersect(Words(form.Never), StringComparer.Ordinal).ToList() is { Count: > 0 } wrong)
        {
            yield return $"must not show '{string.Join(' ', wrong)}'";
        }

        // One session of anything is no reason to ban.
        if (client is { IsBanned: true })
        {
            yield return "is banned";
        }
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static List<string> Of(IReadOnlyList<string> lines, string address) => [.. lines.Where(line => line.Contains($"[{address}]", StringComparison.Ordinal))];

    private static string Told(string fault, string address, IReadOnlyList<string> lines) => $"{address}: {fault}:\n    {string.Join("\n    ", Of(lines, address))}";
}
