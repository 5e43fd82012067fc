package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.kafka.batch.BatchBuilder;
import dev.copperplate.backup.kafka.batch.BatchRecord;
import dev.copperplate.backup.kafka.batch.Codec;
import dev.copperplate.backup.kafka.batch.Numbering;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Records of a batch that cannot go out as it is.
 *
 * @param all in the order of their offsets, at least one
 */
record BuiltPortion(List<BatchRecord> all, Codec codec) implements Portion {

  @Override
  public int records() {
    return all.size();
  }

  @Override
  public long firstOffset() {
    return all.get(0).offset();
  }

  @Override
  public void map(OffsetRuns map, long destination) throws IOException {
    long next = destination;
    for (BatchRecord each : all) {
      map.add(each.offset(), next++, 1);
    }
  }

  @Override
  public ByteBuffer batch(Numbering numbering) {
    BatchBuilder builder = new BatchBuilder(numbering).codec(codec).limit(Integer.MAX_VALUE);
    long next = numbering.baseOffset();
    for (BatchRecord each : all) {
      builder.add(
          new BatchRecord(next++, each.timestamp(), each.key(), each.value(), each.headers()));
    }
    return builder.build();
  }

  @Override
  public boolean isUntouched() {
    return false;
  }

  @Override
  public List<Portion> parts() {
    int half = all.size() / 2;
    return half == 0
        ? List.of()
        : List.of(
            new BuiltPortion(all.subList(0, half), codec),
            new BuiltPortion(all.subList(half, all.size()), codec));
  }
}
