package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.kafka.batch.Numbering;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Records that go out in one batch, if the destination takes it. Valid until the next one is asked
 * for.
 */
interface Portion {

  /** How many records. */
  int records();

  /** The offset of its first record in the source. */
  long firstOffset();

  /** Notes where its records went, beginning with an offset of the destination. */
  void map(OffsetRuns map, long destination) throws IOException;

  /** The batch. */
  ByteBuffer batch(Numbering numbering) throws IOException;

  /** Whether the stored batch goes out as it is. */
  boolean isUntouched();

  /**
   * The same records in smaller portions, always cut at the same places; none if it cannot be cut.
   */
  List<Portion> parts() throws IOException;
}
