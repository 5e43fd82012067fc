package dev.copperplate.backup.postgres.restore;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import java.util.Optional;

/**
 * A file or directory as it is to be restored.
 *
 * @param path below the directory that is restored
 * @param stored what it is in the newest snapshot
 * @param combined whether {@code stored} holds a part of it only
 * @param size bytes
 */
record ClusterEntry(EntryPath path, Entry stored, boolean combined, long size) implements Entry {

  @Override
  public EntryType type() {
    return stored.type();
  }

  /** The server wants its files closed to others; owners are those of whoever restores. */
  @Override
  public Attributes attributes() {
    Attributes plain =
        type() == EntryType.DIRECTORY ? Attributes.PLAIN_DIRECTORY : Attributes.PLAIN;
    return plain.modified(stored.attributes().modified());
  }

  @Override
  public Optional<RawName> linkTarget() {
    return Optional.empty();
  }

  @Override
  public long deviceNumber() {
    return 0;
  }
}
