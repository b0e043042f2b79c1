namespace BounceMx.Storage;

/// <summary>How a connection is set up, each line with its reason. What was measured stands in docs/adr/0021.</summary>
internal static class Pragmas
{
    /// <summary>Octets of a page in a new file: most bounces fit one, so they need no chain of overflow pages.</summary>
    public const int PageSize = 16 * 1024;

    /// <summary>For the one connection that writes. Page size and vacuum take effect where the file is new, or is rewritten (<see cref="Rewrite"/>).</summary>
    public const string Writer =
        """
            -- A 4 KiB message is one page and no overflow chain, a 1 MiB message has a quarter of the pages.
            PRAGMA page_size = 16384;
            -- What retention frees can be given back piece by piece, without a rewrite of the file.
            PRAGMA auto_vacuum = INCREMENTAL;
            -- Readers beside the writer, and one fsync a commit.
            PRAGMA journal_mode = WAL;
            -- COMMIT returns after the fsync of the log, which is what a 250 promises. NORMAL would lose the last commits with the power.
            PRAGMA synchronous = FULL;
            -- The log is copied into the file every 16 MiB: four times rarer than the default, as each copy costs an fsync of both.
            PRAGMA wal_autocheckpoint = 1024;
            -- After a reader has kept the log from starting over, it is cut back to this.
            PRAGMA journal_size_limit = 67108864;
            -- Freed mail is written over when its page is used again; to zero it at once would write all that is removed once more.
            PRAGMA secure_delete = OFF;
            """ + Common;

    /// <summary>For those that read, beside the server or in it.</summary>
    public const string Reader =
        """
            -- They cannot write by mistake.
            PRAGMA query_only = ON;
            """ + Common;

    /// <summary>Gives a file of an earlier version the page size and vacuum of <see cref="Writer"/>. A crash in it leaves the file as it was.</summary>
    public const string Rewrite = """
        -- Neither can change in WAL mode.
        PRAGMA journal_mode = DELETE;
        PRAGMA page_size = 16384;
        PRAGMA auto_vacuum = INCREMENTAL;
        VACUUM;
        PRAGMA journal_mode = WAL;
        """;

    /// <summary>
    /// Writes what the log holds into the file, syncs it, and cuts the log to nothing. Why after a failed fsync: the kernel may hold pages
    /// of the log that the disk has not, and does not write them again by itself; commits behind such a hole would be lost with the power.
    /// </summary>
    public const string EmptyLog = "PRAGMA wal_checkpoint(TRUNCATE)";

    // The cache stays at its default of 2 MiB: the writer appends, and measured no faster with more.
    private const string Common = """

        -- No memory map: an I/O error in it is SIGBUS, which ends the process, and not an error code.
        PRAGMA mmap_size = 0;
        -- A damaged page is found when it is read, before anything in it is believed.
        PRAGMA cell_size_check = ON;
        -- What a manipulated file has in its schema is not run: we have neither views nor triggers.
        PRAGMA trusted_schema = OFF;
        """;
}
