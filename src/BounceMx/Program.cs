namespace BounceMx;

internal static class Program
{
    private static void Main() => Console.WriteLine("bouncemx");
}
