package dev.copperplate.backup.kafka.segment;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * Makes files of a directory that belong to whom the directory belongs, and lets the disk have
 * them. No link is followed.
 */
final class PlacedFiles {

  private static final int BUFFER = 1 << 16;

  private static final Set<PosixFilePermission> EXECUTION =
      EnumSet.of(
          PosixFilePermission.OWNER_EXECUTE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_EXECUTE);

  private PlacedFiles() {}

  /** Makes a file that was not there. On disk when it was closed; the caller closes it. */
  static OutputStream create(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS));
    try {
      adopt(file);
    } catch (IOException refused) {
      channel.close();
      throw refused;
    }
    return new BufferedOutputStream(new Forced(file, channel), BUFFER);
  }

  /** Puts a file in the place of another, whole or not at all. */
  static void replace(Path file, byte[] content) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(next);
    try (OutputStream out = create(next)) {
      out.write(content);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Gives a new file or directory to whom its directory belongs. */
  static void adopt(Path path) throws IOException {
    PosixFileAttributes like = view(path.resolveSibling(".")).readAttributes();
    PosixFileAttributeView view = view(path);
    PosixFileAttributes own = view.readAttributes();
    if (!own.isDirectory()) {
      Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
      permissions.addAll(like.permissions());
      permissions.removeAll(EXECUTION);
      view.setPermissions(permissions);
    }
    if (!own.group().equals(like.group())) {
      view.setGroup(like.group());
    }
    if (!own.owner().equals(like.owner())) {
      view.setOwner(like.owner());
    }
  }

  private static PosixFileAttributeView view(Path path) {
    return Files.getFileAttributeView(
        path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** Waits until the names in a directory are on disk. */
  static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Forces what was written, and tells a full disk from other failures. */
  private static final class Forced extends FilterOutputStream {
    private final Path file;
    private final FileChannel channel;

    Forced(Path file, FileChannel channel) {
      super(Channels.newOutputStream(channel));
      this.file = file;
      this.channel = channel;
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
              "Restore stopped at "
                  + file
                  + ": the file system is full. Make room and restore again, which begins anew",
              refused);
        }
        throw refused;
      }
    }

    @Override
    public void close() throws IOException {
      try (channel) {
        channel.force(true);
      }
    }
  }
}
