package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.kafka.batch.BatchBuilder;
import dev.copperplate.backup.kafka.batch.BatchRecord;
import dev.copperplate.backup.kafka.batch.Codec;
import dev.copperplate.backup.kafka.batch.Numbering;
import java.nio.ByteBuffer;
import java.util.List;

/** Records without content, which take up offsets. */
record EmptyPortion(int records) implements Portion {

  /** As many as stay below the usual largest batch before they are compressed. */
  static final int MOST = 50_000;

  @Override
  public long firstOffset() {
    return -1;
  }

  @Override
  public void map(OffsetRuns map, long destination) {
    // No record of the source is among them.
  }

  @Override
  public ByteBuffer batch(Numbering numbering) {
    BatchBuilder builder = new BatchBuilder(numbering).codec(Codec.GZIP).limit(Integer.MAX_VALUE);
    for (int i = 0; i < records; i++) {
      builder.add(new BatchRecord(numbering.baseOffset() + i, -1, null, null, List.of()));
    }
    return builder.build();
  }

  @Override
  public boolean isUntouched() {
    return false;
  }

  @Override
  public List<Portion> parts() {
    int half = records / 2;
    return half == 0
        ? List.of()
        : List.of(new EmptyPortion(half), new EmptyPortion(records - half));
  }
}
