using System.Reflection;
using Postern.Web.Words;

namespace Postern.Tests.Web.Words;

/// <summary>The sentences of the server in both languages.</summary>
public sealed class WebWordsTests
{
    [Fact]
    public void Every_sentence_is_there_in_both_and_names_what_it_is_about()
    {
        foreach (var words in WebLanguages.All)
        {
            foreach (var property in typeof(IWebWords).GetProperties())
            {
                property.GetValue(words).ShouldBeOfType<string>().ShouldNotBeNullOrWhiteSpace(property.Name);
            }

            foreach (var method in typeof(IWebWords).GetMethods().Where(method => !method.IsSpecialName))
            {
                foreach (var choice in Choices(method))
                {
                    var text = (string)method.Invoke(words, [.. method.GetParameters().Select(parameter => parameter.ParameterType.IsEnum ? choice : parameter.ParameterType == typeof(bool) ? true : $"<{parameter.Name}>")])!;
                    text.ShouldNotBeNullOrWhiteSpace(method.Name);
                    method.GetParameters().Any(parameter => parameter.ParameterType == typeof(string) && text.Contains($"<{parameter.Name}>", StringComparison.Ordinal)).ShouldBeTrue($"{words.Tag} {method.Name}({choice})");
                }
            }
        }
    }

    [Theory]
    [InlineData(null, "en")]
    [InlineData("", "en")]
    [InlineData("ja", "ja")]
    [InlineData("ja-JP,ja;q=0.9,en;q=0.8", "ja")]
    [InlineData("de-DE,de;q=0.9,ja;q=0.5", "ja")]
    [InlineData("fr, en-GB;q=0.8, ja;q=0.1", "en")]
    public void A_browser_gets_the_first_language_that_there_is(string? header, string tag) => WebLanguages.Accepted(header).Tag.ShouldBe(tag);

    private static object[] Choices(MethodInfo method) =>
        method.GetParameters().FirstOrDefault(parameter => parameter.ParameterType.IsEnum) is { } choice ? [.. Enum.GetValues(choice.ParameterType).Cast<object>()] : [""];
}
