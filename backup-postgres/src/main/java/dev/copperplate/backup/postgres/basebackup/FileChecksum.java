package dev.copperplate.backup.postgres.basebackup;

/** The sum of one file while it passes. Not thread-safe. */
public interface FileChecksum {

  void update(byte[] bytes, int from, int length);

  /** The sum as the manifest writes it: lower-case hexadecimal digits. Called once, at the end. */
  String hex();
}
