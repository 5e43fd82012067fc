package dev.copperplate.backup.target;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the JDK reports of a directory into failures with a kind and a remedy. The only place
 * that reads the texts of the operating system.
 *
 * <p>The JDK has types for "no such file", "exists" and "access denied". For the rest it passes on
 * the text of {@code strerror}, which glibc, musl, macOS and Windows word as below in English and
 * translate under other locales. So where the text says nothing to us, the file system is asked:
 * one that is read-only explains a refusal, one without space a failed write. What stays
 * unexplained is {@code UNAVAILABLE}; under a foreign locale that may be a quota.
 */
final class DiskFailures {

  /** Less than this left means full: below it even a new directory may not fit. */
  private static final long NOTHING_LEFT = 64 * 1024;

  private static final List<Reason> REASONS =
      List.of(
          new Reason(
              "No space left on device", Kind.FULL, "Free space there or choose another place"),
          new Reason(
              "not enough space on the disk",
              Kind.FULL,
              "Free space there or choose another place"),
          new Reason(
              "quota exceeded", Kind.FULL, "Raise the quota, free space or choose another place"),
          new Reason(
              "Read-only file system", Kind.DENIED, "Mount it writable or choose another place"),
          new Reason("Permission denied", Kind.DENIED, "Give this process access to it"),
          new Reason("Operation not permitted", Kind.DENIED, "Give this process access to it"),
          new Reason(
              "Too many open files", Kind.UNAVAILABLE, "Raise the limit of open files (ulimit -n)"),
          new Reason("File name too long", Kind.UNSUPPORTED, "Choose a place with longer names"),
          new Reason("File too large", Kind.UNSUPPORTED, "Choose a place that holds larger files"),
          new Reason("Stale file handle", Kind.UNAVAILABLE, "Mount the file system again"));

  private final Path place;
  private final Disk disk;

  DiskFailures(Path place, Disk disk) {
    this.place = place;
    this.disk = disk;
  }

  /**
   * What to throw for a failure.
   *
   * @param doing what was being done to what, such as {@code Put of config to /backups}
   */
  IOException explained(String doing, IOException failure) {
    if (failure instanceof MeasuredContent.Failure foreign) {
      IOException original = foreign.original();
      return original instanceof ClosedByInterruptException ? interrupted(doing) : original;
    }
    if (failure instanceof Refusal refusal) {
      return new BackupException(
          refusal.kind(), doing + " refused: " + refusal.getMessage(), cause(refusal));
    }
    if (failure instanceof ClosedByInterruptException) {
      return interrupted(doing);
    }
    boolean explained =
        failure instanceof BackupException
            || failure instanceof InterruptedIOException
            || failure instanceof ClosedChannelException; // By the caller, who closed the stream.
    return explained ? failure : explain(doing, failure);
  }

  private static @Nullable Throwable cause(Refusal refusal) {
    return refusal.getSuppressed().length == 0 ? null : refusal;
  }

  /** Fails if the thread is interrupted. */
  static void stopIfInterrupted(String doing) throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(doing);
    }
  }

  private static InterruptedIOException interrupted(String doing) {
    Thread.currentThread().interrupt();
    return new InterruptedIOException(doing + " was interrupted");
  }

  private BackupException explain(String doing, IOException failure) {
    Reason reason = reason(failure);
    return new BackupException(
        reason.kind(), doing + " failed: " + said(failure) + ". " + reason.remedy() + ".", failure);
  }

  private Reason reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return new Reason("", Kind.DENIED, "Give this process access to it");
    }
    if (failure instanceof NoSuchFileException) {
      return new Reason("", Kind.UNAVAILABLE, "See whether " + place + " is mounted");
    }
    for (Reason known : REASONS) {
      if (text(failure).contains(known.text())) {
        return known;
      }
    }
    return asked();
  }

  private Reason asked() {
    Disk.Room room = disk.room(place);
    if (room != null && room.readOnly()) {
      return new Reason("", Kind.DENIED, room.volume() + " is read-only: mount it writable");
    }
    if (room != null && room.usable() < NOTHING_LEFT) {
      return new Reason("", Kind.FULL, room.volume() + " is full: free space there");
    }
    return new Reason("", Kind.UNAVAILABLE, "See whether " + place + " is mounted and sound");
  }

  private static String said(IOException failure) {
    if (failure instanceof AccessDeniedException denied) {
      return "no permission for " + denied.getFile();
    }
    if (failure instanceof NoSuchFileException missing) {
      return missing.getFile() + " is gone";
    }
    return text(failure);
  }

  /** Whether the file system lacks the call, rather than refusing it. */
  static boolean meansNoSuchCall(IOException failure) {
    String text = text(failure);
    return text.contains("not supported")
        || text.contains("Invalid argument")
        || text.contains("Inappropriate ioctl");
  }

  private static String text(IOException failure) {
    String text =
        failure instanceof FileSystemException named && named.getReason() != null
            ? named.getReason()
            : failure.getMessage();
    return text == null ? failure.toString() : text;
  }

  /** What a text of the operating system means to a caller. */
  private record Reason(String text, Kind kind, String remedy) {}
}
