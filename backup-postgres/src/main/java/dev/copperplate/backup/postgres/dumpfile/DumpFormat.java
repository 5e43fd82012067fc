package dev.copperplate.backup.postgres.dumpfile;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * In which form a dump is, told by its first bytes.
 *
 * @see <a href="https://www.postgresql.org/docs/17/app-pgdump.html">PostgreSQL, "pg_dump",
 *     --format</a>
 */
enum DumpFormat {
  PLAIN("dump.sql"),
  CUSTOM("dump.custom"),
  TAR("dump.tar"),
  DIRECTORY("dump");

  /** The file of a directory, and of a tar, that lists what is in them. */
  static final String CONTENTS = "toc.dat";

  private static final byte[] ARCHIVE = ascii("PGDMP");
  private static final byte[] TAR_NAME = ascii(CONTENTS + "\0");
  private static final byte[] TAR_MAGIC = ascii("ustar");
  private static final int TAR_MAGIC_AT = 257;
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};
  private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
  private static final byte[] LZ4 = {0x04, 0x22, 0x4d, 0x18};
  private static final byte[] BZIP2 = ascii("BZh");
  private static final byte[] XZ = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};
  private static final int BUFFER = 64 << 10;

  private final String entry;

  DumpFormat(String entry) {
    this.entry = entry;
  }

  /** What it is called in the snapshot. */
  String entry() {
    return entry;
  }

  /** As the facts of a snapshot say it, and {@code pg_dump --format}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Looks at a dump.
   *
   * @throws BackupException {@code NOT_FOUND} if there is nothing; {@code UNSUPPORTED} for what is
   *     compressed by something else than gzip, and for a directory or tar that is no dump
   */
  static DumpFormat of(Path dump) throws IOException {
    if (Files.isDirectory(dump)) {
      requireContents(dump);
      return DIRECTORY;
    }
    if (!Files.isRegularFile(dump)) {
      throw new BackupException(Kind.NOT_FOUND, "No dump to import: " + dump);
    }
    try (InputStream in = open(dump)) {
      return of(in.readNBytes(TAR_MAGIC_AT + TAR_MAGIC.length), dump);
    }
  }

  private static void requireContents(Path directory) throws IOException {
    Path contents = directory.resolve(CONTENTS);
    if (Files.isRegularFile(contents)) {
      try (InputStream in = Files.newInputStream(contents)) {
        if (begins(in.readNBytes(ARCHIVE.length), ARCHIVE)) {
          return;
        }
      }
    }
    throw unsupported(directory, "has no " + CONTENTS + " of pg_dump");
  }

  private static DumpFormat of(byte[] head, Path dump) throws BackupException {
    for (byte[] each : new byte[][] {ZSTD, LZ4, BZIP2, XZ, GZIP}) {
      if (begins(head, each)) {
        throw unsupported(dump, "is compressed. Decompress it first");
      }
    }
    if (begins(head, ARCHIVE)) {
      return CUSTOM;
    }
    boolean tar =
        head.length > TAR_MAGIC_AT
            && begins(Arrays.copyOfRange(head, TAR_MAGIC_AT, head.length), TAR_MAGIC);
    if (tar && !begins(head, TAR_NAME)) {
      throw unsupported(dump, "is a tar that pg_dump has not written. Unpack it first");
    }
    return tar ? TAR : PLAIN;
  }

  private static boolean begins(byte[] head, byte[] magic) {
    return head.length >= magic.length
        && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
  }

  private static BackupException unsupported(Path dump, String why) {
    return new BackupException(Kind.UNSUPPORTED, dump + " is not imported: it " + why);
  }

  /** Opens a file, and decompresses it if it is of gzip; the caller closes the stream. */
  static InputStream open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    try {
      in.mark(GZIP.length);
      boolean compressed = begins(in.readNBytes(GZIP.length), GZIP);
      in.reset();
      return compressed ? new GZIPInputStream(in, BUFFER) : in;
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** Whether a file is of gzip. */
  static boolean isCompressed(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return begins(in.readNBytes(GZIP.length), GZIP);
    }
  }
}
