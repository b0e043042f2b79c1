using BounceMx.Mail;

namespace BounceMx.Smtp;

/// <summary>Every reply that the server can send, in the order of a session.</summary>
public static class SmtpReplies
{
    /// <summary>A message is safe on disk.</summary>
    public static SmtpReply Accepted { get; } = Of(250, 2, 0, 0, "Ok");

    private static SmtpReply Of(int code, int @class, int subject, int detail, string text) =>
        new(new ReplyCode(code), new EnhancedStatusCode(@class, subject, detail), text);
}
