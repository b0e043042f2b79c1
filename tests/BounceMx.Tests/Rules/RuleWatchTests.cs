using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;
using BounceMx.Rules;

namespace BounceMx.Tests.Rules;

public sealed class RuleWatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingLogger<RuleWatch> _log = new();
    private readonly LiveClassifier _classifier = new(RuleBook.Default);
    private readonly RuleWatch _watch;

    public RuleWatchTests() => _watch = new RuleWatch(new RuleFolder(_folder.Path), [], _classifier, TimeProvider.System, _log);

    public void Dispose()
    {
        _watch.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_new_file_counts_when_it_has_stood_for_two_looks()
    {
        _folder.Write("own.jsonc", RuleFiles.Rule());
        _watch.Look();
        Reason().ShouldBe(BounceReason.Undefined);
        _watch.Look();
        Reason().ShouldBe(BounceReason.HasMoved);
        _log.Lines.ShouldHaveSingleItem().ShouldContain(_folder.Path);
    }

    [Fact]
    public void A_file_that_is_still_being_written_is_not_told_to_be_bad()
    {
        string whole = RuleFiles.Rule();
        _folder.Write("own.jsonc", whole[..100]);
        _watch.Look();
        _folder.Write("own.jsonc", whole);
        Look();
        Reason().ShouldBe(BounceReason.HasMoved);
        _log.Lines.Count.ShouldBe(1);
    }

    [Fact]
    public void A_changed_file_takes_the_place_of_the_old_one()
    {
        _folder.Write("own.jsonc", RuleFiles.Rule());
        Look();
        _folder.Write("own.jsonc", RuleFiles.Rule(reason: "filtered"));
        Look();
        Reason().ShouldBe(BounceReason.Filtered);
    }

    [Fact]
    public void A_file_that_is_gone_counts_no_more()
    {
        string file = _folder.Write("own.jsonc", RuleFiles.Rule());
        Look();
        File.Delete(file);
        Look();
        Reason().ShouldBe(BounceReason.Undefined);
    }

    [Fact]
    public void A_bad_file_keeps_the_rules_in_use_and_is_told_once()
    {
        _folder.Write("own.jsonc", RuleFiles.Rule());
        Look();
        _folder.Write("own.jsonc", RuleFiles.Rule(reason: "gone"));
        Look();
        Look();
        Reason().ShouldBe(BounceReason.HasMoved);
        _log.Lines.Skip(1)
            .ShouldHaveSingleItem()
            .ShouldBe(
                $"{Path.Combine(_folder.Path, "own.jsonc")}: rule 'own.greenhouse': reason: 'gone' is none of the known words; the rules loaded before stay in use"
            );
    }

    [Fact]
    public void A_bad_file_that_was_put_right_counts()
    {
        _folder.Write("own.jsonc", "[");
        Look();
        _folder.Write("own.jsonc", RuleFiles.Rule());
        Look();
        Reason().ShouldBe(BounceReason.HasMoved);
    }

    [Fact]
    public void A_folder_that_cannot_be_read_keeps_the_rules_in_use_and_is_told_once()
    {
        _folder.Write("own.jsonc", RuleFiles.Rule());
        Look();
        Directory.Delete(_folder.Path, recursive: true);
        Look();
        Directory.CreateDirectory(_folder.Path);
        Reason().ShouldBe(BounceReason.HasMoved);
        _log.Lines.Count.ShouldBe(2);
    }

    [Fact]
    public void A_default_folder_that_goes_away_keeps_the_rules_in_use_and_is_told_once()
    {
        using var watch = new RuleWatch(new RuleFolder(_folder.Path, mayBeMissing: true), [], _classifier, TimeProvider.System, _log);
        _folder.Write("own.jsonc", RuleFiles.Rule());
        for (int i = 0; i < 2; i++)
            watch.Look();
        Directory.Delete(_folder.Path, recursive: true);
        for (int i = 0; i < 5; i++)
            watch.Look();
        Directory.CreateDirectory(_folder.Path);
        Reason().ShouldBe(BounceReason.HasMoved);
        _log.Lines.Skip(1).ShouldHaveSingleItem().ShouldContain("the folder is gone; the rules loaded before stay in use");
    }

    [Fact]
    public void Files_of_other_names_do_not_count()
    {
        _folder.Write("own.jsonc~", RuleFiles.Rule());
        _folder.Write("deeper/own.jsonc", RuleFiles.Rule());
        Look();
        _log.Lines.ShouldBeEmpty();
    }

    private void Look()
    {
        _watch.Look();
        _watch.Look();
    }

    private BounceReason Reason()
    {
        var recipient = new RecipientStatus
        {
            Recipient = "a@b.test",
            RecipientSource = RecipientSource.Text,
            Diagnostic = "550 user gone to the greenhouse",
        };
        return _classifier.Current.Classify(new DeliveryReport { Kind = ReportKind.Bounce, Recipients = [recipient] }, recipient).Reason;
    }
}
