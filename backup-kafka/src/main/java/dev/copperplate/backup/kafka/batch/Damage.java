package dev.copperplate.backup.kafka.batch;

import dev.copperplate.backup.BackupException;
import org.jspecify.annotations.Nullable;

/** What is said of batches that break the format. The caller knows the topic and the partition. */
final class Damage {

  private Damage() {}

  static BackupException of(long baseOffset, String what) {
    return of(baseOffset, what, null);
  }

  static BackupException of(long baseOffset, String what, @Nullable Throwable cause) {
    return new BackupException(
        BackupException.Kind.DAMAGED, "Batch at offset " + baseOffset + ": " + what, cause);
  }
}
