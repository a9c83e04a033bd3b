using Postern.Facts;

namespace Postern.Classification.Sessions;

/// <summary>
/// What DNS lists answered of late, by client. dnsblog asks for postscreen, and logs answers without the client's port, a moment
/// before postscreen logs the rank that it makes of them: only so can a rank that rests on an error of a list be known.
/// </summary>
internal sealed class DnsblAnswers
{
    private const int MostClients = 4_096;
    private const int MostAnswers = 8;
    private const int LongestAnswer = 160;

    // postscreen waits some seconds for its lists (postscreen_greet_wait), and asks again for each connection.
    private static readonly long s_span = TimeSpan.FromMinutes(1).Ticks;

    private readonly Dictionary<ClientAddress, List<SmtpEvent>> _answers = [];

    /// <summary>Takes an answer.</summary>
    public void Note(in SmtpEvent e)
    {
        if (!_answers.TryGetValue(e.Client, out var answers))
        {
            if (_answers.Count >= MostClients)
            {
                _answers.Clear();
            }

            _answers[e.Client] = answers = [];
        }

        if (answers.Count > 0 && !IsNear(answers[^1], e.Time))
        {
            answers.Clear();
        }

        if (answers.Count < MostAnswers)
        {
            answers.Add(e with { Text = e.Text[..Math.Min(e.Text.Length, LongestAnswer)].ToArray() });
        }
    }

    /// <summary>The answers that a rank of that time was made of, as far as the log tells.</summary>
    public IReadOnlyList<SmtpEvent> Of(ClientAddress client, LogTime time) =>
        _answers.TryGetValue(client, out var answers) && IsNear(answers[^1], time) ? answers : [];

    private static bool IsNear(in SmtpEvent answer, LogTime time) => Math.Abs(time.UtcTicks - answer.Time.UtcTicks) <= s_span;
}
