package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Content;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ContentStreamProvider;

/**
 * A content while it is sent. Holds it to its length, before its last byte is given away, so that
 * the store never has all of something else. Remembers how it failed, which tells apart whether the
 * content or the store broke, and closes what the SDK opened. For one thread.
 */
final class S3Content implements ContentStreamProvider, AutoCloseable {

  private static final int BUFFER = 64 * 1024;

  private final Content content;
  private final List<InputStream> opened = new ArrayList<>();
  private @Nullable IOException failure;

  S3Content(Content content) {
    this.content = content;
  }

  long length() {
    return content.length();
  }

  /** How the content failed; null if it did not. */
  @Nullable IOException failure() {
    return failure;
  }

  /** Reads the whole content once. */
  byte[] md5() throws IOException {
    try (InputStream in = measured()) {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER, length()))];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        md5.update(buffer, 0, count);
      }
      return md5.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has MD5", e);
    }
  }

  @Override
  public InputStream newStream() {
    try {
      InputStream stream = measured();
      opened.add(stream);
      return stream;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private InputStream measured() throws IOException {
    try {
      return new Measured(content.open());
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    IOException failed = null;
    for (InputStream each : opened) {
      try {
        each.close();
      } catch (IOException e) {
        failed = failed == null ? e : failed;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }

  /** Gives the last bytes away only when it is certain that they are the last. */
  private final class Measured extends FilterInputStream {

    private long left = length();
    private boolean closed;

    Measured(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      try {
        if (count == 0) {
          return 0;
        }
        int got = left == 0 ? -1 : in.read(bytes, offset, (int) Math.min(count, left));
        left -= Math.max(got, 0);
        if (got < 0 && left > 0) {
          throw wrongLength("ends " + left + " bytes before that");
        }
        if (left == 0 && in.read() >= 0) {
          throw wrongLength("yields more");
        }
        return got;
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    private BackupException wrongLength(String what) {
      return new BackupException(
          Kind.INVALID, "The content that says it has " + length() + " bytes " + what);
    }

    @Override
    public long skip(long count) throws IOException {
      return readNBytes((int) Math.max(0, Math.min(count, BUFFER))).length;
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    /** The SDK may have closed it. */
    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        super.close();
      }
    }
  }
}
