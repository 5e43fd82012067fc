package dev.copperplate.backup.kafka.transport;

import java.nio.ByteBuffer;
import org.apache.kafka.common.memory.MemoryPool;

/**
 * Refuses memory to answers that are larger than any that is waited for. The selector has a limit
 * itself, but closes the connection without saying why.
 */
final class AnswerBound implements MemoryPool {

  private int limit;
  private int refused;

  void limit(int bytes) {
    limit = bytes;
  }

  /** The size of the answer that was refused since this was asked last; 0 if none was. */
  int takeRefused() {
    int size = refused;
    refused = 0;
    return size;
  }

  @Override
  public ByteBuffer tryAllocate(int size) {
    if (size > limit) {
      refused = size;
      throw new IllegalStateException(
          "An answer of " + size + " bytes where at most " + limit + " are expected");
    }
    return ByteBuffer.allocate(size);
  }

  @Override
  public void release(ByteBuffer previous) {
    // Left to the collector: answers outlive their receiving.
  }

  @Override
  public long size() {
    return Long.MAX_VALUE;
  }

  @Override
  public long availableMemory() {
    return Long.MAX_VALUE;
  }

  @Override
  public boolean isOutOfMemory() {
    return false;
  }
}
