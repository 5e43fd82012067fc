package dev.copperplate.backup.postgres.basebackup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.postgres.Lsn;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BackupManifestTest {

  private static final BackupManifest.Wal WAL =
      new BackupManifest.Wal(1, Lsn.parse("0/2000028"), Lsn.parse("0/2000120"));

  @Provide
  Arbitrary<ManifestFile> files() {
    Arbitrary<byte[]> names =
        Arbitraries.oneOf(
                Arbitraries.strings().ofMinLength(1).ofMaxLength(9).map(BackupManifestTest::utf8),
                Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(9))
            .filter(each -> EntryPath.isValid(RawName.of(each)));
    Arbitrary<EntryPath> paths =
        names.list().ofMinSize(1).ofMaxSize(4).map(BackupManifestTest::path);
    return Combinators.combine(
            paths,
            Arbitraries.longs().greaterOrEqual(0),
            Arbitraries.longs().between(0, 4_000_000_000L),
            Arbitraries.of(ChecksumAlgorithm.class))
        .as(
            (path, size, time, algorithm) ->
                new ManifestFile(
                    path, size, Instant.ofEpochSecond(time), algorithm, algorithm.begin().hex()));
  }

  @Property(tries = 200)
  void aManifestIsReadBackAsItWasWritten(
      @ForAll @Size(max = 6) List<@From("files") ManifestFile> files, @ForAll boolean second)
      throws IOException {
    Optional<String> identifier =
        second ? Optional.of(Long.toUnsignedString(-5)) : Optional.empty();
    List<ManifestFile> read = new ArrayList<>();
    BackupManifest manifest = read(written(identifier, files), read);
    assertEquals(files, read);
    assertEquals(new BackupManifest(second ? 2 : 1, identifier, List.of(WAL)), manifest);
  }

  @Property(tries = 300)
  void aByteThatChangedIsFound(
      @ForAll @Size(min = 1, max = 3) List<@From("files") ManifestFile> files,
      @ForAll @IntRange(max = 1_000_000) int where,
      @ForAll @IntRange(max = 7) int bit)
      throws IOException {
    byte[] manifest = written(Optional.of("7"), files);
    manifest[where % manifest.length] ^= (byte) (1 << bit);
    try {
      List<ManifestFile> read = new ArrayList<>();
      read(manifest, read);
      assertEquals(files, read, "only the sum's own spelling can change without harm");
    } catch (BackupException found) {
      assertTrue(found.kind() == Kind.DAMAGED || found.kind() == Kind.UNSUPPORTED);
    }
  }

  @Property
  void noTextBreaksTheReader(@ForAll("texts") String text) throws IOException {
    try {
      read(utf8(text), new ArrayList<>());
    } catch (BackupException refused) {
      assertTrue(refused.kind() == Kind.DAMAGED || refused.kind() == Kind.UNSUPPORTED);
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings(),
        Arbitraries.of(
                "{",
                "}",
                "[",
                "]",
                ":",
                ",",
                "\n",
                "\"Files\"",
                "\"Path\"",
                "\"../x\"",
                "1",
                "-1",
                "\"WAL-Ranges\"",
                "\"Size\"",
                "1e9",
                "\"PostgreSQL-Backup-Manifest-Version\"")
            .list()
            .ofMaxSize(20)
            .map(parts -> String.join("", parts)));
  }

  @Test
  void theFormIsTheServers() throws IOException {
    ManifestFile file =
        new ManifestFile(
            EntryPath.of("base/1/\"2"),
            8192,
            Instant.parse("2026-03-01T10:00:00Z"),
            ChecksumAlgorithm.CRC32C,
            "0a0b0c0d");
    String text = new String(written(Optional.of("42"), List.of(file)), StandardCharsets.UTF_8);
    assertEquals(
        """
        { "PostgreSQL-Backup-Manifest-Version": 2,
        "System-Identifier": 42,
        "Files": [
        { "Path": "base/1/\\"2", "Size": 8192, "Last-Modified": "2026-03-01 10:00:00 GMT", \
        "Checksum-Algorithm": "CRC32C", "Checksum": "0a0b0c0d" }
        ],
        "WAL-Ranges": [
        { "Timeline": 1, "Start-LSN": "0/2000028", "End-LSN": "0/2000120" }
        ],
        """,
        text.substring(0, text.indexOf("\"Manifest-Checksum\"")));
  }

  @Test
  void crc32cHasItsLowestByteFirst() {
    FileChecksum checksum = ChecksumAlgorithm.CRC32C.begin();
    checksum.update(utf8("123456789"), 0, 9);
    assertEquals("839206e3", checksum.hex());
  }

  @Test
  void pathsThatLeadElsewhereAreRefused() throws IOException {
    for (String hostile : List.of("../x", "/etc/passwd", "a//b", "a/../b", "", ".", "a/")) {
      byte[] manifest =
          signed(
              "{ \"PostgreSQL-Backup-Manifest-Version\": 1,\n\"Files\": [\n{ \"Path\": \""
                  + hostile
                  + "\", \"Size\": 1, \"Last-Modified\": \"2026-03-01 10:00:00 GMT\" }\n],\n"
                  + "\"WAL-Ranges\": [\n],\n");
      refused(Kind.DAMAGED, manifest);
    }
  }

  @Test
  void aVersionOfTomorrowIsNamed() throws IOException {
    byte[] manifest = signed("{ \"PostgreSQL-Backup-Manifest-Version\": 3,\n\"Files\": [\n],\n");
    assertTrue(refused(Kind.UNSUPPORTED, manifest).getMessage().contains("version 3"));
  }

  @Test
  void aLineWithoutEndIsNotKept() throws IOException {
    refused(
        Kind.DAMAGED, utf8("{ \"PostgreSQL-Backup-Manifest-Version\": 1," + " ".repeat(1 << 20)));
  }

  @Test
  void whatFollowsTheManifestIsRefused() throws IOException {
    byte[] manifest = written(Optional.empty(), List.of());
    ByteArrayOutputStream longer = new ByteArrayOutputStream();
    longer.writeBytes(manifest);
    longer.writeBytes(utf8("{}\n"));
    refused(Kind.DAMAGED, longer.toByteArray());
  }

  @Test
  void aCombinedLabelLosesWhatMakesItIncremental() {
    String label =
        """
        START WAL LOCATION: 0/9000028 (file 000000010000000000000009)
        CHECKPOINT LOCATION: 0/9000080
        BACKUP METHOD: streamed
        BACKUP FROM: standby
        START TIME: 2026-03-01 10:00:00 GMT
        LABEL: nightly
        START TIMELINE: 1
        INCREMENTAL FROM LSN: 0/7000028
        INCREMENTAL FROM TLI: 1
        """;
    BackupLabel read = BackupLabel.parse(utf8(label));
    assertEquals(
        new BackupLabel(
            Lsn.parse("0/9000028"),
            Lsn.parse("0/9000080"),
            1,
            true,
            Optional.of(Lsn.parse("0/7000028"))),
        read);
    byte[] combined = BackupLabel.combined(utf8(label));
    assertArrayEquals(utf8(label.substring(0, label.indexOf("INCREMENTAL"))), combined);
    assertEquals(Optional.empty(), BackupLabel.parse(combined).incrementalFrom());
  }

  @Test
  void aLabelThatLacksWhereToBeginIsNone() {
    for (String none : List.of("", "START WAL LOCATION: x\n", "LABEL: START WAL LOCATION: 0/1\n")) {
      assertThrows(IllegalArgumentException.class, () -> BackupLabel.parse(utf8(none)));
    }
    byte[] huge = new byte[BackupLabel.MAX_BYTES + 1];
    assertThrows(IllegalArgumentException.class, () -> BackupLabel.parse(huge));
  }

  private static BackupException refused(Kind kind, byte[] manifest) {
    BackupException refused =
        assertThrows(BackupException.class, () -> read(manifest, new ArrayList<>()));
    assertEquals(kind, refused.kind(), refused.getMessage());
    return refused;
  }

  private static BackupManifest read(byte[] manifest, List<ManifestFile> into) throws IOException {
    return BackupManifest.read(new ByteArrayInputStream(manifest), into::add);
  }

  private static byte[] written(Optional<String> identifier, List<ManifestFile> files)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ManifestWriter writer = new ManifestWriter(out, identifier);
    for (ManifestFile each : files) {
      writer.add(each);
    }
    writer.finish(List.of(WAL));
    return out.toByteArray();
  }

  private static byte[] signed(String text) {
    FileChecksum sum = ChecksumAlgorithm.SHA256.begin();
    sum.update(utf8(text), 0, utf8(text).length);
    return utf8(text + "\"Manifest-Checksum\": \"" + sum.hex() + "\"}\n");
  }

  private static EntryPath path(List<byte[]> names) {
    EntryPath path = EntryPath.ROOT;
    for (byte[] each : names) {
      path = path.child(RawName.of(each));
    }
    return path;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
