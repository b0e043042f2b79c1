namespace BounceMx.Verp.Tests;

public sealed class VerpKeyFileTests
{
    private const string Hex = "000102030405060708090a0b0c0d0e0f";

    [Fact]
    public void Reads_the_keys_in_their_order()
    {
        Parse($"b:{Hex}\n1:{Hex}ff\n").ShouldBe([$"b:{Hex}", $"1:{Hex}ff"]);
    }

    [Fact]
    public void Skips_comments_empty_lines_and_spaces_around() =>
        Parse($"# keys\r\n\r\n  \t\r\n  1:{Hex} \r\n # another\r\n").ShouldBe([$"1:{Hex}"]);

    [Fact]
    public void Skips_a_byte_order_mark() => Parse($"\uFEFF1:{Hex}\n").ShouldBe([$"1:{Hex}"]);

    [Fact]
    public void Reads_a_last_line_without_its_end() => Parse($"1:{Hex}").ShouldBe([$"1:{Hex}"]);

    [Fact]
    public void Reads_hex_and_id_in_any_case() => Parse($"V:{Hex.ToUpperInvariant()}").ShouldBe([$"v:{Hex}"]);

    [Fact]
    public void Reads_what_a_key_writes()
    {
        string line = VerpKey.Generate('k').ToKeyFileLine();
        Parse(line).ShouldBe([line]);
    }

    [Theory]
    [InlineData("1", "ID:HEX")]
    [InlineData("1=000102030405060708090a0b0c0d0e0f", "ID:HEX")]
    [InlineData("12:000102030405060708090a0b0c0d0e0f", "ID:HEX")]
    [InlineData(":000102030405060708090a0b0c0d0e0f", "ID:HEX")]
    [InlineData("000102030405060708090a0b0c0d0e0f", "ID:HEX")]
    [InlineData("w:000102030405060708090a0b0c0d0e0f", "0-9 and a-v")]
    [InlineData("1:000102030405060708090a0b0c0d0e0", "hexadecimal")]
    [InlineData("1:000102030405060708090a0b0c0d0e0g", "hexadecimal")]
    [InlineData("1: 000102030405060708090a0b0c0d0e0f", "hexadecimal")]
    [InlineData("1:000102030405060708090a0b0c0d0e", "16 octets")]
    [InlineData("1:", "16 octets")]
    public void Says_what_is_wrong_with_a_line(string line, string problem)
    {
        VerpKeyFault fault = Fault($"# keys\n0:{Hex}\n{line}\n");
        (fault.Line, fault.Problem.Contains(problem, StringComparison.Ordinal)).ShouldBe((3, true), fault.Problem);
    }

    [Fact]
    public void Two_keys_of_one_id_are_a_fault_whatever_their_case()
    {
        VerpKeyFault fault = Fault($"a:{Hex}\nA:{Hex}ff");
        (fault.Line, fault.Problem).ShouldBe((2, "the id a is that of an earlier key"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# no key yet")]
    public void A_file_without_keys_is_a_fault(string text) => Fault(text).Problem.ShouldContain("no key");

    [Fact]
    public void No_fault_shows_the_secret()
    {
        foreach (string line in new[] { $"12:{Hex}", $"w:{Hex}", $"1:{Hex}0", Hex, $"1:{Hex[..^2]}" })
            Fault(line).ToString().ShouldNotContain(Hex[..8]);
    }

    private static List<string> Parse(string text)
    {
        VerpKeyFile.TryParse(text, out IReadOnlyList<VerpKey> keys, out VerpKeyFault fault).ShouldBeTrue(fault.Problem);
        return [.. keys.Select(key => key.ToKeyFileLine())];
    }

    private static VerpKeyFault Fault(string text)
    {
        VerpKeyFile.TryParse(text, out IReadOnlyList<VerpKey> keys, out VerpKeyFault fault).ShouldBeFalse();
        keys.ShouldBeEmpty();
        return fault;
    }
}
