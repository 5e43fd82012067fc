package dev.copperplate.backup.postgres.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveReadingProperties {

  private static final EntryPath ROOT = EntryPath.of("cluster");

  @Provide
  Arbitrary<Map<String, byte[]>> files() {
    Arbitrary<String> names =
        Arbitraries.strings()
            .withChars("abc 0.-_\u00e4\u0001")
            .ofMinLength(1)
            .ofMaxLength(20)
            .filter(each -> !each.equals(".") && !each.equals(".."));
    Arbitrary<byte[]> contents =
        Arbitraries.bytes()
            .array(byte[].class)
            .ofMaxSize(3000)
            .edgeCases(edges -> edges.add(new byte[512], new byte[1024]));
    return Arbitraries.maps(names, contents).ofMaxSize(6);
  }

  @Property(tries = 60)
  void whateverPiecesArriveTheFilesAreTheSame(
      @ForAll("files") Map<String, byte[]> files, @ForAll long seed, @ForAll boolean trailer)
      throws Exception {
    byte[] archive = tar(files, trailer);
    ReceivedFiles received = new ReceivedFiles();
    try (BackupRepository repository = repository()) {
      Snapshot snapshot = captured(repository, new Pieces(archive, seed), received);

      assertEquals(files.size(), received.count());
      try (SnapshotReader reader = repository.open(snapshot)) {
        for (Map.Entry<String, byte[]> each : files.entrySet()) {
          byte[] name = each.getKey().getBytes(StandardCharsets.ISO_8859_1);
          EntryPath path = ROOT.child("16385").child(RawName.of(name));
          assertArrayEquals(
              each.getValue(),
              reader.open(reader.entry(path).orElseThrow(), ByteRange.ALL).readAllBytes());
          CRC32C sum = new CRC32C();
          sum.update(each.getValue());
          byte[] joined = ("16385/" + each.getKey()).getBytes(StandardCharsets.ISO_8859_1);
          assertEquals(
              ReceivedFiles.Match.SAME,
              received.compare(joined, each.getValue().length, (int) sum.getValue()));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../escaped", "a/../../b", "/etc/passwd", "a//b", "a/./b", ".."})
  void aMemberThatWouldLeaveTheDirectoryIsRefused(String name) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.putArchiveEntry(new TarArchiveEntry(name, true));
      tar.closeArchiveEntry();
    }
    try (BackupRepository repository = repository()) {
      BackupException refused =
          assertThrows(
              BackupException.class,
              () ->
                  captured(
                      repository,
                      new ByteArrayInputStream(bytes.toByteArray()),
                      new ReceivedFiles()));
      assertEquals(BackupException.Kind.INVALID, refused.kind());
      assertEquals(List.of(), repository.list(SnapshotFilter.ALL));
    }
  }

  @ParameterizedTest
  @ValueSource(
      bytes = {
        TarConstants.LF_LINK,
        TarConstants.LF_CHR,
        TarConstants.LF_BLK,
        TarConstants.LF_FIFO
      })
  void aMemberThatIsNoFileDirectoryOrLinkToATablespaceIsRefused(byte type) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.putArchiveEntry(new TarArchiveEntry("strange", type));
      tar.closeArchiveEntry();
    }
    try (BackupRepository repository = repository()) {
      assertThrows(
          BackupException.class,
          () ->
              captured(
                  repository, new ByteArrayInputStream(bytes.toByteArray()), new ReceivedFiles()));
    }
  }

  private static BackupRepository repository() throws IOException {
    return TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
  }

  private static Snapshot captured(
      BackupRepository repository, InputStream archive, ReceivedFiles received) throws Exception {
    return repository
        .backup(
            new BackupSource() {
              @Override
              public SourceId id() {
                return new SourceId("postgres", "split");
              }

              @Override
              public void capture(SnapshotWriter writer, CaptureContext context)
                  throws IOException {
                new ArchiveReading(writer, ROOT, received)
                    .read(archive, List.of(RawName.of("16385")));
              }
            })
        .snapshot();
  }

  private static byte[] tar(Map<String, byte[]> files, boolean trailer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int end;
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(bytes, StandardCharsets.ISO_8859_1.name())) {
      for (Map.Entry<String, byte[]> each : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(each.getKey());
        entry.setSize(each.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(each.getValue());
        tar.closeArchiveEntry();
      }
      tar.flush();
      end = bytes.size();
    }
    // Servers before 15 end an archive without the blocks of zeros.
    return trailer ? bytes.toByteArray() : Arrays.copyOf(bytes.toByteArray(), end);
  }

  /** Gives its bytes in pieces of any size. */
  private static final class Pieces extends ByteArrayInputStream {

    private final Random random;

    Pieces(byte[] bytes, long seed) {
      super(bytes);
      random = new Random(seed);
    }

    @Override
    public synchronized int read(byte[] into, int offset, int length) {
      return super.read(into, offset, length == 0 ? 0 : 1 + random.nextInt(length));
    }
  }
}
