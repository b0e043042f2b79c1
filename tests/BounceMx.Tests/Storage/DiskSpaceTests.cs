using BounceMx.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace BounceMx.Tests.Storage;

/// <summary>When the disk has no more than its reserve.</summary>
public sealed class DiskSpaceTests
{
    private readonly RecordingLogger<DiskSpace> _log = new();
    private readonly Ticks _time = new();
    private long _free = 2000;
    private int _readings;

    [Fact]
    public void It_is_low_below_the_reserve_and_not_at_it()
    {
        DiskSpace disk = Create(reserve: 1600);
        FreeIs(disk, 1600).ShouldBeFalse();
        FreeIs(disk, 1599).ShouldBeTrue();
    }

    [Fact]
    public void It_is_over_only_with_a_sixteenth_more()
    {
        DiskSpace disk = Create(reserve: 1600);
        FreeIs(disk, 1599).ShouldBeTrue();
        FreeIs(disk, 1699).ShouldBeTrue();
        FreeIs(disk, 1700).ShouldBeFalse();
        FreeIs(disk, 1600).ShouldBeFalse();
    }

    [Fact]
    public void Beginning_and_end_are_told_once()
    {
        DiskSpace disk = Create(reserve: 1600);
        foreach (long free in (long[])[2000, 900, 800, 900, 2000, 2000])
            FreeIs(disk, free);
        string[] lines = [.. _log.Lines];
        lines.Length.ShouldBe(2);
        lines[0].ShouldContain("452 4.3.1: 900 octets of the disk are free, less than the 1600 of Storage:Reserve");
        lines[1].ShouldContain("taken again: 2000 octets");
    }

    [Fact]
    public void The_disk_is_asked_four_times_a_second_at_most()
    {
        DiskSpace disk = Create(reserve: 1);
        for (int i = 0; i < 1000; i++)
        {
            _ = disk.IsLow;
            _time.Milliseconds++;
        }
        _readings.ShouldBe(4);
    }

    [Fact]
    public void Without_a_reserve_it_is_never_low()
    {
        DiskSpace disk = Create(reserve: 0);
        FreeIs(disk, 0).ShouldBeFalse();
        disk.Free.ShouldBe(0);
    }

    [Fact]
    public void The_disk_of_a_folder_has_room_for_something()
    {
        using var folder = new TemporaryFolder();
        var disk = new DiskSpace(
            new StorageOptions { Folder = folder.Path, Reserve = long.MaxValue / 2 },
            TimeProvider.System,
            NullLogger<DiskSpace>.Instance
        );
        disk.Free.ShouldBeInRange(1, long.MaxValue - 1);
        disk.IsLow.ShouldBeTrue();
    }

    private DiskSpace Create(long reserve) =>
        new(
            () =>
            {
                _readings++;
                return _free;
            },
            reserve,
            _time,
            _log
        );

    private bool FreeIs(DiskSpace disk, long free)
    {
        _free = free;
        _time.Milliseconds += 1000;
        return disk.IsLow;
    }

    private sealed class Ticks : TimeProvider
    {
        public long Milliseconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Milliseconds;
    }
}
