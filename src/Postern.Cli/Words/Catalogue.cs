namespace Postern.Cli.Words;

/// <summary>Every sentence of the commands in one language, by topic; those of <c>explain</c> and <c>check</c> stand in the library.</summary>
internal sealed record Catalogue
{
    /// <summary>The code of the language.</summary>
    public required string Tag { get; init; }

    /// <summary>The daemon's state.</summary>
    public required IDaemonWords Daemon { get; init; }

    /// <summary>The daemon's answers.</summary>
    public required IAnswerWords Answers { get; init; }

    /// <summary>What <c>doctor</c> finds.</summary>
    public required IDoctorWords Doctor { get; init; }

    /// <summary>What <c>setup</c> says.</summary>
    public required ISetupWords Setup { get; init; }

    /// <summary>What <c>import</c> says.</summary>
    public required IImportWords Import { get; init; }

    /// <summary>What the checks at SMTP time did.</summary>
    public required ISmtpReportWords SmtpReport { get; init; }

    /// <summary>What <c>filter</c> says.</summary>
    public required IFilterWords Filter { get; init; }

    /// <summary>What <c>replay</c> says.</summary>
    public required IReplayWords Replay { get; init; }

    /// <summary>What alerts, summaries and webhooks say.</summary>
    public required INotificationWords Notifications { get; init; }

    /// <summary>Mistakes.</summary>
    public required IErrorWords Errors { get; init; }

    /// <summary>Help.</summary>
    public required IHelpWords Help { get; init; }

    /// <summary>The catalogue of a language code; the English one for a code that is not known.</summary>
    public static Catalogue For(string tag) => tag is "ja"
        ? new Catalogue
        {
            Tag = "ja",
            Daemon = new JapaneseDaemon(),
            Answers = new JapaneseAnswers(),
            Doctor = new JapaneseDoctor(),
            Setup = new JapaneseSetup(),
            Import = new JapaneseImport(),
            SmtpReport = new JapaneseSmtpReport(),
            Filter = new JapaneseFilter(),
            Replay = new JapaneseReplay(),
            Notifications = new JapaneseNotifications(),
            Errors = new JapaneseErrors(),
            Help = new JapaneseHelp(),
        }
        : new Catalogue
        {
            Tag = "en",
            Daemon = new EnglishDaemon(),
            Answers = new EnglishAnswers(),
            Doctor = new EnglishDoctor(),
            Setup = new EnglishSetup(),
            Import = new EnglishImport(),
            SmtpReport = new EnglishSmtpReport(),
            Filter = new EnglishFilter(),
            Replay = new EnglishReplay(),
            Notifications = new EnglishNotifications(),
            Errors = new EnglishErrors(),
            Help = new EnglishHelp(),
        };
}
