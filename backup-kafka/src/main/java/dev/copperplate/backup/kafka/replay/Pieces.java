package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.kafka.batch.BatchHeader;
import dev.copperplate.backup.kafka.batch.BatchRecord;
import dev.copperplate.backup.kafka.batch.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gathers records into portions of a bounded size. Where they are cut depends on the records alone,
 * and so does the memory that a batch takes which decompresses to much.
 */
final class Pieces {

  /** Of a portion, before it is compressed; a single record may be larger. */
  private static final long BYTES = 8L << 20;

  private static final int OVERHEAD = 48;

  private final Codec codec;
  private List<BatchRecord> gathered = new ArrayList<>();
  private long bytes;

  Pieces(Codec codec) {
    this.codec = codec;
  }

  /** Takes a record in; gives the portion that it does not fit into any more. */
  Optional<Portion> add(BatchRecord record) {
    long size = size(record);
    Optional<Portion> full = bytes + size > BYTES ? rest() : Optional.empty();
    gathered.add(record);
    bytes += size;
    return full;
  }

  /** What was gathered since; empty if nothing. */
  Optional<Portion> rest() {
    if (gathered.isEmpty()) {
      return Optional.empty();
    }
    Portion portion = new BuiltPortion(gathered, codec);
    gathered = new ArrayList<>();
    bytes = 0;
    return Optional.of(portion);
  }

  private static long size(BatchRecord record) {
    long size = OVERHEAD + length(record.key()) + length(record.value());
    for (BatchHeader each : record.headers()) {
      size += OVERHEAD + length(each.nameBytes()) + length(each.value());
    }
    return size;
  }

  private static long length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
