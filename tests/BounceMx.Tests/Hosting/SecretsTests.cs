using BounceMx.Hosting;

namespace BounceMx.Tests.Hosting;

public sealed class SecretsTests
{
    [Theory]
    [InlineData("localhost:6379,password=secret", "localhost:6379,password=***")]
    [InlineData("localhost,password=secret,ssl=true", "localhost,password=***,ssl=true")]
    [InlineData("localhost,PassWord = sec=ret ,ssl=true", "localhost,PassWord=***,ssl=true")]
    [InlineData("password=secret", "password=***")]
    [InlineData("redis://user:secret@localhost:6379", "redis://***@localhost:6379")]
    public void A_password_is_not_shown(string value, string shown) => Secrets.Mask("Redis:Configuration", value).ShouldBe(shown);

    [Theory]
    [InlineData("http://user:secret@localhost:4317", "http://***@localhost:4317")]
    [InlineData("https://secret@collector.test/path", "https://***@collector.test/path")]
    [InlineData("https://user:sec@ret/@collector.test", "https://***@collector.test")]
    public void The_user_of_a_URL_is_not_shown(string value, string shown) => Secrets.Mask("Telemetry:OtlpEndpoint", value).ShouldBe(shown);

    [Fact]
    public void A_password_that_holds_an_at_sign_is_not_shown() =>
        Secrets.Mask("Redis:Configuration", "redis://localhost,password=sec@ret").ShouldBe("redis://localhost,password=***");

    [Fact]
    public void The_key_may_be_in_any_case() => Secrets.Mask("REDIS:CONFIGURATION", "h,password=secret").ShouldBe("h,password=***");

    [Theory]
    [InlineData("Verp:Keys:0", "1:000102030405060708090a0b0c0d0e0f", "1:***")]
    [InlineData("verp:keys:0", "000102030405060708090a0b0c0d0e0f", "***")]
    [InlineData("Verp:Keys", "1:00", "1:***")]
    [InlineData("Verp:KeyFile", "1:000102030405060708090a0b0c0d0e0f", "1:***")]
    [InlineData("Verp:KeyFile", "1:000102030405060708090a0b0c0d0ezz", "1:***")]
    [InlineData("Verp:KeyFile", " 1:0001020304 0506", "1:***")]
    [InlineData("Verp:KeyFile", "000102030405060708090A0B0C0D0E0F", "***")]
    [InlineData("Verp:KeyFile", "/etc/bouncemx/verp.keys", "/etc/bouncemx/verp.keys")]
    [InlineData("Verp:KeyFile", "C:\\verp.keys", "C:\\verp.keys")]
    [InlineData("Verp:KeyFile", "C:/verp.keys", "C:/verp.keys")]
    public void A_key_is_not_shown(string key, string value, string shown) => Secrets.Mask(key, value).ShouldBe(shown);

    [Theory]
    [InlineData("Redis:Configuration", "localhost:6379,ssl=true")]
    [InlineData("Storage:Folder", "password=no-secret")]
    [InlineData("Storage:Folder", "/data/@bounces")]
    [InlineData("Telemetry:OtlpEndpoint", "http://localhost:4317")]
    public void The_rest_is_shown(string key, string value) => Secrets.Mask(key, value).ShouldBe(value);
}
