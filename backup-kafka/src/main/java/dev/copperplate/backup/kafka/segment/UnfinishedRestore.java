package dev.copperplate.backup.kafka.segment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Stands in a log directory from before the first change of a restore until after its last one. No
 * broker starts meanwhile: a broker refuses log directories with directories that are called
 * otherwise than partitions, and names them. Whoever restores again sees which partitions hold
 * nothing but what was begun.
 */
final class UnfinishedRestore {

  /** Without a hyphen, so that it is of no partition. */
  static final String NAME = "copperplate.restore.unfinished";

  private static final String LIST = "partitions";
  private static final String REMARK = "# ";
  private static final int MOST = 300_000_000;

  private static final String TEXT =
      REMARK
          + "A restore onto this log directory began and did not end: these partitions are not\n"
          + REMARK
          + "whole, and no broker starts on them. Restore again. Whoever gives them up empties\n"
          + REMARK
          + "their directories but for partition.metadata, and removes this directory.\n";

  private final Path directory;

  UnfinishedRestore(Path logDirectory) {
    this.directory = logDirectory.resolve(NAME);
  }

  /** The directories of partitions that one left unfinished; empty if none did. */
  SortedSet<String> partitions() throws IOException {
    Path list = directory.resolve(LIST);
    try (InputStream in = Files.newInputStream(list, LinkOption.NOFOLLOW_LINKS)) {
      String text = new String(in.readNBytes(MOST), StandardCharsets.UTF_8);
      return text.lines()
          .filter(each -> !each.isBlank() && !each.startsWith(REMARK))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (NoSuchFileException noneOrNotBegun) {
      return new TreeSet<>();
    }
  }

  /** Notes which partitions are not whole from now on, before they are touched. */
  void begin(Collection<String> partitions) throws IOException {
    try {
      Files.createDirectory(directory);
      PlacedFiles.adopt(directory);
    } catch (FileAlreadyExistsException unfinished) {
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        throw unfinished;
      }
    }
    String text = partitions.stream().sorted().collect(Collectors.joining("\n", TEXT, "\n"));
    PlacedFiles.replace(directory.resolve(LIST), text.getBytes(StandardCharsets.UTF_8));
    PlacedFiles.force(directory);
    PlacedFiles.force(directory.resolveSibling("."));
  }

  /** Lets brokers start again; everything is on disk. */
  void end() throws IOException {
    Files.deleteIfExists(directory.resolve(LIST));
    Files.delete(directory);
    PlacedFiles.force(directory.resolveSibling("."));
  }
}
