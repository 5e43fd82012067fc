package dev.copperplate.backup.postgres.restore;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.basebackup.BackupManifest;
import dev.copperplate.backup.postgres.basebackup.ChecksumAlgorithm;
import dev.copperplate.backup.postgres.basebackup.FileChecksum;
import dev.copperplate.backup.postgres.basebackup.ManifestFile;
import dev.copperplate.backup.postgres.basebackup.ManifestWriter;
import dev.copperplate.backup.postgres.inventory.BaseFacts;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The server's manifest of the newest base. It is read anew each time that it is wanted, so that it
 * is never in memory.
 */
final class StoredManifest {

  private final SnapshotReader base;
  private final Entry entry;
  private final BackupManifest manifest;
  private final ChecksumAlgorithm algorithm;

  private StoredManifest(
      SnapshotReader base, Entry entry, BackupManifest manifest, ChecksumAlgorithm algorithm) {
    this.base = base;
    this.entry = entry;
    this.manifest = manifest;
    this.algorithm = algorithm;
  }

  /** Reads it once. */
  static StoredManifest of(SnapshotReader base, BaseFacts facts) throws IOException {
    EntryPath path = CombinedCluster.ROOT.child(BackupManifest.NAME);
    Entry entry =
        base.entry(path)
            .orElseThrow(
                () ->
                    new BackupException(
                        Kind.DAMAGED, "The base has no " + path + ". Restore another base"));
    AtomicReference<ChecksumAlgorithm> algorithm = new AtomicReference<>(ChecksumAlgorithm.NONE);
    BackupManifest manifest = read(base, entry, file -> algorithm.set(file.algorithm()));
    if (manifest.systemIdentifier().filter(each -> !each.equals(facts.identity())).isPresent()) {
      throw new BackupException(
          Kind.DAMAGED,
          "The base says that it is of the system "
              + facts.identity()
              + ", and its backup_manifest says "
              + manifest.systemIdentifier().get()
              + ". Restore another base");
    }
    return new StoredManifest(base, entry, manifest, Objects.requireNonNull(algorithm.get()));
  }

  private static BackupManifest read(
      SnapshotReader base, Entry entry, BackupManifest.Visitor visitor) throws IOException {
    try (InputStream in = base.open(entry, ByteRange.ALL)) {
      return BackupManifest.read(in, visitor);
    }
  }

  /** How the server summed up the files. */
  ChecksumAlgorithm algorithm() {
    return algorithm;
  }

  /** Hands out the files of the base as they are stored. */
  void visit(BackupManifest.Visitor visitor) throws IOException {
    read(base, entry, visitor);
  }

  /**
   * Writes the manifest of what was restored.
   *
   * @param replaced files of the data directory that are not as they were stored, by name
   */
  void write(Path file, CombinedCluster cluster, Map<String, byte[]> replaced) throws IOException {
    try (OutputStream out =
        new BufferedOutputStream(Channels.newOutputStream(NewFiles.create(file)))) {
      ManifestWriter writer = new ManifestWriter(out, manifest.systemIdentifier());
      visit(each -> write(each, cluster, replaced, writer));
      writer.finish(manifest.wal());
    }
  }

  private static void write(
      ManifestFile file,
      CombinedCluster cluster,
      Map<String, byte[]> replaced,
      ManifestWriter writer)
      throws IOException {
    String name = file.path().names().size() == 1 ? file.path().name().toString() : "";
    byte[] content = replaced.get(name);
    if (content != null) {
      writer.add(replaced(file, content));
    } else if (!name.equals("tablespace_map")) {
      writer.add(cluster.combined().getOrDefault(file.path(), file));
    }
  }

  private static ManifestFile replaced(ManifestFile file, byte[] content) {
    FileChecksum checksum = file.algorithm().begin();
    checksum.update(content, 0, content.length);
    return new ManifestFile(
        file.path(), content.length, file.modified(), file.algorithm(), checksum.hex());
  }
}
