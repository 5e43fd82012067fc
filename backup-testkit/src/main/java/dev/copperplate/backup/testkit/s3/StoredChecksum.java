package dev.copperplate.backup.testkit.s3;

/**
 * A checksum of an object.
 *
 * @param whole of the whole object (FULL_OBJECT); else of the checksums of its parts (COMPOSITE)
 */
record StoredChecksum(ChecksumAlgorithm algorithm, String value, boolean whole) {

  static StoredChecksum of(ChecksumAlgorithm algorithm, byte[] content) {
    return new StoredChecksum(algorithm, algorithm.of(content), true);
  }

  /** What S3 computes where none was given, since December 2024. */
  static StoredChecksum unasked(byte[] content) {
    return of(ChecksumAlgorithm.CRC64NVME, content);
  }

  void addTo(Response response) {
    response.header(algorithm.header(), value).header("x-amz-checksum-type", type());
  }

  String type() {
    return whole ? "FULL_OBJECT" : "COMPOSITE";
  }
}
