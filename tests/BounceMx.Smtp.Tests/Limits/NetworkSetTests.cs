using System.ComponentModel.DataAnnotations;
using System.Net;
using BounceMx.Smtp.Limits;

namespace BounceMx.Smtp.Tests.Limits;

/// <summary>Networks as configuration names them.</summary>
public sealed class NetworkSetTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("192.0.2.1", "192.0.2.1/32")]
    [InlineData("192.0.2.1/32", "192.0.2.1/32")]
    [InlineData("2001:db8::/32", "2001:db8::/32")]
    [InlineData("2001:DB8:0:0:0:0:0:1", "2001:db8::1/128")]
    [InlineData("::/0", "::/0")]
    [InlineData("::1/128", "::1/128")]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.0/8")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1/32")]
    [InlineData("::ffff:0:0/96", "0.0.0.0/0")]
    public void Reads_networks_and_addresses(string text, string network)
    {
        NetworkSet.TryParse(text, out IPNetwork parsed).ShouldBeTrue();
        parsed.ToString().ShouldBe(network);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/8")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/256")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/ 8")]
    [InlineData("10.0.0.0 /8")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.0/255.0.0.0")]
    [InlineData("10.1.0.0/8")]
    [InlineData("10/8")]
    [InlineData("10")]
    [InlineData("010.0.0.0/8")]
    [InlineData("2001:db8::/129")]
    [InlineData("2001:db8::1/32")]
    [InlineData("[2001:db8::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("::ffff:10.0.0.0/8")]
    [InlineData("::ffff:10.0.0.0/95")]
    [InlineData("localhost")]
    [InlineData("*")]
    public void Refuses_what_is_no_network(string? text) => NetworkSet.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("10.0.0.0", true)]
    [InlineData("10.255.255.255", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("9.255.255.255", false)]
    [InlineData("11.0.0.0", false)]
    [InlineData("192.0.2.1", true)]
    [InlineData("192.0.2.2", false)]
    [InlineData("2001:db8::", true)]
    [InlineData("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db9::", false)]
    [InlineData("2001:db7:ffff::", false)]
    public void Knows_what_lies_in_it(string address, bool isIn) =>
        NetworkSet.Parse(["10.0.0.0/8", "192.0.2.1", "2001:db8::/32"]).Contains(IPAddress.Parse(address)).ShouldBe(isIn);

    [Fact]
    public void All_of_IPv6_is_nothing_of_IPv4()
    {
        var all = NetworkSet.Parse(["::/0"]);
        all.Contains(IPAddress.Parse("2001:db8::1")).ShouldBeTrue();
        all.Contains(IPAddress.Parse("192.0.2.1")).ShouldBeFalse();
        all.Contains(IPAddress.Parse("::ffff:192.0.2.1")).ShouldBeFalse();
    }

    [Fact]
    public void An_empty_set_holds_nothing() => NetworkSet.Parse([]).Contains(IPAddress.Loopback).ShouldBeFalse();

    [Fact]
    public void Names_the_entry_that_is_no_network() =>
        Should
            .Throw<FormatException>(() => NetworkSet.Parse(["10.0.0.0/8", "10.0.0.0/80"]))
            .Message.ShouldBe("\"10.0.0.0/80\" is not a network such as 10.0.0.0/8, 2001:db8::/32 or an address");

    [Fact]
    public void Every_default_of_the_options_is_allowed()
    {
        var options = new SmtpLimitOptions();
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
    }

    [Fact]
    public void Validation_says_what_is_allowed()
    {
        var options = new SmtpLimitOptions { Exempt = ["127.0.0.0/8", "everybody"] };
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true).ShouldBeFalse();
        results.ShouldHaveSingleItem().ErrorMessage.ShouldBe("a network such as 10.0.0.0/8, 2001:db8::/32 or an address");
    }

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("10.0.0.0/80", false)]
    [InlineData(8, false)]
    [InlineData(null, false)]
    public void Validation_takes_single_entries_too(object? value, bool isValid) => new NetworkAttribute().IsValid(value).ShouldBe(isValid);
}
