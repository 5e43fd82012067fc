package dev.copperplate.backup.postgres.basebackup;

/**
 * How the server sums up the files of a base backup; the names are those of {@code
 * MANIFEST_CHECKSUMS}.
 */
public enum ChecksumAlgorithm {
  NONE(""),
  CRC32C(""),
  SHA224("SHA-224"),
  SHA256("SHA-256"),
  SHA384("SHA-384"),
  SHA512("SHA-512");

  private final String digest;

  ChecksumAlgorithm(String digest) {
    this.digest = digest;
  }

  /** Begins the sum of one file. */
  public FileChecksum begin() {
    return switch (this) {
      case NONE -> new NoChecksum();
      case CRC32C -> new CrcChecksum();
      default -> new DigestChecksum(digest);
    };
  }
}
