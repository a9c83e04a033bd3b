namespace Postern.Fail2Ban.Dates;

/// <summary>The forms of dates that are looked for where a filter names none, in fail2ban's order.</summary>
internal sealed class DefaultTemplates
{
    private const string LineBegin = "{^LN-BEG}";

    private static readonly string[] s_patterns =
    [
        // ISO 8601 and its kin: 2005-01-23T21:59:59.981746+01:00, 2005/01/23 21:59:59, 2006.12.21 06:43:20
        @"%ExY(?P<_sep>[-/.])%m(?P=_sep)%d(?:T|  ?)%H:%M:%S(?:[.,]%f)?(?:\s*%z)?",
        // syslog and asctime: Jan 23 21:59:59, Sun Jan 23 21:59:59.011 2005
        @"(?:%a )?%b %d %k:%M:%S(?:\.%f)?(?: %ExY)?",
        // Sun Jan 23 2005 21:59:59.011
        @"(?:%a )?%b %d %ExY %k:%M:%S(?:\.%f)?",
        // 23/01/2005 21:59:59, 23-01-05 21:59:59
        @"%d(?P<_sep>[-/])%m(?P=_sep)(?:%ExY|%Exy) %k:%M:%S",
        // Apache, named, roundcube: 31/Oct/2006:09:22:55 -0000, 26-Jul-2007 15:20:52.252
        @"%d(?P<_sep>[-/])%b(?P=_sep)%ExY[ :]?%H:%M:%S(?:\.%f)?(?: %z)?",
        // cPanel: 05/20/2008:01:57:39
        "%m/%d/%ExY:%H:%M:%S",
        // 01-27-2012 16:22:44.252
        @"%m-%d-%ExY %k:%M:%S(?:\.%f)?",
        "EPOCH",
        // A time alone, at the start of the line.
        "{^LN-BEG}%H:%M:%S",
        // <09/16/08@05:03:30>
        "^<%m/%d/%Exy@%H:%M:%S>",
        // MySQL: 130322 11:46:11
        "%Exy%Exm%Exd  ?%H:%M:%S",
        // Tomcat: Jan 23, 2005 9:59:59 PM
        "%b %d, %ExY %I:%M:%S %p",
        // ASSP: Apr-27-13 02:33:06
        "^%b-%d-%Exy %k:%M:%S",
        // 20050123T215959, 20050123 215959
        @"%ExY%Exm%Exd(?:T|  ?)%ExH%ExM%ExS(?:[.,]%f)?(?:\s*%z)?",
        // monit: PDT Apr 16 21:05:29
        @"(?:%Z )?(?:%a )?%b %d %k:%M:%S(?:\.%f)?(?: %ExY)?",
        // +00:00 Jan 23 21:59:59.011 2005
        @"(?:%z )?(?:%a )?%b %d %k:%M:%S(?:\.%f)?(?: %ExY)?",
        "TAI64N",
    ];

    private DefaultTemplates(IReadOnlyList<DateTemplate> plain, IReadOnlyList<DateTemplate> all)
    {
        Plain = plain;
        All = all;
    }

    /// <summary>The forms as they are listed.</summary>
    public IReadOnlyList<DateTemplate> Plain { get; }

    /// <summary>The same, preceded by the forms bound to the start of the line.</summary>
    public IReadOnlyList<DateTemplate> All { get; }

    /// <summary>Makes the forms.</summary>
    /// <param name="year">The present year.</param>
    public static DefaultTemplates Create(int year)
    {
        var plain = new List<DateTemplate>(s_patterns.Length);
        var anchored = new List<DateTemplate>(s_patterns.Length);
        foreach (var pattern in s_patterns)
        {
            var template = DateTemplateFactory.Create(pattern, year).Template!;
            plain.Add(template);
            if (!template.Name.StartsWith(LineBegin, StringComparison.Ordinal) && !template.Name.StartsWith('^'))
            {
                anchored.Add(DateTemplateFactory.Anchored(template, year).Template!);
            }
        }

        return new DefaultTemplates(plain, [.. anchored, .. plain]);
    }
}
