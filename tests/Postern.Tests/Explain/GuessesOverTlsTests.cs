using System.Globalization;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Postern.Engine;
using Postern.Engine.Protection;
using Postern.Engine.Replay;
using Postern.Facts;

namespace Postern.Tests.Explain;

/// <summary>Before Postfix 3.9 a failed login names no user; what its TLS handshake agreed on is no name instead.</summary>
public sealed class GuessesOverTlsTests : IDisposable
{
    private static readonly DateTime s_start = new(2026, 11, 20, 0, 0, 0, DateTimeKind.Utc);
    private readonly PipelineSupport _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(70, 1, Verdict.Ban)]
    [InlineData(70, 0, Verdict.Ban)]
    [InlineData(55, 1, Verdict.Watch)]
    public async Task Slow_guesses_over_TLS_count_as_those_in_plain_text_do(int guesses, int ciphers, Verdict verdict) =>
        await Judge(guesses, 720, ciphers, verdict);

    [Fact]
    public async Task Devices_with_an_old_password_and_different_ciphers_are_not_many_user_names() =>
        await Judge(12, 45, 4, Verdict.Watch);

    private async Task Judge(int guesses, int pause, int ciphers, Verdict verdict)
    {
        var log = new StringBuilder();
        for (var i = 0; i < guesses; i++)
        {
            var (time, client) = (s_start.AddSeconds(i * pause), "p1.isp.example[198.51.100.7]");
            void Line(string text) => log.Append(CultureInfo.InvariantCulture, $"{time:yyyy-MM-ddTHH:mm:ss}+00:00 mx postfix/submission/smtpd[{i + 100}]: {text}\n");
            Line($"connect from {client}");
            if (ciphers > 0)
            {
                Line($"Anonymous TLS connection established from {client}: TLSv1.2 with cipher ECDHE-RSA-AES{i % ciphers}-GCM-SHA256 (128/128 bits)");
            }

            Line($"warning: {client}: SASL LOGIN authentication failed: UGFzc3dvcmQ6");
            Line($"disconnect from {client} ehlo=2 starttls=1 auth=0/1 quit=1 commands=4/5");
        }

        (await _run.ExplainLog(log.ToString())).Clients.ShouldHaveSingleItem().Verdict.ShouldBe(verdict);
        var (replay, failure) = await new ReplayPipeline(new FakeTimeProvider(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero))).RunAsync(
            new ReplayRequest { Inputs = [_run.Write(log.ToString())], Options = new BanEngineOptions(), Protected = new ProtectedNetworks() }, TestContext.Current.CancellationToken);
        failure.ShouldBeNull();
        (replay.ShouldNotBeNull().Bans.Count > 0).ShouldBe(verdict == Verdict.Ban);
    }
}
