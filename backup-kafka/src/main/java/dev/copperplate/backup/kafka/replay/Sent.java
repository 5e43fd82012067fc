package dev.copperplate.backup.kafka.replay;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * What went into a partition, all attempts together.
 *
 * @param records without padding
 * @param bytes of the batches that the last attempt sent
 * @param untouched batches as they are stored
 * @param rebuilt batches that were built anew
 * @param filtered records that times or a transform left out
 */
record Sent(long records, long bytes, long untouched, long rebuilt, long filtered) {

  static final Sent NOTHING = new Sent(0, 0, 0, 0, 0);

  Sent plus(Sent other) {
    return new Sent(
        records + other.records,
        bytes + other.bytes,
        untouched + other.untouched,
        rebuilt + other.rebuilt,
        filtered + other.filtered);
  }

  Map<String, Object> values() {
    return Map.of(
        "records",
        records,
        "bytes",
        bytes,
        "untouched",
        untouched,
        "rebuilt",
        rebuilt,
        "filtered",
        filtered);
  }

  static Optional<Sent> of(JournalFile file) throws IOException {
    if (!file.has("records")) {
      return Optional.empty();
    }
    return Optional.of(
        new Sent(
            file.number("records"),
            file.number("bytes"),
            file.number("untouched"),
            file.number("rebuilt"),
            file.number("filtered")));
  }
}
