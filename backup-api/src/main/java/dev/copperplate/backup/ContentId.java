package dev.copperplate.backup;

/**
 * What a snapshot holds: the hash of its root tree. Changes when the content is rewritten, so
 * proofs are bound to it.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record ContentId(String hex) {

  public ContentId {
    if (!SnapshotId.HASH.matcher(hex).matches()) {
      throw new IllegalArgumentException("A content id is 64 hexadecimal digits: " + hex);
    }
  }

  @Override
  public String toString() {
    return hex;
  }
}
