using Microsoft.Extensions.Time.Testing;
using Postern.Explain;
using Postern.Facts;

namespace Postern.Tests.Explain;

/// <summary>An input that tells of no session says why.</summary>
public sealed class NoSessionTests : IDisposable
{
    private const string Session = "2026-11-25T01:51:40Z mx postfix/smtpd[1]: connect from unknown[192.0.2.1]\n2026-11-25T01:51:41Z mx postfix/smtpd[1]: disconnect from unknown[192.0.2.1] commands=0/0\n";
    private readonly PipelineSupport _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Lines_of_other_daemons()
    {
        var explanation = await Explain("2026-11-25T01:51:40Z mx postfix/qmgr[1]: 4dJZ1l3x9Wz1Bc: removed\n2026-11-25T01:51:40Z mx postfix/cleanup[1]: 4dJZ1l3x9Wz1Bc: message-id=<x@y>\n");
        explanation.Warnings.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            warning => warning.Kind.ShouldBe(WarningKind.NoSessionOtherDaemons), warning => warning.Number.ShouldBe(2), warning => warning.Input.ShouldNotBeNull());
        (explanation.LinesUnparsed, explanation.UnknownForms.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Lines_of_unknown_form()
    {
        var explanation = await Explain(string.Concat(Enumerable.Range(1, 30).Select(i => $"2026-11-25T01:51:40Z mx postfix/smtpd[{i}]: novel greeting of unknown[192.0.2.{i}]: {i}\n")));
        explanation.Warnings.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            warning => warning.Kind.ShouldBe(WarningKind.NoSessionUnknownForms), warning => warning.Number.ShouldBe(30));
        (explanation.LinesPostfix, explanation.LinesUnparsed).ShouldBe((30, 30));
        explanation.UnknownForms.ShouldBe([new("smtpd", "novel greeting of HOST[IP]: TEXT", 30)]);
    }

    [Theory]
    [InlineData("2026-11-26T00:00:00Z", null)]
    [InlineData(null, "2026-11-24T00:00:00Z")]
    public async Task Lines_outside_the_period(string? since, string? until)
    {
        var explanation = await Explain(Session, since, until);
        explanation.Warnings.ShouldHaveSingleItem().Kind.ShouldBe(WarningKind.NoSessionOutsidePeriod);
        explanation.Sessions.ShouldBe(0);
    }

    [Fact]
    public async Task Remarks_without_a_connection()
    {
        var explanation = await Explain("2026-11-25T01:51:40Z mx postfix/smtpd[1]: warning: hostname a.example does not resolve to address 192.0.2.1\n");
        explanation.Warnings.ShouldHaveSingleItem().Kind.ShouldBe(WarningKind.NoSessionFragments);
    }

    [Fact]
    public async Task Nothing_is_said_where_there_is_a_session()
    {
        var explanation = await Explain(Session, "2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z");
        explanation.Warnings.ShouldBeEmpty();
        explanation.Sessions.ShouldBe(1);
    }

    private async Task<Explanation> Explain(string log, string? since = null, string? until = null)
    {
        var request = new ExplainRequest { Inputs = [_run.Write(log)], All = true, Since = Time(since), Until = Time(until) };
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 27, 0, 0, 0, TimeSpan.Zero));
        var (explanation, failure) = await new ExplainPipeline(time).ExplainAsync(request, TestContext.Current.CancellationToken);
        failure.ShouldBeNull();
        return explanation.ShouldNotBeNull();
    }

    private static LogTime Time(string? text) =>
        text is null ? default : LogTime.From(DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
}
