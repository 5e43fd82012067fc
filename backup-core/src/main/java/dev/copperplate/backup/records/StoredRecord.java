package dev.copperplate.backup.records;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A record that was read: authenticated, and found where it was put.
 *
 * @param key its place
 * @param body what it says, in the JSON of its kind
 * @param signature of the body's UTF-8 bytes; null if it is not signed
 */
public record StoredRecord(RecordKey key, String body, byte @Nullable [] signature) {

  /** The bytes of the body: what a signature stands for, and a parser reads. */
  public byte[] utf8() {
    return body.getBytes(StandardCharsets.UTF_8);
  }
}
