package dev.copperplate.benchmarks.stages;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.util.Arrays;

/**
 * Content that is cut already: pieces of the size that chunks have on average, together more than
 * the caches of a processor core hold.
 */
final class Pieces {

  /** Bytes of a piece: 1.5 MiB. */
  static final int SIZE = 3 << 19;

  /** How many. */
  static final int COUNT = 8;

  /** Bytes of all of them: 12 MiB. */
  static final int BYTES = COUNT * SIZE;

  private Pieces() {}

  static byte[][] of(DataKind kind) {
    byte[] all = kind.bytes(BYTES);
    byte[][] pieces = new byte[COUNT][];
    for (int i = 0; i < COUNT; i++) {
      pieces[i] = Arrays.copyOfRange(all, i * SIZE, (i + 1) * SIZE);
    }
    return pieces;
  }

  /** A zstd context of the settings that the engine uses. The caller closes it. */
  static ZstdCompressCtx compressor(int level) {
    return new ZstdCompressCtx().setLevel(level).setChecksum(false).setContentSize(true);
  }

  /** What the engine stores of a piece before it is sealed: the piece itself, if no smaller. */
  static byte[] stored(ZstdCompressCtx compressor, byte[] piece) {
    byte[] room = room();
    int size = compressor.compressByteArray(room, 0, room.length, piece, 0, piece.length);
    return size < piece.length ? Arrays.copyOf(room, size) : piece;
  }

  /** The part of its bytes that is stored of a kind of data: 1 if it does not get smaller. */
  static double storedShare(DataKind kind, int level) {
    long stored = 0;
    try (ZstdCompressCtx compressor = compressor(level)) {
      for (byte[] each : of(kind)) {
        stored += stored(compressor, each).length;
      }
    }
    return (double) stored / BYTES;
  }

  /** Room for what any piece is compressed to. */
  static byte[] room() {
    return new byte[Math.toIntExact(Zstd.compressBound(SIZE))];
  }
}
