package dev.copperplate.backup.kafka.batch;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalInt;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import net.jpountz.xxhash.XXHashFactory;
import org.xerial.snappy.SnappyOutputStream;

/**
 * How the records of new batches are compressed.
 *
 * @param level as the library of the codec numbers them; empty for Kafka's own default
 */
record Compression(Codec codec, OptionalInt level) {

  private static final int ZSTD_DEFAULT = 3;

  Compression {
    if (codec == Codec.UNKNOWN) {
      throw new IllegalArgumentException("Nothing can be compressed by an unknown codec");
    }
  }

  /** A stream whose end ends the one below. */
  OutputStream onto(OutputStream out) throws IOException {
    return switch (codec) {
      case NONE, UNKNOWN -> out;
      case GZIP -> new Gzip(out, level);
      case SNAPPY -> new SnappyOutputStream(out);
      case LZ4 -> lz4(out);
      case ZSTD -> new ZstdOutputStreamNoFinalizer(out, level.orElse(ZSTD_DEFAULT));
    };
  }

  private OutputStream lz4(OutputStream out) throws IOException {
    LZ4Factory factory = LZ4Factory.fastestInstance();
    LZ4Compressor compressor =
        level.isPresent() ? factory.highCompressor(level.getAsInt()) : factory.fastCompressor();
    return new LZ4FrameOutputStream(
        out,
        BLOCKSIZE.SIZE_64KB,
        -1,
        compressor,
        XXHashFactory.fastestInstance().hash32(),
        FLG.Bits.BLOCK_INDEPENDENCE);
  }

  private static final class Gzip extends GZIPOutputStream {

    Gzip(OutputStream out, OptionalInt level) throws IOException {
      super(out, 8192);
      level.ifPresent(def::setLevel);
    }
  }
}
