package dev.copperplate.backup.kafka.batch;

/** How the records of a batch are compressed. */
public enum Codec {
  NONE(0),
  GZIP(1),
  /** In the frames of snappy-java, as Java writes it, or as one raw block, as librdkafka does. */
  SNAPPY(2),
  /** The LZ4 frame format with independent blocks. */
  LZ4(3),
  ZSTD(4),
  /** An id that is not known here: such batches are carried, but not decoded. */
  UNKNOWN(-1);

  private static final Codec[] BY_ID = {NONE, GZIP, SNAPPY, LZ4, ZSTD};

  private final int id;

  Codec(int id) {
    this.id = id;
  }

  /** Its number in the attributes of a batch; -1 for {@link #UNKNOWN}. */
  public int id() {
    return id;
  }

  static Codec of(int id) {
    return id < BY_ID.length ? BY_ID[id] : UNKNOWN;
  }
}
