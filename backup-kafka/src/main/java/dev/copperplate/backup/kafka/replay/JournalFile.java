package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A small file of lines {@code name=value}: whole on disk, or not there. */
final class JournalFile {

  private static final int MOST_BYTES = 1 << 16;

  private final Path path;
  private final Map<String, String> values;

  private JournalFile(Path path, Map<String, String> values) {
    this.path = path;
    this.values = values;
  }

  static Optional<JournalFile> read(Path path) throws IOException {
    String text;
    try {
      if (Files.size(path) > MOST_BYTES) {
        throw damaged(path);
      }
      text = Files.readString(path);
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
    Map<String, String> values = new TreeMap<>();
    for (String line : text.lines().toList()) {
      int at = line.indexOf('=');
      if (at < 1) {
        throw damaged(path);
      }
      values.put(line.substring(0, at), line.substring(at + 1));
    }
    return Optional.of(new JournalFile(path, values));
  }

  /** Puts the values in the place of what the file has. When this returns they are on disk. */
  static void write(Path path, Map<String, ?> values) throws IOException {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(values).forEach((name, value) -> text.append(name + "=" + value + "\n"));
    Path directory = parent(path);
    Files.createDirectories(directory);
    Path fresh = directory.resolve(path.getFileName() + ".new");
    try (FileChannel file =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(true);
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(directory);
    force(parent(directory));
  }

  private static Path parent(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    return parent == null ? path.toAbsolutePath() : parent;
  }

  /** A name is on disk when its directory is. */
  private static void force(Path directory) throws IOException {
    try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  String text(String name) throws BackupException {
    String value = values.get(name);
    if (value == null) {
      throw damaged(path);
    }
    return value;
  }

  long number(String name) throws BackupException {
    try {
      return Long.parseLong(text(name));
    } catch (NumberFormatException malformed) {
      throw damaged(path);
    }
  }

  private static BackupException damaged(Path path) {
    return new BackupException(
        Kind.DAMAGED,
        path + " is no file of a restore's journal. Restore into other topics with a new journal");
  }
}
