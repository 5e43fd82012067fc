package dev.copperplate.backup.testkit;

import dev.copperplate.backup.Content;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Streams that hand out small pieces. */
record Trickling(int most) implements Fault {

  Trickling {
    if (most < 1) {
      throw new IllegalArgumentException("Nothing would pass: " + most);
    }
  }

  @Override
  public Content content(Operation operation, Content content) {
    return new Content() {
      @Override
      public long length() {
        return content.length();
      }

      @Override
      public InputStream open() throws IOException {
        return stream(operation, content.open());
      }
    };
  }

  @Override
  public InputStream stream(Operation operation, InputStream stream) {
    return new FilterInputStream(stream) {
      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return super.read(bytes, offset, Math.min(length, most));
      }
    };
  }
}
