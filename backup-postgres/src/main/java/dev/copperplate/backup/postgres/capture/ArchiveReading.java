package dev.copperplate.backup.postgres.capture;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.SnapshotWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Puts the members of the server's archives into the snapshot, one file each, and notes their sizes
 * and checksums. Links are left out: they lead to tablespaces, which are archives of their own.
 */
final class ArchiveReading {

  private static final int PIECE = 128 << 10;
  private static final int PERMISSIONS = 0777;

  private final SnapshotWriter writer;
  private final EntryPath root;
  private final ReceivedFiles received;
  private final byte[] piece = new byte[PIECE];

  ArchiveReading(SnapshotWriter writer, EntryPath root, ReceivedFiles received) {
    this.writer = writer;
    this.root = root;
    this.received = received;
  }

  /**
   * Reads one archive.
   *
   * @param below where its members lie below the root, such as {@code pg_tblspc/16385}
   */
  void read(InputStream archive, List<RawName> below) throws IOException {
    // Each byte of a name is one character, so that none is lost.
    TarArchiveInputStream tar =
        new TarArchiveInputStream(archive, StandardCharsets.ISO_8859_1.name());
    for (TarArchiveEntry member; (member = tar.getNextEntry()) != null; ) {
      List<RawName> path = new ArrayList<>(below);
      path.addAll(names(member.getName()));
      if (member.isDirectory()) {
        writer.directory(at(path), attributes(member));
      } else if (isRegular(member)) {
        file(tar, path, attributes(member));
      } else if (!member.isSymbolicLink()) {
        throw refused(member.getName());
      }
    }
  }

  /** The library's own question takes devices for files. */
  private static boolean isRegular(TarArchiveEntry member) {
    byte type = member.getLinkFlag();
    return type == TarConstants.LF_NORMAL || type == TarConstants.LF_OLDNORM;
  }

  private void file(InputStream content, List<RawName> path, Attributes attributes)
      throws IOException {
    CRC32C checksum = new CRC32C();
    long size = 0;
    try (EntryOutput out = writer.file(at(path), attributes)) {
      for (int read; (read = content.read(piece)) > 0; size += read) {
        checksum.update(piece, 0, read);
        out.write(piece, 0, read);
      }
      out.commit();
    }
    received.add(ManifestComparison.joined(new EntryPath(path)), size, (int) checksum.getValue());
  }

  private EntryPath at(List<RawName> path) {
    List<RawName> names = new ArrayList<>(root.names());
    names.addAll(path);
    return new EntryPath(names);
  }

  private static Attributes attributes(TarArchiveEntry member) {
    return Attributes.PLAIN
        .permissions(member.getMode() & PERMISSIONS)
        .modified(member.getLastModifiedTime().toInstant());
  }

  /** The names of a member, none of which may lead out of the directory. */
  private static List<RawName> names(String member) throws BackupException {
    List<RawName> names = new ArrayList<>();
    String relative = member.endsWith("/") ? member.substring(0, member.length() - 1) : member;
    relative = relative.startsWith("./") ? relative.substring(2) : relative;
    for (String each : relative.split("/", -1)) {
      RawName name = RawName.of(each.getBytes(StandardCharsets.ISO_8859_1));
      if (!EntryPath.isValid(name)) {
        throw refused(member);
      }
      names.add(name);
    }
    return names;
  }

  private static BackupException refused(String member) {
    return new BackupException(
        Kind.INVALID,
        "The server's archive holds what no data directory has: '" + RawName.of(member) + "'");
  }
}
