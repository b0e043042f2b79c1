using BounceMx.Hosting;
using BounceMx.Intake;
using Microsoft.Extensions.Configuration;

namespace BounceMx.Tests.Hosting;

/// <summary>What is wrong with section Verp as a whole, and what it comes to.</summary>
public sealed class VerpPlanTests : IDisposable
{
    private const string Secret = "000102030405060708090a0b0c0d0e0f";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Keys_of_the_configuration_come_before_those_of_the_file() =>
        Plan(("Verp:Keys:0", $"2:{Secret}"), ("Verp:KeyFile", Write($"# two\n\n1:{Secret}\r\n3:{Secret}\n")))
            .ShouldSatisfyAllConditions(
                plan => plan.Faults.ShouldBeEmpty(),
                plan => plan.Options.Keys.Select(key => key.Id).ShouldBe(['2', '1', '3'])
            );

    [Fact]
    public void A_key_file_may_begin_with_a_byte_order_mark() =>
        Plan(("Verp:KeyFile", Write($"\uFEFF1:{Secret}\r\n"))).Options.Keys.ShouldHaveSingleItem().Id.ShouldBe('1');

    [Fact]
    public void A_key_file_is_looked_for_beside_the_configuration_file()
    {
        Write($"1:{Secret}");
        string file = _folder.Write("bouncemx.json", """{ "Verp": { "KeyFile": "verp.keys" } }""");
        new VerpPlan(ConfigurationLoader.Load(file, new Dictionary<string, string?>())).Options.Keys.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("", "line 1: there is no key")]
    [InlineData("1:0001\n", "line 1: the secret has fewer than 16 octets")]
    [InlineData("# keys\n\nsecret\n", "line 3: a key is ID:HEX")]
    [InlineData($"1:{Secret}\n1:{Secret}\n", "line 2: the id 1 is that of an earlier key")]
    public void A_key_file_that_is_wrong_is_told_with_its_line(string content, string problem)
    {
        string fault = Faults(("Verp:KeyFile", Write(content))).ShouldHaveSingleItem();
        fault.ShouldStartWith("Verp:KeyFile is ");
        fault.ShouldContain(problem);
    }

    [Fact]
    public void A_key_file_that_is_not_there_is_told() =>
        Faults(("Verp:KeyFile", "/nowhere/verp.keys"))
            .ShouldHaveSingleItem()
            .ShouldStartWith("Verp:KeyFile is \"/nowhere/verp.keys\" (command line): there is no such file");

    [Fact]
    public void A_folder_is_no_key_file() => Faults(("Verp:KeyFile", _folder.Path)).ShouldHaveSingleItem().ShouldContain("cannot be read");

    [Fact]
    public void A_key_file_of_any_size_is_no_reason_to_read_it_all() =>
        Faults(("Verp:KeyFile", "/dev/zero")).ShouldHaveSingleItem().ShouldContain("65536 octets");

    [Fact]
    public void A_key_id_used_twice_is_told_with_its_key() =>
        Faults(("Verp:Keys:0", $"1:{Secret}"), ("Verp:Keys:4", $"1:{Secret}"))
            .ShouldHaveSingleItem()
            .ShouldStartWith("Verp:Keys:4 is \"key 1\"");

    [Fact]
    public void A_key_of_the_file_whose_id_the_configuration_has_is_told() =>
        Faults(("Verp:Keys:0", $"1:{Secret}"), ("Verp:KeyFile", Write($"1:{Secret}")))
            .ShouldHaveSingleItem()
            .ShouldStartWith("Verp:KeyFile is \"key 1\"");

    [Theory]
    [InlineData("Verp:Keys:0", "1:0001020304050607")]
    [InlineData("Verp:Keys:0", "000102030405060708090a0b0c0d0e0f")]
    [InlineData("Verp:Keys", "1:000102030405060708090a0b0c0d0e0f")]
    [InlineData("Verp:KeyFile", "1:000102030405060708090a0b0c0d0e0f")]
    public void No_fault_shows_a_key(string key, string value)
    {
        string fault = Faults((key, value)).ShouldHaveSingleItem();
        fault.ShouldStartWith(key);
        fault.ShouldContain("***");
        fault.ShouldNotContain("00010203");
    }

    [Fact]
    public void Two_templates_that_read_the_same_address_are_both_named()
    {
        string fault = Faults(("Verp:Templates:0", "x-{list}-{local}={domain}"), ("Verp:Templates:1", "x-{campaign}-{local}={domain}"))
            .ShouldHaveSingleItem();
        fault.ShouldStartWith("Verp:Templates:1 is ");
        fault.ShouldContain("x-{list}-{local}={domain}");
    }

    [Fact]
    public void A_policy_for_a_domain_that_is_not_ours_is_told() =>
        Faults(
                ("Verp:Domains:0", "bounces.test"),
                ("Verp:Keys:0", $"1:{Secret}"),
                ("Verp:Doors:Bounces.test:Unsigned", "refuse"),
                ("Verp:Doors:other.test:Unsigned", "refuse")
            )
            .ShouldBe(["Verp:Doors:other.test is for a domain that is not ours; allowed: bounces.test (Verp:Domains)"]);

    [Theory]
    [InlineData("Verp:Unsigned", "refuse")]
    [InlineData("Verp:BadlySigned", "mark")]
    [InlineData("Verp:Doors:bounces.test:Expired", "refuse")]
    public void A_policy_without_keys_is_told(string key, string value)
    {
        Faults((key, value)).ShouldHaveSingleItem().ShouldStartWith($"{key} is \"{value}\" (command line); allowed: accept");
        Faults((key, "Accept")).ShouldBeEmpty();
        Faults((key, value), ("Verp:Keys:0", $"1:{Secret}")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Verp:Doors:bounces.test:Unsigned", "reject", "refuse, mark, accept")]
    [InlineData("Verp:Doors:bounces.test:Unsined", "mark", "is no setting")]
    public void What_a_door_does_not_know_is_told_with_its_key(string key, string value, string problem)
    {
        string fault = Faults((key, value)).ShouldHaveSingleItem();
        fault.ShouldStartWith(key);
        fault.ShouldContain(problem);
    }

    [Theory]
    [InlineData("Verp:Streams:0", "news", 1)]
    [InlineData("Verp:Templates:0", "ezmlm", 1)]
    [InlineData("Verp:Templates:0", "None", 0)]
    public void What_every_door_refuses_cannot_be_configured(string key, string value, int faults) =>
        Faults(
                ("Verp:Keys:0", $"1:{Secret}"),
                ("Verp:Domains:0", "a.test"),
                ("Verp:Domains:1", "b.test"),
                ("Verp:Unsigned", "refuse"),
                ("Verp:Doors:a.test:Expired", "mark"),
                (key, value)
            )
            .Count(fault => fault.StartsWith($"{key} is \"{value}\" (command line); allowed: none", StringComparison.Ordinal))
            .ShouldBe(faults);

    [Theory]
    [InlineData("mark")]
    [InlineData("accept")]
    public void One_door_that_takes_what_is_unsigned_is_enough_for_streams_and_templates(string policy) =>
        Faults(
                ("Verp:Keys:0", $"1:{Secret}"),
                ("Verp:Domains:0", "a.test"),
                ("Verp:Domains:1", "b.test"),
                ("Verp:Unsigned", "refuse"),
                ("Verp:Doors:B.test:Unsigned", policy),
                ("Verp:Streams:0", "news"),
                ("Verp:Templates:0", "ezmlm")
            )
            .ShouldBeEmpty();

    [Fact]
    public void Without_domains_too_what_every_door_refuses_cannot_be_configured()
    {
        (string, string)[] values = [("Verp:Keys:0", $"1:{Secret}"), ("Verp:Unsigned", "refuse"), ("Verp:Streams:0", "news")];
        Faults(values).ShouldHaveSingleItem().ShouldStartWith("Verp:Streams:0 ");
        Faults([.. values, ("Verp:Doors:a.test:Unsigned", "mark")]).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("bounces-news")]
    [InlineData("BOUNCES-news")]
    [InlineData("a%b")]
    [InlineData("a@b")]
    [InlineData("x-return-1-user=recipient.test")] // ezmlm's
    public void A_stream_that_no_address_has_is_told(string stream) =>
        Faults(("Verp:Streams:0", "news"), ("Verp:Streams:1", stream))
            .ShouldBe([
                $"Verp:Streams:1 is \"{stream}\" (command line); allowed: what follows \"bounces-\" in a plain address, such as news",
            ]);

    [Fact]
    public void A_door_has_from_section_Verp_what_it_does_not_say()
    {
        var configuration = Configuration(("Verp:Unsigned", "refuse"), ("Verp:Expired", "accept"), ("Verp:Doors:a.test:Expired", "mark"));
        DoorSettings door = configuration.Get<DoorSettings>("Verp", "Verp:Doors:a.test");
        (door.Unsigned, door.Expired, door.BadlySigned).ShouldBe((DoorPolicy.Refuse, DoorPolicy.Mark, null));
    }

    [Fact]
    public void A_key_file_that_others_can_read_is_no_fault_but_noticed()
    {
        if (OperatingSystem.IsWindows())
            return; // There are no modes.
        string path = Write($"1:{Secret}");
        VerpPlan plan = Plan(("Verp:KeyFile", path));
        plan.Faults.ShouldBeEmpty();
        foreach (string mode in (string[])["0604", "0660", "0602"])
        {
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, fromBase: 8));
            plan.OpenKeyFileMode.ShouldBe(mode);
        }
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead)]
    public void A_key_file_may_be_read_by_its_group(UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
            return; // There are no modes.
        string path = Write($"1:{Secret}");
        File.SetUnixFileMode(path, mode);
        Plan(("Verp:KeyFile", path)).OpenKeyFileMode.ShouldBeNull();
    }

    private string Write(string keys) => _folder.Write("verp.keys", keys);

    private static VerpPlan Plan(params (string Key, string Value)[] values) => new(Configuration(values));

    private static IEnumerable<string> Faults(params (string Key, string Value)[] values) =>
        ConfigurationLoader.Check(Configuration(values)).Select(fault => $"{fault}");

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value)))
            .Build();
}
