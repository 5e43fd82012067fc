package dev.copperplate.backup.target;

import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Puts one object: writes a temporary file beside the final name, syncs it, gives it the name in
 * one step, and syncs the directories. So at any moment the name stands for the whole object or for
 * nothing.
 */
final class Upload {

  /** Bytes in flight; the JDK copies each write into a buffer of this size that it keeps. */
  static final int BUFFER = 128 * 1024;

  private final Disk disk;
  private final Layout layout;
  private final HardLinks links;
  private final Leftovers leftovers;
  private final Path file;
  private final String doing;

  Upload(Disk disk, Layout layout, HardLinks links, Leftovers leftovers, Path file, String doing) {
    this.disk = disk;
    this.layout = layout;
    this.links = links;
    this.leftovers = leftovers;
    this.file = file;
    this.doing = doing;
  }

  void put(Content content, boolean ifAbsent) throws IOException {
    if (!stored(content.length(), ifAbsent)) {
      layout.makeDirectoryOf(file);
      Path temporary = Layout.temporary(file);
      try {
        write(content, temporary);
        name(temporary, ifAbsent);
      } catch (Throwable e) {
        forget(temporary, e);
        throw e;
      }
    }
    // Also for what was stored already: whoever named it may have died before syncing.
    layout.syncNames(file);
  }

  /** Whether the same object is there already. */
  private boolean stored(long length, boolean ifAbsent) throws IOException {
    Disk.Stat found = layout.find(file);
    if (found == null) {
      return false;
    }
    if (found.type() != Disk.Type.FILE) {
      throw new Refusal(
          Kind.UNSUPPORTED,
          "a file system keeps no object where it has a directory, as at " + file);
    }
    if (ifAbsent) {
      throw exists();
    }
    if (found.size() != length) {
      throw new Refusal(
          Kind.CONFLICT,
          "the object is stored with "
              + found.size()
              + " bytes, but now has "
              + length
              + "; look at "
              + file
              + ", and remove it if it is the damaged one");
    }
    return true;
  }

  private void write(Content content, Path temporary) throws IOException {
    try (Disk.NewFile out = disk.create(temporary)) {
      leftovers.clearBeside(temporary);
      copy(content, out);
      // Before the sync, so that the permissions are as durable as the bytes.
      disk.protect(temporary, layout.groupReadable());
      out.sync();
    }
  }

  private void copy(Content content, Disk.NewFile out) throws IOException {
    byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER, content.length()))];
    try (MeasuredContent in = new MeasuredContent(content)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        DiskFailures.stopIfInterrupted(doing);
        out.write(ByteBuffer.wrap(buffer, 0, count));
      }
    }
    DiskFailures.stopIfInterrupted(doing);
  }

  private void name(Path temporary, boolean ifAbsent) throws IOException {
    if (!ifAbsent) {
      disk.rename(temporary, file);
      return;
    }
    link(temporary);
    try {
      disk.delete(temporary);
    } catch (IOException e) {
      // A second name of the object that no listing shows; cleared with the leftovers.
    }
  }

  private void link(Path temporary) throws IOException {
    try {
      disk.link(temporary, file);
    } catch (FileAlreadyExistsException e) {
      throw exists();
    } catch (IOException | UnsupportedOperationException e) {
      if (links.lacking()) {
        throw noLinks();
      }
      throw e;
    }
  }

  private void forget(Path temporary, Throwable why) {
    try {
      disk.delete(temporary);
    } catch (NoSuchFileException e) {
      // It was never made.
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  private Refusal exists() {
    return new Refusal(Kind.ALREADY_EXISTS, file + " exists");
  }

  private Refusal noLinks() {
    return new Refusal(
        Kind.UNSUPPORTED,
        "the file system has no hard links, so it cannot let one of several writers win."
            + " Choose a place that has them");
  }
}
