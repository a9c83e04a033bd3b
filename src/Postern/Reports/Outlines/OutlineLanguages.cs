using Postern.Reports.Languages;

namespace Postern.Reports.Outlines;

/// <summary>The languages that the first screen can be written in.</summary>
internal static class OutlineLanguages
{
    extension(IReportLanguage language)
    {
        /// <summary>The sentences of the first screen, in the language of the rest of the report.</summary>
        public IOutlineLanguage Outline => language switch
        {
            Japanese japanese => new JapaneseOutline(japanese),
            English english => new EnglishOutline(english),
            _ => throw new NotSupportedException($"There is no first screen in '{language.Tag}'."),
        };
    }
}
