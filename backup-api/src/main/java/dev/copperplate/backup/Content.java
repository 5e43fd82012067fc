package dev.copperplate.backup;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Bytes to be stored. Can be read again from the start, because an upload may be tried again. */
public interface Content {

  /** How many bytes {@link #open} yields. */
  long length();

  /** The bytes from the start. The caller closes the stream. */
  InputStream open() throws IOException;

  /** Content in memory; the array is not copied and must not change. */
  static Content of(byte[] bytes) {
    return new Content() {
      @Override
      public long length() {
        return bytes.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }
    };
  }
}
