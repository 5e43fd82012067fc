package dev.copperplate.backup.postgres.capture;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.postgres.basebackup.BackupManifest;
import dev.copperplate.backup.postgres.basebackup.ChecksumAlgorithm;
import dev.copperplate.backup.postgres.basebackup.ManifestFile;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Consumer;

/**
 * Stores the server's manifest and compares what arrived with it: each file that differs, is
 * missing or is not in it is an error of the snapshot.
 */
final class ManifestComparison {

  private static final String REMEDY =
      "Take another backup; if it differs again, look for a proxy or a disk that changes data";

  private final ReceivedFiles received;
  private final Consumer<Finding> findings;
  private long listed;

  ManifestComparison(ReceivedFiles received, Consumer<Finding> findings) {
    this.received = received;
    this.findings = findings;
  }

  /** Reads the manifest as it arrives. */
  void read(InputStream manifest, SnapshotWriter writer) throws IOException {
    try (EntryOutput out = writer.file(PhysicalCapture.MANIFEST, Attributes.PLAIN);
        Copying copying = new Copying(manifest, out)) {
      compare(copying);
      copying.transferTo(OutputStream.nullOutputStream());
      out.commit();
    }
  }

  private void compare(InputStream manifest) throws IOException {
    try {
      BackupManifest.read(manifest, this::compare);
    } catch (BackupException e) {
      if (e.kind() != BackupException.Kind.DAMAGED) {
        throw e;
      }
      findings.accept(Finding.error("backup_manifest", String.valueOf(e.getMessage()), REMEDY));
      return;
    }
    if (listed < received.count()) {
      findings.accept(
          Finding.error(
              "backup_manifest",
              received.count() - listed + " files arrived that it does not list",
              REMEDY));
    }
  }

  private void compare(ManifestFile file) {
    listed++;
    if (file.algorithm() != ChecksumAlgorithm.CRC32C) {
      report(file, "has a checksum of another kind than was asked for");
      return;
    }
    switch (received.compare(joined(file.path()), file.size(), crc(file.checksum()))) {
      case SAME -> {
        // as it should be
      }
      case ABSENT -> report(file, "did not arrive");
      case OTHER_SIZE -> report(file, "has another size than the server says");
      case OTHER_CHECKSUM -> report(file, "has another checksum than the server says");
    }
  }

  private void report(ManifestFile file, String what) {
    findings.accept(Finding.error("/cluster" + file.path(), "It " + what, REMEDY));
  }

  /** The four bytes as the server writes them: the lowest one first. */
  private static int crc(String hex) {
    return Integer.reverseBytes(Integer.parseUnsignedInt(hex, 16));
  }

  /** The path as the archives spell it. */
  static byte[] joined(EntryPath path) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (RawName each : path.names()) {
      if (joined.size() > 0) {
        joined.write('/');
      }
      joined.writeBytes(each.toByteArray());
    }
    return joined.toByteArray();
  }

  /** Stores what is read. */
  private static final class Copying extends FilterInputStream {

    private final EntryOutput copy;

    Copying(InputStream in, EntryOutput copy) {
      super(in);
      this.copy = copy;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      if (read > 0) {
        copy.write(into, offset, read);
      }
      return read;
    }
  }
}
