package dev.copperplate.backup.repository.capture;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import java.util.Optional;

/** A file of the capture that is going on; its content may still be on the way. */
record CapturedFile(EntryPath path, Attributes attributes, long size, FileContent content)
    implements Entry {

  @Override
  public EntryType type() {
    return EntryType.FILE;
  }

  @Override
  public Optional<RawName> linkTarget() {
    return Optional.empty();
  }

  @Override
  public long deviceNumber() {
    return 0;
  }

  @Override
  public String toString() {
    return type() + " " + path;
  }
}
