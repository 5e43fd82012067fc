package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading repositories that restic made once and that lie beside the tests: needs no restic. */
class GoldenRepositoryTest {

  private static final String PASSWORD = "golden \u00e9";
  private static final EntryPath TREE = EntryPath.of("tmp/copperplate-golden/tree");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"0.14-v1", "0.14-v2", "0.18-v2"})
  void everyEntryIsWhatTheFileSystemSaid(String name) throws Exception {
    try (BackupRepository repository = open(name)) {
      Snapshot snapshot = only(repository);
      assertEquals("files:/tmp/copperplate-golden/tree", snapshot.source().toString());
      assertEquals("golden.example", snapshot.environment());
      assertEquals(Instant.parse("2026-01-02T03:04:05Z"), snapshot.time());
      assertEquals(Set.of("golden", "audited"), snapshot.tags());
      assertNotEquals(
          snapshot.id().hex(), snapshot.run().value(), "the tagged one has an original");
      assertSameLines(expected(name), entries(repository));
      for (Verification each :
          List.of(
              repository.verify(snapshot, Verifiers.structure()),
              repository.verify(snapshot, Verifiers.checksums()))) {
        assertEquals(List.of(), each.findings());
        assertTrue(each.passed());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.14-v2", "0.18-v2"})
  void aBackupIntoVersion2LeavesWhatIsThereAsItWas(String name) throws Exception {
    try (BackupRepository repository = open(name)) {
      byte[] zeros = new byte[9_000_000];
      BackupReport report = repository.backup(new MapSource("zeros", Map.of("zeros", zeros)));
      assertEquals(1, report.dataBlobs(), "restic cut and stored the zeros already");
      assertTrue(repository.verify(report.snapshot(), Verifiers.checksums()).passed());
      repository.backup(new MapSource("other", Map.of("file", new byte[] {1, 2, 3})));
    }
    try (BackupRepository again = opened(name)) {
      assertEquals(3, again.list(SnapshotFilter.ALL).size());
      assertSameLines(expected(name), entries(again));
    }
  }

  @Test
  void aBackupIntoVersion1IsRefused() throws Exception {
    try (BackupRepository repository = open("0.14-v1")) {
      BackupException refused =
          assertThrows(
              BackupException.class, () -> repository.backup(new MapSource("any", Map.of())));
      assertEquals(Kind.UNSUPPORTED, refused.kind());
    }
  }

  private BackupRepository open(String name) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(resource("repositories.zip"))) {
      for (ZipEntry each = zip.getNextEntry(); each != null; each = zip.getNextEntry()) {
        if (each.getName().startsWith(name + "/")) {
          Path file = directory.resolve(each.getName());
          Files.createDirectories(file.getParent());
          Files.copy(zip, file);
        }
      }
    }
    return opened(name);
  }

  private BackupRepository opened(String name) throws IOException {
    return BackupRepository.open(
        LocalTarget.at(directory.resolve(name)), Passwords.of(PASSWORD::toCharArray));
  }

  private static InputStream resource(String name) {
    return GoldenRepositoryTest.class.getResourceAsStream("golden/" + name);
  }

  private static List<String> expected(String name) throws IOException {
    try (InputStream in = resource("expected.txt")) {
      List<String> all = new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
      return all.stream()
          .skip(all.indexOf("# " + name) + 1L)
          .takeWhile(each -> !each.startsWith("# "))
          .toList();
    }
  }

  private static Snapshot only(BackupRepository repository) throws IOException {
    List<Snapshot> all = repository.list(SnapshotFilter.ALL);
    assertEquals(1, all.size());
    return all.get(0);
  }

  private static void assertSameLines(List<String> expected, List<String> actual) {
    for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
      assertEquals(expected.get(i), actual.get(i));
    }
    assertEquals(expected.size(), actual.size());
  }

  /** The entries of the oldest snapshot in the form of the expected ones. */
  private static List<String> entries(BackupRepository repository) throws IOException {
    List<Snapshot> all = repository.list(SnapshotFilter.ALL);
    List<String> lines = new ArrayList<>();
    try (SnapshotReader reader = repository.open(all.get(all.size() - 1));
        Cursor<Entry> walk = reader.walk(TREE, Integer.MAX_VALUE)) {
      for (Entry entry = walk.next(); entry != null; entry = walk.next()) {
        lines.add(line(reader, entry));
      }
    }
    return lines;
  }

  private static String line(SnapshotReader reader, Entry entry) throws IOException {
    Attributes attributes = entry.attributes();
    Instant modified = attributes.modified();
    StringJoiner line = new StringJoiner("\t");
    List<RawName> below =
        entry.path().names().subList(TREE.names().size(), entry.path().names().size());
    line.add(below.stream().map(GoldenRepositoryTest::quoted).collect(Collectors.joining("/")));
    line.add(entry.type().name());
    line.add(Integer.toOctalString(attributes.permissions()));
    line.add(attributes.uid() + ":" + attributes.gid());
    line.add(
        String.valueOf(
            Math.addExact(
                Math.multiplyExact(modified.getEpochSecond(), 1_000_000_000), modified.getNano())));
    line.add(String.valueOf(attributes.links()));
    line.add(String.valueOf(entry.size()));
    line.add(content(reader, entry));
    line.add(
        attributes.extended().entrySet().stream()
            .map(
                each ->
                    each.getKey() + "=" + HexFormat.of().formatHex(each.getValue().toByteArray()))
            .collect(Collectors.joining(",")));
    return line.toString();
  }

  private static String content(SnapshotReader reader, Entry entry) throws IOException {
    if (entry.type() == EntryType.FILE) {
      try (InputStream in = reader.open(entry, ByteRange.ALL)) {
        return Sha256.hash(in.readAllBytes()).hex();
      }
    }
    return entry.linkTarget().map(GoldenRepositoryTest::quoted).orElse("");
  }

  private static String quoted(RawName name) {
    StringBuilder quoted = new StringBuilder();
    for (byte each : name.toByteArray()) {
      boolean plain = "/.-".indexOf(each) >= 0 || each > 0 && Character.isLetterOrDigit(each);
      quoted.append(
          plain
              ? String.valueOf((char) each)
              : "%" + HexFormat.of().withUpperCase().toHexDigits(each));
    }
    return quoted.toString();
  }
}
