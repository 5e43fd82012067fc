package dev.copperplate.backup.kafka.batch;

/**
 * What a batch may ask for, whatever its bytes claim. More than that is taken for damage.
 *
 * @param batchBytes the longest batch, as it is stored
 * @param recordBytes the longest record, decompressed; each header counts 32 bytes more
 * @param decompressedBytes all records of a batch together, decompressed; they are never in memory
 *     together, except those of Snappy's raw form
 */
public record BatchLimits(int batchBytes, int recordBytes, long decompressedBytes) {

  private static final int MEBIBYTE = 1 << 20;

  /** 128 MiB for a batch and for a record, 4 GiB for all records of a batch. */
  public static final BatchLimits DEFAULT =
      new BatchLimits(128 * MEBIBYTE, 128 * MEBIBYTE, 4096L * MEBIBYTE);

  public BatchLimits {
    if (batchBytes < BatchFormat.RECORDS || recordBytes < 1 || decompressedBytes < 1) {
      throw new IllegalArgumentException(
          "No batch has only " + batchBytes + ", " + recordBytes + ", " + decompressedBytes);
    }
  }
}
