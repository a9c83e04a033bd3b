namespace Postern.Cli.Configuration;

/// <summary>Looks after the files that a configuration names, for whoever is about to use them: <c>run</c> and its reload.</summary>
internal static class ConfigFiles
{
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The mistakes. A log that does not exist yet is none: it may appear.</summary>
    public static IReadOnlyList<ConfigMistake> Check(LoadedConfig config)
    {
        var mistakes = new List<ConfigMistake>();
        foreach (var source in config.Options.Logs)
        {
            if (source.Kind == LogSourceKind.File && !source.IsPattern && File.Exists(source.Path) && ConfigLoader.WhyUnreadable(source.Path) is { } why)
            {
                Add("logs", $"{source.Path} cannot be read: {why}", "let the user that runs postern read it; the group adm may on Debian");
            }

            if (source is { Kind: LogSourceKind.Journal, Path: { } directory } && !Directory.Exists(directory))
            {
                Add("logs", $"there is no directory {directory}", "name one that holds a journal, or leave directory out for the system's");
            }
        }

        if (config.Options.Command is { } command)
        {
            foreach (var (key, program) in ((string, string)[])[("command.ban", command.Ban[0]), ("command.unban", command.Unban[0])])
            {
                if (!File.Exists(program))
                {
                    Add(key, $"there is no program {program}", "name one that exists");
                }
                else if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(program) & Execute) == UnixFileMode.None)
                {
                    Add(key, $"{program} cannot be run", "chmod +x it");
                }
            }
        }

        foreach (var file in config.Options.Webhooks.SelectMany(static hook => (string?[])[hook.UrlFile, hook.TokenFile]).OfType<string>())
        {
            if (!File.Exists(file))
            {
                Add("webhook", $"there is no file {file}", "make it, readable by the user that runs postern alone");
            }
            else if (ConfigLoader.WhyUnreadable(file) is { } why)
            {
                Add("webhook", $"{file} cannot be read: {why}", "let the user that runs postern read it");
            }
        }

        var sharing = config.Options.Sharing;
        foreach (var (key, file) in ((string, string?)[])[("sharing.key_file", sharing.KeyFile), ("sharing.password_file", sharing.PasswordFile), ("sharing.ca_file", sharing.CaFile)])
        {
            if (sharing.Url is null || file is null)
            {
                continue;
            }

            if (!File.Exists(file))
            {
                Add(key, $"there is no file {file}", "make it, readable by the user that runs postern alone");
            }
            else if (ConfigLoader.WhyUnreadable(file) is { } why)
            {
                Add(key, $"{file} cannot be read: {why}", "let the user that runs postern read it");
            }
        }

        if (config.Options.Fail2Ban is { } folder && !Directory.Exists(folder))
        {
            Add("fail2ban.config", $"there is no folder {folder}", "name fail2ban's folder, or leave the key out");
        }

        return mistakes;

        void Add(string key, Sentence message, Sentence fix) => mistakes.Add(new(config.File, config.Places.GetValueOrDefault(key), key, message, fix));
    }
}
