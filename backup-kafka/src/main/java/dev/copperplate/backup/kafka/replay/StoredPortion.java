package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.BatchRecord;
import dev.copperplate.backup.kafka.batch.Numbering;
import dev.copperplate.backup.kafka.batch.Records;
import dev.copperplate.backup.kafka.batch.Renumbered;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A stored batch without gaps, still compressed. */
record StoredPortion(Batch stored) implements Portion {

  @Override
  public int records() {
    return stored.records();
  }

  @Override
  public long firstOffset() {
    return stored.baseOffset();
  }

  @Override
  public void map(OffsetRuns map, long destination) throws IOException {
    map.add(stored.baseOffset(), destination, stored.records());
  }

  @Override
  public ByteBuffer batch(Numbering numbering) throws IOException {
    return Renumbered.copy(stored, numbering);
  }

  @Override
  public boolean isUntouched() {
    return true;
  }

  /** A single piece would be as long as the whole, so it is cut at once. */
  @Override
  public List<Portion> parts() throws IOException {
    List<Portion> parts = new ArrayList<>();
    try (Records records = Records.of(stored)) {
      Pieces pieces = new Pieces(stored.codec());
      for (BatchRecord each = records.next(); each != null; each = records.next()) {
        pieces.add(each).ifPresent(parts::add);
      }
      pieces.rest().ifPresent(parts::add);
    }
    return parts.size() == 1 ? parts.get(0).parts() : parts;
  }
}
