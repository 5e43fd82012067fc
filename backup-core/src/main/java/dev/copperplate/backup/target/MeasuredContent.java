package dev.copperplate.backup.target;

import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Content;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a content and holds it to its length. Its failures are told apart from those of the disk
 * that it is written to: "no space left" where the content is read says nothing about the target.
 */
final class MeasuredContent implements Closeable {

  private final Content content;
  private final InputStream in;
  private long seen;

  MeasuredContent(Content content) throws Failure {
    this.content = content;
    try {
      this.in = content.open();
    } catch (IOException e) {
      throw new Failure(e);
    }
  }

  /** Reads some bytes; -1 at the end. */
  int read(byte[] buffer) throws IOException {
    int count = readSome(buffer);
    seen += Math.max(count, 0);
    if (seen > content.length() || (count < 0 && seen < content.length())) {
      throw new Refusal(
          Kind.INVALID,
          "the content that says it has "
              + content.length()
              + " bytes yields "
              + (count < 0 ? "only " + seen : "more"));
    }
    return count;
  }

  private int readSome(byte[] buffer) throws Failure {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw new Failure(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      in.close();
    } catch (IOException e) {
      throw new Failure(e);
    }
  }

  /** Carries what the content threw past the explanations for disks. */
  static final class Failure extends IOException {

    private static final long serialVersionUID = 1;

    private final IOException original;

    Failure(IOException original) {
      super(original);
      this.original = original;
    }

    /** What the content threw, with what went wrong while that was cleared up. */
    IOException original() {
      for (Throwable suppressed : getSuppressed()) {
        original.addSuppressed(suppressed);
      }
      return original;
    }
  }
}
