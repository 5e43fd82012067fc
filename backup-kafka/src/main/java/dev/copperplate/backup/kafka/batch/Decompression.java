package dev.copperplate.backup.kafka.batch;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.copperplate.backup.BackupException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHashFactory;

/** Opens what is stored of the records of a batch as a stream of plain bytes. */
final class Decompression {

  private Decompression() {}

  /** Bounds what is decompressed; memory outside of the heap is at most that of zstd's windows. */
  static PayloadInput open(Batch batch, BatchLimits limits) throws BackupException {
    try {
      return new PayloadInput(batch, plain(batch, limits), limits);
    } catch (BackupException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw PayloadInput.unreadable(batch, e);
    }
  }

  private static InputStream plain(Batch batch, BatchLimits limits) throws IOException {
    ByteBuffer payload = batch.payload();
    return switch (batch.codec()) {
      case NONE -> new BufferInput(payload);
      case GZIP -> new GzipInput(payload);
      case SNAPPY -> new SnappyInput(payload, limits.decompressedBytes());
      case LZ4 -> new Lz4Frame(new BufferInput(payload));
      case ZSTD -> new ZstdInputStreamNoFinalizer(new BufferInput(payload));
      case UNKNOWN ->
          throw new BackupException(
              BackupException.Kind.UNSUPPORTED,
              batch
                  + " is compressed in a way that is not known here; a newer version may be able to");
    };
  }

  /**
   * One frame, as Kafka writes it. With several, the library takes up to 8 MiB of memory for each
   * that begins.
   */
  private static final class Lz4Frame extends FilterInputStream {

    private final BufferInput compressed;

    Lz4Frame(BufferInput compressed) throws IOException {
      super(
          new LZ4FrameInputStream(
              compressed, Lz4.DECOMPRESSOR, XXHashFactory.fastestInstance().hash32(), true));
      this.compressed = compressed;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int some = super.read(target, offset, length);
      if (some < 0 && compressed.available() > 0) {
        throw new IOException(compressed.available() + " bytes follow the LZ4 frame");
      }
      return some;
    }
  }

  /** Loaded where LZ4 is met. */
  private static final class Lz4 {

    static final LZ4SafeDecompressor DECOMPRESSOR = decompressor();

    /**
     * Not the library's fastest: without native code that would be one which hostile bytes lead out
     * of its buffers (CVE-2025-12183).
     */
    private static LZ4SafeDecompressor decompressor() {
      try {
        return LZ4Factory.nativeInstance().safeDecompressor();
      } catch (LinkageError | AssertionError noNativeCode) {
        return LZ4Factory.safeInstance().safeDecompressor();
      }
    }
  }
}
