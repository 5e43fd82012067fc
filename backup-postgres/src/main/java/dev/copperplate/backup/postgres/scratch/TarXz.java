package dev.copperplate.backup.postgres.scratch;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Unpacks a tar archive that was packed with xz, readable to every user. */
final class TarXz {

  private static final int OWNER = 0100;
  private static final Set<PosixFilePermission> EXECUTABLE =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r--r--");

  private TarXz() {}

  /** Unpacks below an empty directory; nothing comes to lie outside of it. */
  static void unpack(InputStream input, Path directory) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(input)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(entry, tar, directory);
      }
    }
  }

  private static void unpack(TarArchiveEntry entry, InputStream content, Path directory)
      throws IOException {
    Path path = directory.resolve(entry.getName()).normalize();
    requireInside(directory, path, entry);
    makeDirectories(directory, entry.isDirectory() ? path : path.resolve("..").normalize());
    if (entry.isSymbolicLink()) {
      requireInside(directory, path.resolveSibling(entry.getLinkName()).normalize(), entry);
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else if (!entry.isDirectory()) {
      Files.copy(content, path);
      Files.setPosixFilePermissions(path, (entry.getMode() & OWNER) != 0 ? EXECUTABLE : READABLE);
    }
  }

  /** Each by itself: the archive does not name all of them, and a umask would hide them. */
  private static void makeDirectories(Path from, Path to) throws IOException {
    Path each = from;
    for (Path name : from.relativize(to)) {
      each = each.resolve(name);
      if (!Files.isDirectory(each)) {
        Files.createDirectory(each);
        Files.setPosixFilePermissions(each, EXECUTABLE);
      }
    }
  }

  private static void requireInside(Path directory, Path path, TarArchiveEntry entry)
      throws BackupException {
    if (!path.startsWith(directory)) {
      throw new BackupException(
          Kind.INVALID, "Unpacking an embedded server: " + entry.getName() + " leads out of it");
    }
  }
}
