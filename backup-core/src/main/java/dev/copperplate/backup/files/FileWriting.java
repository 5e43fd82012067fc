package dev.copperplate.backup.files;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.files.OpenDirectory.Naming;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.concurrent.Callable;

/**
 * Restores one regular file: content under a temporary name, metadata, then the name.
 *
 * <p>What is wrong with this file alone is reported, and the answer is false; what would be wrong
 * with the next file as well is thrown.
 */
final class FileWriting implements Callable<Boolean>, Closeable {

  private static final long ALMOST_FULL = 1 << 20;

  private final RestoreJob run;
  private final Place place;
  private final Entry entry;
  private final Naming naming;

  /** Keeps the place open until {@link #close}. */
  FileWriting(RestoreJob run, Place place, Entry entry, Naming naming) {
    this.run = run;
    this.place = place;
    this.entry = entry;
    this.naming = naming;
    place.retain();
    run.links().retain();
  }

  /** In which directory the file is. */
  Place place() {
    return place;
  }

  /** How many bytes the file is to have. */
  long size() {
    return entry.size();
  }

  @Override
  public Boolean call() throws IOException, InterruptedException {
    try (this) {
      return attempt();
    }
  }

  private boolean attempt() throws IOException, InterruptedException {
    try {
      return write(run.temporaryName());
    } catch (FileWriteException failure) {
      refused(failure.reason());
      return false;
    } catch (BackupException failure) {
      if (!Reasons.isBrokenContent(failure)) {
        throw failure;
      }
      run.report(
          Finding.error(
              entry.path().toString(),
              "is not restored: " + failure.getMessage(),
              "Restore it from another snapshot"));
      return false;
    }
  }

  @Override
  public void close() {
    run.links().release();
    place.release();
  }

  private boolean write(RawName temporary) throws IOException, InterruptedException {
    OpenDirectory directory = place.directory();
    boolean published = false;
    try {
      long written = content(temporary);
      if (written < 0) {
        return false;
      }
      run.metadata().applyToNew(directory, temporary, entry);
      publish(temporary);
      published = true;
      run.wrote(written);
      return true;
    } finally {
      if (!published) {
        directory.deleteFile(temporary);
      }
    }
  }

  /** Writes the content and returns its size, or -1 if it is not what the snapshot promised. */
  private long content(RawName temporary) throws IOException {
    try (InputStream content = run.snapshot().open(entry, ByteRange.ALL);
        FileChannel file = create(temporary)) {
      long written = new SparseCopy(file).copy(content, entry.size());
      if (written > entry.size()) {
        // More than was announced: it could fill the disk.
        run.report(
            Finding.error(
                entry.path().toString(),
                "is not restored: it has more content than its size " + entry.size(),
                "Check the repository"));
        return -1;
      }
      if (written < entry.size()) {
        run.report(
            Finding.warning(
                entry.path().toString(),
                "has " + written + " bytes, though the snapshot says " + entry.size(),
                "Check the repository"));
      }
      return written;
    }
  }

  private FileChannel create(RawName temporary) throws IOException {
    try {
      return place.directory().create(temporary);
    } catch (IOException refused) {
      throw new FileWriteException(refused);
    }
  }

  private void publish(RawName temporary) throws IOException {
    try {
      run.links().keep(place.directory(), temporary, entry);
      place.directory().publish(temporary, entry.path().name(), naming);
    } catch (IOException refused) {
      throw new FileWriteException(refused);
    }
  }

  private void refused(IOException reason) throws IOException, InterruptedException {
    Reasons.throwIfInterrupted(reason);
    FileStore store = Files.getFileStore(place.directory().path());
    if (store.getUsableSpace() < ALMOST_FULL) {
      throw new BackupException(
          BackupException.Kind.FULL,
          "Restore of " + entry.path() + " stopped: the file system of the destination is full",
          reason);
    }
    run.reportRefused(entry, reason);
  }
}
