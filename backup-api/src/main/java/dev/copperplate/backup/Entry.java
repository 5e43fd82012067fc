package dev.copperplate.backup;

import java.util.Optional;

/**
 * One file, directory or link inside a snapshot.
 *
 * <p>Made by the engine, which keeps with it where the content lies: pass it back, do not implement
 * it. Immutable.
 */
public interface Entry {

  EntryPath path();

  EntryType type();

  Attributes attributes();

  /** Bytes of a file; 0 for everything else. */
  long size();

  /** Where a symbolic link points; empty for everything else. */
  Optional<RawName> linkTarget();

  /** {@code st_rdev} of a device; 0 for everything else. */
  long deviceNumber();
}
