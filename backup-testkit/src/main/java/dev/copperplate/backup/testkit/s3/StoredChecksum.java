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

  String type() {
    return whole ? "FULL_OBJECT" : "COMPOSITE";
  }
}
