using BounceMx.Cli;

namespace BounceMx.Tests.Cli;

public sealed class ProgressLineTests : IDisposable
{
    private readonly SteppedTime _time = new();
    private readonly StringWriter _terminal = new();

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void What_is_over_within_a_second_shows_nothing()
    {
        using (ProgressLine progress = Create(100))
        {
            Advance(progress, 50, 0.5);
            Advance(progress, 50, 0.4);
        }
        _terminal.ToString().ShouldBeEmpty();
    }

    [Fact]
    public void Shows_how_much_is_read_and_how_fast()
    {
        using ProgressLine progress = Create(400);
        Advance(progress, 100, 1);
        Advance(progress, 100, 1);
        _terminal.ToString().ShouldEndWith("\r\e[K[###############...............]  50 %  2 messages, 1 a second");
    }

    [Fact]
    public void Without_a_total_there_is_no_bar()
    {
        using ProgressLine progress = Create(0);
        Advance(progress, 100, 1);
        _terminal.ToString().ShouldBe("\r\e[K1 messages, 1 a second");
    }

    [Fact]
    public void More_than_the_total_is_all()
    {
        using ProgressLine progress = Create(10);
        Advance(progress, 100, 1);
        _terminal.ToString().ShouldContain("] 100 %");
    }

    [Fact]
    public void Is_not_drawn_more_often_than_ten_times_a_second()
    {
        using ProgressLine progress = Create(0);
        Advance(progress, 1, 1);
        for (int i = 0; i < 99; i++)
            Advance(progress, 1, 0.01);
        _terminal.ToString().Split('\r').Length.ShouldBeLessThanOrEqualTo(11);
    }

    [Fact]
    public void Takes_itself_away_at_the_end_and_before_others_write()
    {
        ProgressLine progress = Create(0);
        Advance(progress, 1, 1);
        progress.Clear();
        int length = _terminal.ToString().Length;
        _terminal.ToString().ShouldEndWith("\r\e[K");
        progress.Dispose();
        _terminal.ToString().Length.ShouldBe(length);
    }

    private ProgressLine Create(long total) => new(_terminal, total, _time);

    private void Advance(ProgressLine progress, long octets, double seconds)
    {
        _time.Seconds += seconds;
        progress.Advance(octets);
    }

    private sealed class SteppedTime : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => (long)(Seconds * 1_000_000);
    }
}
