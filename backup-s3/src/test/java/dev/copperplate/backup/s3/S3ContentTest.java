package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class S3ContentTest {

  private static final byte[] BYTES = bytes(200_000);

  private int closed;

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i >> 8 ^ i);
    }
    return bytes;
  }

  /** One that says another length than it has, and fails as it is closed. */
  private final class Odd implements Content {

    private final long said;

    Odd(long said) {
      this.said = said;
    }

    @Override
    public long length() {
      return said;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(BYTES) {
        @Override
        public void close() throws IOException {
          closed++;
          throw new IOException("It does not close");
        }
      };
    }
  }

  @Test
  void skippingIsReading() throws IOException {
    try (S3Content content = new S3Content(Content.of(BYTES));
        InputStream in = content.newStream()) {
      assertEquals(0, in.skip(-1));
      assertEquals(0, in.skip(0));
      in.skipNBytes(150_000);
      assertArrayEquals(Arrays.copyOfRange(BYTES, 150_000, 200_000), in.readAllBytes());
      assertEquals(0, in.skip(1));
    }
  }

  @Test
  void skippingDoesNotHideThatAContentHasAnotherLength() {
    for (long said : new long[] {199_999, 200_001}) {
      S3Content content = new S3Content(new Odd(said));
      InputStream in = content.newStream();
      BackupException wrong = assertThrows(BackupException.class, () -> in.skipNBytes(said));
      assertEquals(Kind.INVALID, wrong.kind());
      assertSame(wrong, content.failure());
    }
  }

  @Test
  void everyStreamIsClosedOnceAlsoIfOneDoesNotClose() {
    S3Content content = new S3Content(new Odd(200_000));
    InputStream first = content.newStream();
    content.newStream();
    content.newStream();
    assertThrows(IOException.class, first::close);
    assertEquals(1, closed);
    assertThrows(IOException.class, content::close);
    assertEquals(3, closed);
  }
}
