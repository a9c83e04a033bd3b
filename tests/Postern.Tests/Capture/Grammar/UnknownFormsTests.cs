using System.Text;
using Postern.Capture.Grammar;
using Postern.Facts;

namespace Postern.Tests.Capture.Grammar;

public sealed class UnknownFormsTests
{
    [Theory]
    [InlineData("never seen before from mail.example[203.0.113.5]: buy now", "never seen before from HOST[IP]: TEXT")]
    [InlineData("never seen before from [203.0.113.5]:41506 today", "never seen before from [IP]:N today")]
    [InlineData("warning: 4dJZ1l3x9Wz1Bc: novel trouble", "warning: QUEUEID: novel trouble")]
    [InlineData("4dJZ1l3x9Wz1Bc: novel: RCPT from unknown[203.0.113.5]: 550 x", "QUEUEID: novel: RCPT from HOST[IP]: TEXT")]
    [InlineData("took 12.5 of 30, then 203.0.113.5 and 2001:db8::1", "took N of N, then IP and IP")]
    [InlineData("reads /etc/postfix/x and hash:/etc/y for mx.sender.example now", "reads PATH and PATH for HOST now")]
    [InlineData("says \"from unknown[9.9.9.8]\" loudly", "says TEXT")]
    [InlineData("mail of <a@b.example> lost", "mail of TEXT")]
    [InlineData("mail of a@b.example lost", "mail of TEXT")]
    [InlineData("user=alice came", "TEXT")]
    [InlineData("line \u00e9\u001b[31m red", "line TEXT")]
    [InlineData("averyveryveryverylongwordthatgoesonandon here", "TEXT")]
    [InlineData("", "")]
    [InlineData("   ", "")]
    public void A_form_keeps_plain_words_and_nothing_that_a_client_may_have_written(string message, string form) => Form(message).ShouldBe(form);

    [Fact]
    public void A_form_has_an_end()
    {
        Form(string.Concat(Enumerable.Repeat("word ", 500))).Length.ShouldBeInRange(100, FormWriter.Longest);
        Form(new string('[', 5000)).ShouldBe("TEXT");
    }

    [Fact]
    public void The_commonest_forms_come_first()
    {
        var forms = new UnknownForms();
        for (var i = 0; i < 200; i++)
        {
            forms.Add(PostfixDaemon.Smtpd, Encoding.ASCII.GetBytes($"novel thing of host{i}.example[203.0.113.{i}]: {i}"));
        }

        forms.Add(PostfixDaemon.Anvil, "novel thing"u8);
        forms.Top(20).ShouldBe([new("smtpd", "novel thing of HOST[IP]: TEXT", 200), new("anvil", "novel thing", 1)]);
        forms.Top(1).Count.ShouldBe(1);
    }

    [Fact]
    public void Many_lines_are_sampled_and_many_forms_left_out()
    {
        var forms = new UnknownForms();
        for (var i = 0; i < 160_000; i++)
        {
            forms.Add(PostfixDaemon.Smtpd, "always the same"u8);
        }

        forms.Top(20).Single().Lines.ShouldBeInRange(159_000, 161_000);
        forms.Clear();
        forms.Top(20).ShouldBeEmpty();
        var total = new UnknownForms();
        for (var i = 0; i < 5_000; i++)
        {
            forms.Clear();
            forms.Add(PostfixDaemon.Smtpd, Encoding.ASCII.GetBytes($"word {Letters(i)}"));
            total.Add(forms);
        }

        total.Top(10_000).Count.ShouldBeInRange(20, 1_000);
    }

    private static string Form(string message)
    {
        Span<char> form = stackalloc char[FormWriter.Longest];
        return form[..FormWriter.Write(Encoding.UTF8.GetBytes(message), form)].TrimEnd(' ').ToString();
    }

    private static string Letters(int number) => string.Concat(number.ToString("D4", System.Globalization.CultureInfo.InvariantCulture).Select(digit => (char)('a' + digit - '0')));
}
