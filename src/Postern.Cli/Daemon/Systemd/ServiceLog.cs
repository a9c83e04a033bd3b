using System.Globalization;
using Microsoft.Extensions.Logging;
using Postern.Reports.Content;

namespace Postern.Cli.Daemon.Systemd;

/// <summary>
/// Where the service's words go: standard error, one line each. The journal gets sd-daemon(3)'s priority before each line,
/// <c>&lt;4&gt;</c>, and has the time itself; anybody else gets the time and the level in words.
/// </summary>
internal sealed class ServiceLog : ILoggerFactory
{
    private readonly TextWriter _output;
    private readonly bool _isJournal;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();

    /// <summary>A log that writes to this.</summary>
    /// <param name="output">Standard error.</param>
    /// <param name="isJournal">True where the journal reads it.</param>
    /// <param name="least">What is logged: this level and graver. May be changed while it runs.</param>
    /// <param name="time">The clock.</param>
    public ServiceLog(TextWriter output, bool isJournal, LogLevel least, TimeProvider time) =>
        (_output, _isJournal, Least, _time) = (output, isJournal, least, time);

    /// <summary>What is logged: this level and graver.</summary>
    public LogLevel Least { get; set; }

    /// <summary>The log of this process; the journal reads it where systemd says so and it is no terminal.</summary>
    public static ServiceLog ToStandardError(LogLevel least, TimeProvider time) => new(
        Console.Error, !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("JOURNAL_STREAM")) && Console.IsErrorRedirected, least, time);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Category(this);

    /// <summary>Takes no providers: there is one place where the words go.</summary>
    public void AddProvider(ILoggerProvider provider)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Write(LogLevel level, string message, Exception? exception)
    {
        var text = SafeText.Escape(exception is null ? message : $"{message}: {exception.GetType().Name}: {exception.Message}");
        // The place of a fault is for whoever reports it; the journal keeps it beside the line at debug level.
        var line = _isJournal
            ? $"<{Priority(level)}>{text}"
            : string.Create(CultureInfo.InvariantCulture, $"{_time.GetLocalNow():yyyy-MM-dd HH:mm:ss.fff zzz} {Word(level)} {text}");
        try
        {
            lock (_gate)
            {
                _output.WriteLine(line);
                if (exception?.StackTrace is { } trace && level >= LogLevel.Error)
                {
                    _output.WriteLine((_isJournal ? "<7>" : "  ") + SafeText.Escape(trace));
                }

                _output.Flush();
            }
        }
        catch (IOException)
        {
            // Nobody reads: the service goes on all the same.
        }
    }

    private static int Priority(LogLevel level) => level switch
    {
        LogLevel.Critical => 2,
        LogLevel.Error => 3,
        LogLevel.Warning => 4,
        LogLevel.Information => 6,
        _ => 7,
    };

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Critical => "critical",
        LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        LogLevel.Information => "info",
        _ => "debug",
    };

    private sealed class Category(ServiceLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= log.Least && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Write(logLevel, formatter(state, exception), exception);
            }
        }
    }
}
