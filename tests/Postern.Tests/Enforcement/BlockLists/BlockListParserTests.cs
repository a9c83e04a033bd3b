using System.Text;
using Postern.Enforcement.BlockLists;
using Postern.Facts;

namespace Postern.Tests.Enforcement.BlockLists;

public sealed class BlockListParserTests
{
    [Theory]
    [InlineData("; Spamhaus DROP List 2026/11/29\n1.10.16.0/20 ; SBL256894\n1.19.0.0/16 ; SBL434604\n", "1.10.16.0/20 1.19.0.0/16")]
    [InlineData("{\"cidr\":\"1.10.16.0/20\",\"sblid\":\"SBL256894\",\"rir\":\"apnic\"}\n{\"type\":\"metadata\",\"timestamp\":1764400000,\"size\":2}\n", "1.10.16.0/20")]
    [InlineData("id,source,ip,reason,value,action\n1,crowdsec,Ip:5.6.7.8,smtp,5.6.7.8,ban\n2,cscli,,manual,\"2001:db8:1::/48\",ban\n", "5.6.7.8/32 2001:db8:1::/48")]
    [InlineData("# by hand\r\n\r\n5.6.7.8\r\n5.6.7.0/24\t# the whole\r\n", "5.6.7.0/24")]
    [InlineData("﻿9.9.9.9", "9.9.9.9/32")]
    [InlineData("", "")]
    public void The_forms_in_use_are_read(string text, string networks)
    {
        var read = BlockListParser.Parse(Encoding.UTF8.GetBytes(text));
        string.Join(' ', read.Networks).ShouldBe(networks);
        (read.Refused, read.FirstRefused).ShouldBe((0, null));
    }

    [Theory]
    [InlineData("5.6.7.8\n0.0.0.0/0\n", 2, "too large")]
    [InlineData("5.6.7.8\n6.0.0.0/7\n", 2, "too large")]
    [InlineData("2000::/3\n5.6.7.8\n", 1, "too large")]
    [InlineData("5.6.7.8\n192.168.0.0/16\n", 2, "private")]
    [InlineData("127.0.0.1\n5.6.7.8\n", 1, "private")]
    [InlineData("5.6.7.8\n<!DOCTYPE html>\n", 2, "no address")]
    [InlineData("5.6.7.8\n{\"cidr\":17}\n", 2, "no address")]
    [InlineData("5.6.7.8\n{\"cidr\":\n", 2, "no address")]
    [InlineData("id,value\n1,5.6.7.8\n2\n", 3, "value")]
    public void A_line_that_no_list_may_have_is_left_out_and_told(string text, int line, string why)
    {
        var read = BlockListParser.Parse(Encoding.UTF8.GetBytes(text));
        read.Networks.ShouldHaveSingleItem().ToString().ShouldBe("5.6.7.8/32");
        read.Refused.ShouldBe(1);
        read.FirstRefused!.Value.Line.ShouldBe(line);
        read.FirstRefused.Value.Why.ShouldContain(why);
    }

    [Fact]
    public void A_list_contains_what_its_networks_contain()
    {
        var list = new BlockList("x", BlockListParser.Parse("9.0.0.0/8\n5.6.7.0/24\n5.6.7.128/25\n2001:db8::/32\n"u8).Networks);
        foreach (var (text, isIn) in (IReadOnlyList<(string, bool)>)[("5.6.7.1", true), ("5.6.7.200", true), ("5.6.8.0", false), ("5.6.6.255", false), ("9.255.0.1", true), ("1.1.1.1", false), ("2001:db8:ffff::1", true), ("2001:db9::", false)])
        {
            ClientAddress.TryParse(text, out var client).ShouldBeTrue();
            list.Contains(client).ShouldBe(isIn, text);
        }
    }
}
