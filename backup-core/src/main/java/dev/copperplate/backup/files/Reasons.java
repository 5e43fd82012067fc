package dev.copperplate.backup.files;

import dev.copperplate.backup.BackupException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/** Words for what a file system refused: its exceptions mostly carry the path alone. */
final class Reasons {

  private Reasons() {}

  static String of(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (failure instanceof NotDirectoryException) {
      return "not a directory";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "something is there already";
    }
    if (failure instanceof FileSystemLoopException) {
      return "too many links";
    }
    String reason =
        failure instanceof FileSystemException named ? named.getReason() : failure.getMessage();
    return orName(reason, failure);
  }

  /** Whether a part of a snapshot cannot be read, while the rest can. */
  static boolean isBrokenContent(BackupException failure) {
    return failure.kind() == BackupException.Kind.DAMAGED
        || failure.kind() == BackupException.Kind.MISSING;
  }

  /**
   * The JDK closes a channel under an interrupted thread; that is a cancelled run, not a bad file.
   */
  static void throwIfInterrupted(IOException failure) throws InterruptedException {
    if (failure instanceof ClosedByInterruptException || Thread.currentThread().isInterrupted()) {
      InterruptedException interrupted = new InterruptedException("The run was cancelled");
      interrupted.initCause(failure);
      throw interrupted;
    }
  }

  private static String orName(@Nullable String reason, IOException failure) {
    return reason == null || reason.isBlank() ? failure.getClass().getSimpleName() : reason;
  }
}
