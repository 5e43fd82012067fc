package dev.copperplate.backup.postgres.restore;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Workers;
import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Writes into directories that this restore has made, and lets the disk have it. */
final class NewFiles {

  private static final int BATCH = 32;

  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private NewFiles() {}

  /** Makes a file that was not there. */
  static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
        PRIVATE);
  }

  /** Writes a file and returns its size. */
  static long write(Path file, InputStream content) throws IOException {
    try (FileChannel channel = create(file);
        OutputStream out = new Refusing(file, Channels.newOutputStream(channel))) {
      return content.transferTo(out);
    }
  }

  static void write(Path file, byte[] content) throws IOException {
    write(file, new ByteArrayInputStream(content));
  }

  /** Tells a full disk from other failures of a write. */
  private static final class Refusing extends FilterOutputStream {
    private final Path file;

    Refusing(Path file, OutputStream out) {
      super(out);
      this.file = file;
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      try {
        out.write(bytes, from, count);
      } catch (IOException refused) {
        String why = String.valueOf(refused.getMessage());
        if (why.contains("No space left") || why.contains("quota")) {
          throw new BackupException(
              Kind.FULL,
              "Restore stopped at " + file + ": the file system of the destination is full",
              refused);
        }
        throw refused;
      }
    }
  }

  /** Waits until the file or directory is on disk. */
  static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Waits until the directory and all below it is on disk. Links are not followed. */
  static void forceAll(Path directory, Workers workers) throws IOException, InterruptedException {
    List<Path> batch = new ArrayList<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Iterator<Path> each = all.iterator(); each.hasNext(); ) {
        batch.add(each.next());
        if (batch.size() == BATCH) {
          force(batch, workers);
          batch = new ArrayList<>();
        }
      }
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    }
    force(batch, workers);
    workers.join();
    Path parent = directory.getParent();
    if (parent != null) {
      force(parent);
    }
  }

  private static void force(List<Path> batch, Workers workers)
      throws IOException, InterruptedException {
    workers.submit(
        () -> {
          for (Path each : batch) {
            if (!Files.isSymbolicLink(each)) {
              force(each);
            }
          }
          return batch.size();
        });
  }
}
