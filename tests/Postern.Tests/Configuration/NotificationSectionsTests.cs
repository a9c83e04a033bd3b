using Postern.Cli.Configuration;

namespace Postern.Tests.Configuration;

/// <summary>The keys by which people are told: what is refused, and why.</summary>
public sealed class NotificationSectionsTests
{
    [Theory]
    [InlineData("[events]\nfile = \"events.jsonl\"\n", "no absolute path")]
    [InlineData("[notify]\nmail_to = [\"a b\"]\n", "'a b' is not a mail address")]
    [InlineData("[notify]\nmail_to = \"-oQ/tmp\"\n", "is not a mail address")]
    [InlineData("[notify]\nmail_to = \"a@b.example\\nBcc: c@d.example\"\n", "is not a mail address")]
    [InlineData("[notify]\nmail_from = \"MAILER-DAEMON@example.org\"\n", "sender of Postfix's own notices")]
    [InlineData("[notify]\ndigest = \"7\"\n", "'7' is no time of day")]
    [InlineData("[notify]\nalerts = [\"brakes\"]\n", "did you mean 'brake'?")]
    [InlineData("[notify]\nsilence = \"1m\"\n", "quiet at night")]
    [InlineData("[[webhook]]\nmethod = \"PUT\"\n", "needs one of url and url_file")]
    [InlineData("[[webhook]]\nurl = \"ftp://example.org\"\n", "no http or https address")]
    [InlineData("[[webhook]]\nurl = \"https://example.org\"\ntemplate = '{\"text\": {text}'\n", "no JSON")]
    [InlineData("[[webhook]]\nurl = \"https://example.org\"\nheaders = { \"a b\" = \"c\" }\n", "no header field")]
    [InlineData("[[webhook]]\nurl = \"https://example.org\"\nheaders = { A = \"b\\nC: d\" }\n", "no header field")]
    [InlineData("[abuse_reports]\nenabled = true\ncontact_zone = \"x.example\"\n", "needs mail_from")]
    [InlineData("[abuse_reports]\nenabled = true\nmail_from = \"a@example.org\"\n", "finds no contacts")]
    [InlineData("[abuse_reports]\nmail_from = \"postern\"\n", "is not a mail address")]
    [InlineData("[abuse_reports]\ncontacts = { \"x\" = \"a@example.org\" }\n", "no address or network")]
    [InlineData("[abuse_reports]\ncontact_command = [\"whois\"]\n", "no absolute path")]
    public void A_mistake_is_named(string toml, string words) => ConfigLoader.Parse(toml, "a.toml").Mistakes.ShouldContain(mistake => mistake.ToString().Contains(words, StringComparison.Ordinal));

    [Theory]
    [InlineData("[notify]\nmail_to = \"root\"\ndigest = \"off\"\nsilence = \"0s\"\n")]
    [InlineData("[[webhook]]\nurl = \"https://example.org/{id}\"\nmethod = \"PUT\"\ntemplate = \"{text}\"\nheaders = { Content-Type = \"text/plain\" }\n[[webhook]]\nurl_file = \"/etc/postern/slack.url\"\n")]
    [InlineData("[abuse_reports]\nenabled = true\nmail_from = \"abuse@example.org\"\ncontacts = { \"192.0.2.0/24\" = \"none\", \"2001:db8::/32\" = \"noc@example.net\" }\n")]
    public void What_is_sound_is_shown_as_it_is_meant(string toml)
    {
        var loaded = ConfigLoader.Parse(toml, "a.toml");
        loaded.Mistakes.ShouldBeEmpty();
        var shown = ConfigWriter.Toml(EffectiveSettings.Of(loaded.Options));
        var again = ConfigLoader.Parse(shown, "b.toml");
        again.Mistakes.ShouldBeEmpty(shown);
        ConfigWriter.Toml(EffectiveSettings.Of(again.Options)).ShouldBe(shown);
    }
}
