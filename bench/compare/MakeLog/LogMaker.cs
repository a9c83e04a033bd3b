namespace MakeLog;

/// <summary>Writes a log to plan.</summary>
internal static class LogMaker
{
    private const double Second = 1_000_000;

    /// <summary>Writes it; the number of lines.</summary>
    public static long Write(LogPlan plan)
    {
        using var log = new LogWriter(File.Create(plan.Path, 1), plan.Rfc3339, plan.Lines);
        var server = new MailServer(log, new Dice(plan.Seed));
        if (plan.MillionClients)
        {
            WriteMillion(server);
        }
        else
        {
            WriteDay(server, plan);
        }

        log.FlushUntil(long.MaxValue);
        return log.Written;
    }

    /// <summary>An ordinary server's days: nine tenths of the lines mail, the rest bursts of bad clients.</summary>
    private static void WriteDay(MailServer server, LogPlan plan)
    {
        var (dice, log) = (server.Dice, server.Log);
        var knocks = Bursts(server, plan);
        var knock = new Knock(server);
        var mail = new OrdinaryMail(server);
        double nextMail = 0;
        var (mailLines, sessions, nextKnock) = (0L, 0, 0);
        while (!log.IsFull)
        {
            if (nextKnock < knocks.Count && knocks[nextKnock].Time < nextMail)
            {
                var (time, peer, habit) = knocks[nextKnock++];
                log.FlushUntil(time);
                knock.Tell(peer, habit, time);
                continue;
            }

            var before = log.Told;
            log.FlushUntil((long)nextMail);
            mail.Tell((long)nextMail);
            mailLines += log.Told - before;
            sessions++;
            nextMail += dice.Wait(Second * mailLines / sessions / (0.9 * plan.Rate));
        }
    }

    /// <summary>Every session of every bad client, in order of time: a tenth of the lines, one or a few bursts a client.</summary>
    private static List<(long Time, Peer Peer, Habit Habit)> Bursts(MailServer server, LogPlan plan)
    {
        var dice = server.Dice;
        var clients = new (Peer Peer, Habit Habit, double Weight)[plan.BadClients];
        for (var i = 0; i < clients.Length; i++)
        {
            clients[i] = (server.Peers.Stranger(), (Habit)dice.Between(0, (int)Habit.Probe + 1), dice.Spread(1));
        }

        var share = plan.Lines / 10.0 / clients.Sum(client => client.Weight);
        var length = plan.Lines / plan.Rate * Second;
        var sessions = new List<(long Time, Peer Peer, Habit Habit)>();
        foreach (var (peer, habit, weight) in clients)
        {
            var left = Math.Max(1, (int)Math.Round(weight * share / Knock.Lines(habit)));
            while (left > 0)
            {
                var burst = dice.Percent(70) ? left : dice.Between(1, left + 1);
                var time = dice.Share() * length * 0.97;
                var pause = (dice.Share() * 4) + 0.2;
                for (var i = 0; i < burst; i++, time += dice.Wait(pause) * Second)
                {
                    sessions.Add(((long)time, peer, habit));
                }

                left -= burst;
            }
        }

        return [.. sessions.OrderBy(session => session.Time)];
    }

    /// <summary>A million addresses, none of them twice, with a session each: what a ledger of clients must bear.</summary>
    private static void WriteMillion(MailServer server)
    {
        var dice = server.Dice;
        var knock = new Knock(server);
        double time = 0;
        uint step = (uint)dice.Bits();
        for (var i = 0; i < 1_000_000; i++)
        {
            // An odd factor makes a permutation of all 32 bits: no address comes twice.
            var address = "";
            for (; address.Length == 0; step++)
            {
                address = i % 8 == 7 ? $"2001:db8:{i & 0xffff:x}:{i >> 16:x}::1" : PeerMaker.Ipv4(step * 2_654_435_761);
            }

            server.Log.FlushUntil((long)time);
            var name = i % 4 == 0 ? $"host-{i:x}.dynamic.example.net" : "unknown";
            knock.Tell(new Peer(name, address, "localhost", "example.net"), i % 2 == 0 ? Habit.Hangup : Habit.LoneDot, (long)time);
            time += dice.Wait(0.08) * Second;
        }
    }
}
