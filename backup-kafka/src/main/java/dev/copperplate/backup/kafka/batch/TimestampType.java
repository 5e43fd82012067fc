package dev.copperplate.backup.kafka.batch;

/** Whose clock the timestamps of a batch are from. */
public enum TimestampType {
  /** Each record has the one that its producer gave it. */
  CREATE_TIME,
  /** All records have that of the broker, which is the greatest timestamp of the batch. */
  LOG_APPEND_TIME
}
